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
    SESSION_REDIRECTS = 10,    /* as in aiohttp */
    SESSION_FIELDS_MAX = 2048, /* bytes of a request's extra fields */
};

struct session_request { /* async with session.request(method, url) */
    struct coro co;
    const struct fetch_settings *settings; /* settings->store must be NULL */
    struct fetch *fetch; /* the caller's; holds the last response afterwards */
    struct span body;    /* may be empty; the caller's until the coroutine ends */
    /* Called for each piece of the final response's body. Set it before the first
     * step, or leave it NULL. */
    void (*on_data)(struct session_request *self, struct span data);
    void *arg;                      /* for the callback */
    const struct validators *known; /* NULL: the request is not conditional */
    int error;                /* why no request can be made; raised at the first step */
    struct redirect redirect; /* result: the last request and the redirects to it */
    char fields[SESSION_FIELDS_MAX];
};

/* ClientSession.request(): requests `url`. `fields` are extra fields, each ended by CR
 * LF, or "". At most `redirects` redirects are followed. With 0, and for a redirect
 * without a Location, the redirecting response itself is the result. The request that
 * follows a redirect has no If-... field. It has no Authorization, Proxy-Authorization or
 * Cookie when it goes to another origin, and no Content-... field when the redirect drops
 * the body. A request by an idempotent method is repeated when the server turns out to
 * have closed an idle connection (RFC 9110 9.2.2). Raises what fetch() raises; EINVAL for
 * a malformed method or fields; ENAMETOOLONG; ENOMEM; EPROTO for a redirect that cannot
 * be followed; ELOOP for a loop or too many redirects. fetch->why gives the reason. */
struct coro *session_request(struct session_request *self,
                             const struct fetch_settings *settings, struct fetch *fetch,
                             const char *method, const struct url *url,
                             const char *fields, struct span body, int redirects);

/* ClientSession.get(): requests `url` by GET and follows at most SESSION_REDIRECTS
 * redirects. */
struct coro *session_get(struct session_request *self,
                         const struct fetch_settings *settings, struct fetch *fetch,
                         const struct url *url);

/* Makes the request conditional: the server sends the body only if the resource has
 * changed since the response that had the validators `known`, which are the caller's
 * until the coroutine ends. Call it after session_request() and before the coroutine's
 * first step. An unchanged resource gives status 304 without a body; fetch->validators
 * are then complete (RFC 9111 4.3.4). */
void session_if_changed(struct session_request *self, const struct validators *known);

#endif
