/*
 * robots.h - may we ask for this URL? A robots.txt file, read as RFC 9309 says.
 *
 * Only the rules that are meant for us are kept, so a file of 500 KiB costs what our
 * own group costs. What the crawler asks later is one question per URL, answered
 * without allocation.
 *
 * Two things follow what sites and the best known crawler do, not the letter of the
 * RFC: an escape such as %62 is not turned back into its letter before comparing
 * (2.2.2), so it only matches the same escape; and "Allow: /dir/index.html" also allows
 * "/dir/".
 *
 * Read next: robots.c.
 */
#ifndef ROBOTS_H
#define ROBOTS_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

enum {
    ROBOTS_BYTES = 500 * 1024, /* bytes of a file that count (2.5), cut at a line's end */
    ROBOTS_LINE = 8 * 2083,    /* bytes of a line that count; also the longest path */
    ROBOTS_DELAY = 300,        /* the longest Crawl-delay that we keep, in seconds */
};

/* All zero is "everything allowed". */
struct robots {
    struct text rules; /* our rules as lines: '+' (allow) or '-' (disallow) and a pattern
                          in which all but printable ASCII is %XX in capitals */
    double delay;      /* the largest Crawl-delay of our groups in seconds, or 0; the RFC
                          has none, but sites use it */
    bool forbid;       /* nothing may be fetched but /robots.txt */
};

/* For a file that does not exist (4xx, RFC 9309, 2.3.1.3), and for one that cannot be
 * had now (5xx, network failure, 2.3.1.4). Copying them is fine, freeing the copy too. */
extern const struct robots robots_allow_all, robots_forbid_all;

/* Is this a product token (2.2.1): letters, '_' and '-' only, and not empty? */
bool robots_valid_agent(const char *agent);

/* Reads a file of n bytes for the product token `agent`: the groups that name it, upper
 * and lower case being equal, or else the groups for '*'. Makes *r anew; free it with
 * robots_free(). Nothing is malformed here: what is not understood is skipped. Returns
 * 0, or ENOMEM, when *r forbids everything. */
int robots_parse(struct robots *r, const char *text, size_t n, const char *agent);

/* May this path, with its query and without fragment, be fetched? The longest matching
 * rule decides, and Allow wins a tie (2.2.2). /robots.txt itself is always allowed.
 * Where there are rules, a path longer than ROBOTS_LINE is not allowed. Takes O(rules'
 * bytes x n) at worst. */
bool robots_allowed(const struct robots *r, const char *path_and_query, size_t n);

/* Releases what robots_parse() kept. The struct then allows everything. */
void robots_free(struct robots *r);

#endif
