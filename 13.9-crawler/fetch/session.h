/*
 * session.h - a request, and where it is redirected to: what aiohttp's ClientSession does on
 * top of a connector.
 *
 *     AWAIT(session_get(&self->get, settings, &self->fetch, &url));
 *     ... self->fetch.status, self->get.redirect.url ...
 *
 * A page of a crawl needs less, for each redirect is a page of its own: fetch.h. Next:
 * ask_robots.h.
 */
#ifndef SESSION_H
#define SESSION_H

#include "page_fetch.h"
#include "redirect.h"

enum {
    SESSION_REDIRECTS = 10,    /* as aiohttp */
    SESSION_FIELDS_MAX = 2048, /* bytes of a request's further fields */
};

struct session_request { /* async with session.request(method, url) */
    struct coro co;
    const struct fetch_settings *settings; /* its store is to be NULL */
    struct fetch *fetch; /* the caller's; afterwards what came of the last hop */
    struct span body;    /* of the request, the caller's until the end; may be empty */
    /* called for each piece of the body, not of one that redirects, or NULL; may be set
     * before the first step */
    void (*on_data)(struct session_request *self, struct span data);
    void *arg;                      /* of that */
    const struct validators *known; /* NULL: it is not conditional */
    int error;                /* what cannot be asked for: raised at the first step */
    struct redirect redirect; /* result: method and URL of the last hop, number of hops */
    char fields[SESSION_FIELDS_MAX];
};

/* ClientSession.request(): ask for `url`; `fields` are further ones, each ended by CR LF, or
 * "". At most `redirects` are followed, and 0 hands out the answer that redirects; so does a
 * redirect that does not say where to. On the way to another origin Authorization and Cookie
 * are left out, with the body the fields that describe it, and on any way conditions.
 * Raises what fetch() raises; EINVAL for a method or fields that are malformed, ENAMETOOLONG,
 * ENOMEM; EPROTO for a redirect that leads nowhere, ELOOP for one too many. fetch->why says
 * why. Made again on a new connection when a kept one turns out closed, if the method is
 * idempotent (RFC 9110 9.2.2). */
struct coro *session_request(struct session_request *self,
                             const struct fetch_settings *settings, struct fetch *fetch,
                             const char *method, const struct url *url,
                             const char *fields, struct span body, int redirects);

/* ClientSession.get(): up to SESSION_REDIRECTS are followed. */
struct coro *session_get(struct session_request *self,
                         const struct fetch_settings *settings, struct fetch *fetch,
                         const struct url *url);

/* Between session_request() and its first step: ask only for what has changed since an
 * answer with the validators `known`, the caller's until the end. An answer 304 says that
 * nothing has; it has no body, and fetch->validators are what is known then (RFC 9111
 * 4.3.4). */
void session_if_changed(struct session_request *self, const struct validators *known);

#endif
