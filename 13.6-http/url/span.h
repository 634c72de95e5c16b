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

/* Extends `hash`, the FNV-1a hash of the bytes before (SPAN_HASH for none), by the bytes
 * of `s` and returns the new hash. Equal hashes do not prove that texts are equal,
 * because an attacker can construct two texts with the same hash. */
static inline uint64_t span_hash(uint64_t hash, struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        hash = (hash ^ (unsigned char)s.at[i]) * 1099511628211u;
    return hash;
}

#endif
