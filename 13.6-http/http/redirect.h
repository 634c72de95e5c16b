/*
 * redirect.h - where a redirect leads and with which method: RFC 9110 15.4 as browsers
 * read it (WHATWG Fetch, "HTTP-redirect fetch"). It makes no request itself.
 *
 *     redirect_init(&self->redirect, "GET", &url, 10);
 *     ... a response with a status and a Location ...
 *     fault = redirect_follow(&self->redirect, status, location);
 *     if (fault == REDIRECT_OK)
 *         ... request self->redirect.url by self->redirect.method ...
 *
 * Next: retry.h.
 */
#ifndef REDIRECT_H
#define REDIRECT_H

#include <stdint.h>

#include "url.h"

enum { REDIRECTS_MOST = 20 }; /* no chain can be allowed to be longer */

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
    bool once;          /* each URL is requested once only: a loop is a fault at once */
    bool drops_body;    /* the method became GET, so the request's body is dropped */
    bool crossed;       /* the last redirect led to another scheme, host or port */
    uint64_t seen[REDIRECTS_MOST + 1]; /* fingerprints of the requests so far */
};

/* Begins with a first request. `method` is the caller's and must outlive `self`. At
 * most `most` redirects will be followed, and never more than REDIRECTS_MOST. A caller
 * that requests each URL once only sets self->once afterwards: without it a loop is
 * followed until `most` is reached, because a cookie may end it (WHATWG Fetch). */
void redirect_init(struct redirect *self, const char *method, const struct url *url,
                   int most);

/* Notes an earlier request of the chain, for a caller that keeps the chain elsewhere:
 * it counts as a redirect that was followed from `earlier`, a URL without its
 * fragment. */
void redirect_came_from(struct redirect *self, struct span earlier);

/* Returns true for the statuses that redirect: 301, 302, 303, 307, 308. */
bool redirect_status(int status);

/* Moves on to the target of a response with `status`, which redirects, and `location`.
 * The target inherits the fragment (RFC 9110 10.2.2). Returns REDIRECT_OK, or a fault;
 * after a fault nothing has changed. A user name in the target stays in url.text; a
 * request never sends it. */
enum redirect_fault redirect_follow(struct redirect *self, int status,
                                    const char *location);

#endif
