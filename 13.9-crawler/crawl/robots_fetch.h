/*
 * robots_fetch.h - fetches a host's robots.txt and keeps its rules in the struct host.
 *
 *     AWAIT(robots_fetch(&self->robots, host, &self->fetch, &settings, retries));
 *
 * Next: worker.h.
 */
#ifndef ROBOTS_FETCH_H
#define ROBOTS_FETCH_H

#include "frontier.h"
#include "session.h"
#include "sleep.h"

struct robots_fetch {
    struct coro co;
    struct host *host;
    struct fetch *fetch; /* the caller's, used for the exchange */
    const struct fetch_settings *settings;
    int retries, attempts; /* the limit, and the requests made so far */
    struct url url;
    struct session_request request;
    struct text body;
    struct async_sleep sleep;
};

/* Fills host->robots (RFC 9309 2.3.1). Follows up to five redirects, to any host. A file
 * that does not exist (4xx), or whose redirects do not lead to a response, allows
 * everything. A file that is unreachable (5xx or a network failure) after `retries`
 * further attempts, or that cannot be decoded, forbids everything, and host->robots_error
 * tells why. The exchange is not stored: settings->store must be NULL. A failed exchange
 * is not raised as an error. */
struct coro *robots_fetch(struct robots_fetch *self, struct host *host,
                          struct fetch *fetch, const struct fetch_settings *settings,
                          int retries);

#endif
