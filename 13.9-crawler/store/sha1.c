/* sha1.c - SHA-1 with the names of FIPS 180-4, section 6.1. Next: store.c. */
#include "sha1.h"

#include <string.h>

static uint32_t rotl(uint32_t x, int n)
{
    return x << n | x >> (32 - n);
}

static uint32_t load(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void store(unsigned char *p, uint32_t x)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(x >> (24 - 8 * i));
}

/* FIPS 180-4, 4.1.1: the three functions. The two terms of "majority" have no bit in
 * common, so "+" replaces "^". */
static uint32_t choose(uint32_t b, uint32_t c, uint32_t d)
{
    return d ^ (b & (c ^ d));
}

static uint32_t parity(uint32_t b, uint32_t c, uint32_t d)
{
    return b ^ c ^ d;
}

static uint32_t majority(uint32_t b, uint32_t c, uint32_t d)
{
    return (b & c) + (d & (b ^ c));
}

/* Five rounds. Each round renames the five variables in a cycle, so after five rounds
 * every variable has its first name again and no value is moved. */
static inline void five(uint32_t v[5], uint32_t mix(uint32_t, uint32_t, uint32_t),
                        uint32_t k, const uint32_t *w)
{
    uint32_t a = v[0], b = v[1], c = v[2], d = v[3], e = v[4];

    e += rotl(a, 5) + mix(b, c, d) + k + w[0];
    b = rotl(b, 30);
    d += rotl(e, 5) + mix(a, b, c) + k + w[1];
    a = rotl(a, 30);
    c += rotl(d, 5) + mix(e, a, b) + k + w[2];
    e = rotl(e, 30);
    b += rotl(c, 5) + mix(d, e, a) + k + w[3];
    d = rotl(d, 30);
    a += rotl(b, 5) + mix(c, d, e) + k + w[4];
    c = rotl(c, 30);
    v[0] = a;
    v[1] = b;
    v[2] = c;
    v[3] = d;
    v[4] = e;
}

/* FIPS 180-4, 6.1.2: hashes one block of 64 bytes. There are four loops, so that no round
 * has to test its number. */
static void compress(uint32_t hash[5], const unsigned char *block)
{
    uint32_t w[80], v[5] = { hash[0], hash[1], hash[2], hash[3], hash[4] };
    int t;

    for (t = 0; t < 16; t++)
        w[t] = load(block + 4 * t);
    for (; t < 80; t++)
        w[t] = rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    for (t = 0; t < 20; t += 5)
        five(v, choose, 0x5a827999, w + t);
    for (; t < 40; t += 5)
        five(v, parity, 0x6ed9eba1, w + t);
    for (; t < 60; t += 5)
        five(v, majority, 0x8f1bbcdc, w + t);
    for (; t < 80; t += 5)
        five(v, parity, 0xca62c1d6, w + t);
    for (t = 0; t < 5; t++)
        hash[t] += v[t];
}

void sha1_start(struct sha1 *s)
{
    static const uint32_t first[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
                                       0xc3d2e1f0 };

    memcpy(s->hash, first, sizeof first);
    s->bytes = 0;
}

void sha1_add(struct sha1 *s, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    size_t used = s->bytes % 64;

    s->bytes += n;
    if (used > 0 && n >= 64 - used) {
        memcpy(s->block + used, p, 64 - used);
        compress(s->hash, s->block);
        p += 64 - used;
        n -= 64 - used;
        used = 0;
    }
    for (; n >= 64; p += 64, n -= 64) /* only reached with an empty block */
        compress(s->hash, p);
    if (n > 0)
        memcpy(s->block + used, p, n);
}

void sha1_finish(struct sha1 *s, unsigned char digest[SHA1_DIGEST])
{
    static const unsigned char padding[64] = { 0x80 };
    uint64_t bits = s->bytes * 8;
    unsigned char length[8];
    int i;

    store(length, (uint32_t)(bits >> 32));
    store(length + 4, (uint32_t)bits);
    sha1_add(s, padding,
             64 - (s->bytes + 8) % 64); /* 5.1.1: the block ends with the length */
    sha1_add(s, length, sizeof length);
    for (i = 0; i < 5; i++)
        store(digest + 4 * i, s->hash[i]);
}

void sha1_label(struct sha1 *s, char label[SHA1_LABEL])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char digest[SHA1_DIGEST];
    size_t n = 5;

    sha1_finish(s, digest);
    memcpy(label, "sha1:", n);
    for (const unsigned char *p = digest; p < digest + SHA1_DIGEST; p += 5) {
        uint64_t five = (uint64_t)load(p) << 8 | p[4]; /* 40 bits are eight letters */

        for (int shift = 35; shift >= 0; shift -= 5)
            label[n++] = letters[five >> shift & 31];
    }
    label[n] = '\0';
}
