/* ask_robots.c - see ask_robots.h. The exchange is not stored: it is no page. */
#include "ask_robots.h"

#include <stdio.h>
#include <string.h>

enum { REDIRECTS = 5 };

static void take_data(struct fetch *fetch, struct span data)
{
    struct ask_robots *self = fetch->arg;
    size_t room = ROBOTS_BYTES > self->body.n ? ROBOTS_BYTES - self->body.n : 0;

    text_add(&self->body, data.at, data.n < room ? data.n : room);
}

static struct coro *one_fetch(struct ask_robots *self)
{
    struct coro *co = fetch(self->fetch, self->settings, &self->url);

    text_free(&self->body);
    self->fetch->on_data = take_data;
    self->fetch->arg = self;
    return co;
}

/* Move on to where the answer redirects; false: there is nowhere to go. */
static bool follow(struct ask_robots *self)
{
    const char *location = self->fetch->location;
    struct url base = self->url;

    return fetch_redirects(self->fetch) && ++self->redirects <= REDIRECTS &&
           url_parse(&self->url, location, strlen(location), &base) == 0 &&
           !url_is_https(&self->url);
}

static void cannot_be_had(struct host *host, int error, const char *why)
{
    host->robots_error = error;
    if (error > 0)
        snprintf(host->robots_why, ROBOTS_WHY_MAX, "robots.txt: %s", why);
    else
        snprintf(host->robots_why, ROBOTS_WHY_MAX, "robots.txt: status %d", -error);
}

static void conclude(struct ask_robots *self, int err)
{
    struct robots *robots = &self->host->robots;
    int status = self->fetch->status;

    if (err == 0 && status == 200) {
        robots_parse(robots, self->body.at, self->body.n, self->settings->user_agent);
    } else if (err != 0 || status >= 500) {
        *robots = robots_forbid_all;
        cannot_be_had(self->host, err != 0 ? err : -status, self->fetch->why);
    } else {
        *robots = robots_allow_all;
    }
}

static co_status ask_robots_body(struct coro *co)
{
    struct ask_robots *self = co_self(co, struct ask_robots);
    int err;

    ASYNC (co) {
        for (;;) {
            AWAIT_CATCH(err, one_fetch(self));
            if (err == 0 && follow(self))
                continue;
            if ((err == 0 && self->fetch->status < 500) || self->attempt >= self->retries)
                break;
            AWAIT(async_sleep(&self->sleep, 0.5 * (1 << self->attempt++)));
        }
        conclude(self, err);

    FINALLY:
        text_free(&self->body);
    }
    return co_done(co);
}

struct coro *ask_robots(struct ask_robots *self, struct host *host, struct fetch *fetch,
                        const struct fetch_settings *settings, int retries)
{
    static const char path[] = "/robots.txt";

    self->host = host;
    self->fetch = fetch;
    self->settings = settings;
    self->retries = retries;
    self->attempt = self->redirects = 0;
    self->body = (struct text){ .n = 0 };
    url_parse(&self->url, path, sizeof path - 1, &host->origin);
    return co_init(&self->co, ask_robots_body);
}
