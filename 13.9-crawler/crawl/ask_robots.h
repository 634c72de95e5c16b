/* ask_robots.h - fetch a host's robots.txt and keep its rules. Next: worker.c. */
#ifndef ASK_ROBOTS_H
#define ASK_ROBOTS_H

#include "frontier.h"
#include "session.h"
#include "sleep.h"

struct ask_robots {
    struct coro co;
    struct host *host;
    struct fetch *fetch; /* the caller's frame to fetch with */
    const struct fetch_settings *settings;
    int retries, attempt;
    struct url url;
    struct session_request request;
    struct text body;
    struct async_sleep sleep;
};

/* RFC 9309 2.3.1: fill host->robots. A file that is not there (4xx) allows everything; one
 * that cannot be had (5xx, network failure, after `retries`) forbids it, with
 * host->robots_error saying why. Up to five redirects are followed, wherever they lead. */
struct coro *ask_robots(struct ask_robots *self, struct host *host, struct fetch *fetch,
                        const struct fetch_settings *settings, int retries);

#endif
