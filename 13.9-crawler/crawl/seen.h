/* seen.h - the set of URLs that are known, as 64-bit fingerprints. */
#ifndef SEEN_H
#define SEEN_H

#include "frontier.h"

/* Add the key of `url` (url_normalize). 0, EEXIST when it is there, ENOMEM. Two URLs share
 * a fingerprint by chance once in 2^64 / n: among ten million pages, one crawl in 370,000
 * would leave out one page. The seed keeps a site from making them on purpose. */
int seen_add(struct frontier *f, const struct url *url);

/* The fingerprint of any bytes, never 0. */
uint64_t seen_fingerprint(uint64_t seed, const char *text, size_t n);

#endif
