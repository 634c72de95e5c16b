/*
 * redirect.h - determines the next URL and method after a redirect: RFC 9110 15.4 as
 * browsers implement it (WHATWG Fetch, "HTTP-redirect fetch").
 *
 *     redirect_init(&self->redirect, "GET", &url, 10);
 *     ... a response with a status and a Location ...
 *     fault = redirect_follow(&self->redirect, status, location);
 *     if (fault == REDIRECT_OK)
 *         ... request self->redirect.url with self->redirect.method ...
 *
 * These functions make no request and can be called on any thread. Next: date.h.
 */
#ifndef REDIRECT_H
#define REDIRECT_H

#include <stdint.h>

#include "url.h"

enum { REDIRECTS_MOST = 20 }; /* the upper limit of struct redirect's `most` */

enum redirect_fault {
    REDIRECT_OK,
    REDIRECT_BAD_TARGET,   /* Location is empty, holds a control byte, or is not a URL */
    REDIRECT_OTHER_SCHEME, /* the target is neither http nor https */
    REDIRECT_LOOP,         /* the target was requested before */
    REDIRECT_TOO_MANY
};

struct redirect {       /* a request and the redirects that followed it */
    const char *method; /* of the next request: "GET", ... */
    struct url url;     /* of the next request, with its fragment */
    int hops, most;     /* redirects followed; redirects allowed */
    bool once;          /* a repeated request is a loop; the caller can set it */
    bool drops_body;    /* the method became GET, so the request's body is dropped */
    bool crossed;       /* the last redirect led to another scheme, host or port */
    uint64_t seen[REDIRECTS_MOST + 1]; /* fingerprints of the requests so far */
};

/* Initializes `self` with the first request. The caller owns `method`, which must outlive
 * `self`. redirect_follow() follows at most `most` redirects, and never more than
 * REDIRECTS_MOST. A caller that requests each URL only once sets self->once after this
 * call. When self->once is false, a loop is followed until the limit is reached, because
 * a cookie can end the loop (WHATWG Fetch). */
void redirect_init(struct redirect *self, const char *method, const struct url *url,
                   int most);

/* Adds an earlier request of the chain, for a caller that stores the chain itself.
 * `earlier` is the URL of that request without its fragment. Each call counts as one
 * followed redirect. A call does nothing when REDIRECTS_MOST redirects are counted
 * already. */
void redirect_came_from(struct redirect *self, struct span earlier);

/* Returns true for the statuses that redirect: 301, 302, 303, 307, 308. */
bool redirect_status(int status);

/* Applies a redirect: a response with `status`, for which redirect_status() is true, and
 * the value `location` of its field Location. Sets self->url and self->method to the URL
 * and method of the next request. A target without a fragment inherits the fragment of
 * the old URL (RFC 9110 10.2.2). Returns REDIRECT_OK, or a fault, after which `self` is
 * unchanged. A user name in the target stays in url.text; a request never sends it. */
enum redirect_fault redirect_follow(struct redirect *self, int status,
                                    const char *location);

#endif
