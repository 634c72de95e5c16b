/* ask_robots.c - see ask_robots.h. The exchange is not stored: it is no page. */
#include "ask_robots.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "retry.h"

enum { REDIRECTS = 5 };

static void take_data(struct session_request *request, struct span data)
{
    struct ask_robots *self = request->arg;
    size_t room = ROBOTS_BYTES > self->body.n ? ROBOTS_BYTES - self->body.n : 0;

    text_add(&self->body, data.at, data.n < room ? data.n : room);
}

static struct coro *one_attempt(struct ask_robots *self)
{
    struct coro *co = session_request(&self->request, self->settings, self->fetch, "GET",
                                      &self->url, "Accept: */*\r\n" CONTENT_ACCEPT,
                                      (struct span){ "", 0 }, REDIRECTS);

    text_free(&self->body);
    self->request.on_data = take_data;
    self->request.arg = self;
    return co;
}

/* A redirect that leads nowhere: to RFC 9309 2.3.1.2 the file is not there. */
static bool leads_nowhere(int err)
{
    return err == ELOOP || err == EPROTO || err == EPROTONOSUPPORT;
}

static bool may_pass(const struct ask_robots *self, int err)
{
    return err != 0 ? retry_may_help(err, 0) : self->fetch->status >= 500;
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

    if (err == 0 && status == 200 && self->fetch->content.why != NULL)
        err = AIO_BAD_MESSAGE; /* it cannot be read as a whole */
    if (err == 0 && status == 200) {
        robots_parse(robots, self->body.at, self->body.n, self->settings->user_agent);
    } else if (err != 0 ? !leads_nowhere(err) : status >= 500) {
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
            AWAIT_CATCH(err, one_attempt(self));
            if (!may_pass(self, err) || self->attempt >= self->retries)
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
    self->attempt = 0;
    self->body = (struct text){ .n = 0 };
    url_parse(&self->url, path, sizeof path - 1, &host->origin);
    return co_init(&self->co, ask_robots_body);
}
