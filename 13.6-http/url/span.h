/* span.h - a range of bytes in a buffer that something else owns. Next: ascii.h. */
#ifndef SPAN_H
#define SPAN_H

#include <stddef.h>
#include <stdint.h>

struct span {
    const char *at; /* first byte; no NUL follows the last */
    size_t n;
};

#define SPAN_HASH 14695981039346656037u /* hash of no bytes: the FNV offset basis */

/* Returns the FNV-1a hash of the bytes that `hash` covers and then those of `s`. An
 * attacker can make two texts with one hash. */
static inline uint64_t span_hash(uint64_t hash, struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        hash = (hash ^ (unsigned char)s.at[i]) * 1099511628211u;
    return hash;
}

#endif
