/*
 * session.h - makes a request and follows its redirects, like aiohttp's ClientSession.
 *
 *     AWAIT(session_get(&self->get, settings, &self->fetch, &url));
 *     ... self->fetch.status, self->get.redirect.url ...
 *
 * The crawl of pages does not use it: there each redirect is a page of its own. Next:
 * robots_fetch.h.
 */
#ifndef SESSION_H
#define SESSION_H

#include "page_fetch.h"
#include "redirect.h"

enum {
    SESSION_REDIRECTS = 10,    /* as aiohttp */
    SESSION_FIELDS_MAX = 2048, /* bytes of a request's extra fields */
};

struct session_request { /* async with session.request(method, url) */
    struct coro co;
    const struct fetch_settings *settings; /* settings->store must be NULL */
    struct fetch *fetch; /* the caller's; holds the last response afterwards */
    struct span body;    /* of the request, may be empty; the caller's until the end */
    /* Called for each piece of the final response's body. Set it before the first
     * step, or leave it NULL. */
    void (*on_data)(struct session_request *self, struct span data);
    void *arg;                      /* for the callback */
    const struct validators *known; /* NULL: the request is not conditional */
    int error;                /* raised at the first step: the request is impossible */
    struct redirect redirect; /* result: method and URL of the last request, redirects */
    char fields[SESSION_FIELDS_MAX];
};

/* ClientSession.request(): requests `url`. `fields` are extra fields, each ended by CR
 * LF, or "". At most `redirects` redirects are followed. With 0, and for a redirect
 * without a Location, the redirecting response itself is the result. A redirect to
 * another origin drops Authorization and Cookie; one that drops the body drops the
 * fields that describe it; every redirect drops the conditions. A request by an
 * idempotent method is repeated when an idle connection proves closed (RFC 9110
 * 9.2.2). Raises what fetch() raises; EINVAL for a malformed method or fields;
 * ENAMETOOLONG; ENOMEM; EPROTO for a redirect that cannot be followed; ELOOP for a
 * loop or too many redirects. fetch->why gives the reason. */
struct coro *session_request(struct session_request *self,
                             const struct fetch_settings *settings, struct fetch *fetch,
                             const char *method, const struct url *url,
                             const char *fields, struct span body, int redirects);

/* ClientSession.get(): GET, following up to SESSION_REDIRECTS redirects. */
struct coro *session_get(struct session_request *self,
                         const struct fetch_settings *settings, struct fetch *fetch,
                         const struct url *url);

/* Makes the request conditional, between session_request() and its first step: the
 * server sends the body only if the resource has changed since the response that had
 * the validators `known` (the caller's until the end). An unchanged resource gives
 * status 304 without a body; fetch->validators are then complete (RFC 9111 4.3.4). */
void session_if_changed(struct session_request *self, const struct validators *known);

#endif
