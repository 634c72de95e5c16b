/* robots_fetch.c - requests robots.txt until there is a result. Next: robots.c. */
#include "robots_fetch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "retry.h"

enum { REDIRECTS = 5 };

static void take_data(struct session_request *request, struct span data)
{
    struct robots_fetch *self = request->arg;
    size_t room = ROBOTS_BYTES > self->body.n ? ROBOTS_BYTES - self->body.n : 0;

    text_add(&self->body, data.at, data.n < room ? data.n : room);
}

static struct coro *one_attempt(struct robots_fetch *self)
{
    struct coro *co = session_request(&self->request, self->settings, self->fetch, "GET",
                                      &self->url, "Accept: */*\r\n" CONTENT_ACCEPT,
                                      (struct span){ "", 0 }, REDIRECTS);

    self->attempts++;
    text_free(&self->body);
    self->request.on_data = take_data;
    self->request.arg = self;
    return co;
}

/* Returns true for the error of a redirect that does not lead to a response. The file
 * then counts as not existing (RFC 9309 2.3.1.2). */
static bool is_bad_redirect(int err)
{
    return err == ELOOP || err == EPROTO || err == EPROTONOSUPPORT;
}

/* Any 5xx may be temporary (RFC 9309 2.3.1.4), and no other status is. */
static double delay_before_next(const struct robots_fetch *self, int err)
{
    int status = self->fetch->status >= 500 ? 503 : 404;

    if (self->attempts > self->retries)
        return RETRY_NEVER;
    return retry_decide(self->attempts, err, status, -1);
}

static void set_unreachable(struct host *host, int error, const char *why)
{
    host->robots_error = error;
    if (error > 0)
        snprintf(host->robots_why, ROBOTS_WHY_MAX, "robots.txt: %s", why);
    else
        snprintf(host->robots_why, ROBOTS_WHY_MAX, "robots.txt: status %d", -error);
}

static void conclude(struct robots_fetch *self, int err)
{
    struct robots *robots = &self->host->robots;
    int status = self->fetch->status;

    if (err == 0 && status == 200 && self->fetch->content.why != NULL)
        err = AIO_BAD_MESSAGE; /* the body cannot be decoded as a whole */
    if (err == 0 && status == 200) {
        robots_parse(robots, self->body.at, self->body.n, self->settings->user_agent);
    } else if (err != 0 ? !is_bad_redirect(err) : status >= 500) {
        *robots = robots_forbid_all;
        set_unreachable(self->host, err != 0 ? err : -status, self->fetch->why);
    } else {
        *robots = robots_allow_all;
    }
}

static co_status robots_fetch_coroutine(struct coro *co)
{
    struct robots_fetch *self = co_self(co, struct robots_fetch);
    double delay;
    int err;

    ASYNC (co) {
        for (;;) {
            AWAIT_CATCH(err, one_attempt(self));
            delay = delay_before_next(self, err);
            if (delay < 0)
                break;
            AWAIT(async_sleep(&self->sleep, delay));
        }
        conclude(self, err);

    FINALLY:
        text_free(&self->body);
    }
    return co_done(co);
}

struct coro *robots_fetch(struct robots_fetch *self, struct host *host,
                          struct fetch *fetch, const struct fetch_settings *settings,
                          int retries)
{
    static const char path[] = "/robots.txt";

    self->host = host;
    self->fetch = fetch;
    self->settings = settings;
    self->retries = retries;
    self->attempts = 0;
    self->body = (struct text){ .n = 0 };
    url_parse(&self->url, path, sizeof path - 1, &host->origin);
    return co_init(&self->co, robots_fetch_coroutine);
}
