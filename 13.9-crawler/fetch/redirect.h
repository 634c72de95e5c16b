/*
 * redirect.h - where a redirect leads and with which method, by RFC 9110 15.4 as browsers
 * read it (WHATWG fetch, "HTTP-redirect fetch"). Asks nobody. Next: session.h.
 */
#ifndef REDIRECT_H
#define REDIRECT_H

#include <stdint.h>

#include "reasons.h"
#include "url.h"

enum { REDIRECTS_MOST = 20 }; /* more can nobody ask for */

struct redirect {       /* one request and what became of it */
    const char *method; /* "GET", ...; of the next request */
    struct url url;     /* where that goes, with its fragment */
    int hops, most;     /* redirects followed, and how many may be */
    bool drops_body;    /* the method has become GET: the request's body is gone */
    bool crossed;       /* another scheme, host or port than the hop before */
    uint64_t seen[REDIRECTS_MOST + 1]; /* fingerprints of all requests so far */
};

/* The first request; `method` lives as long as this. At most `most` redirects are followed,
 * and never more than REDIRECTS_MOST. */
void redirect_init(struct redirect *self, const char *method, const struct url *url,
                   int most);

/* Is `status` one that redirects, if it says where to? */
bool redirect_status(int status);

/* The answer has `status`, which redirects, and a Location that is not empty: move on.
 * REASON_NONE; REASON_BAD_REDIRECT, REASON_OTHER_SCHEME (neither http nor https),
 * REASON_REDIRECT_LOOP or REASON_TOO_MANY_REDIRECTS: then nothing has changed. A fragment is
 * inherited (RFC 9110 10.2.2). A user name in the target stays in url.text, but no request
 * is made of it. */
enum reason redirect_follow(struct redirect *self, int status, const char *location);

#endif
