/*
 * packed_body.h - packs bodies for the checks in stored blocks, because these checks do
 * not test the decoding of other blocks. It can also make a bomb.
 */
#ifndef PACKED_BODY_H
#define PACKED_BODY_H

#include <string.h>

#include "inflate.h"

enum { PACK_BOMB = 100000 };

static inline size_t pack_number(unsigned char *to, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        to[i] = (unsigned char)(value >> 8 * i);
    return (size_t)bytes;
}

/* This function and the next two pack at most 65,535 bytes as one stored block. `to` has
 * room for n + 24 bytes. They return the packed length. */
static inline size_t pack_raw(void *to, const void *bytes, size_t n)
{
    unsigned char *at = to;

    at += pack_number(at, 1, 1);
    at += pack_number(at, (uint32_t)n, 2);
    at += pack_number(at, (uint32_t)n ^ 0xffff, 2);
    memcpy(at, bytes, n);
    return n + 5;
}

static inline size_t pack_zlib(void *to, const void *bytes, size_t n)
{
    unsigned char *at = to;
    uint32_t sum = adler32_add(1, bytes, n);

    at += pack_number(at, 0x0178, 2);
    at += pack_raw(at, bytes, n);
    for (int i = 24; i >= 0; i -= 8)
        *at++ = (unsigned char)(sum >> i);
    return n + 11;
}

static inline size_t pack_gzip(void *to, const void *bytes, size_t n)
{
    static struct crc32 crc;
    unsigned char *at = to;

    crc32_init(&crc);
    memset(at, 0, 10);
    pack_number(at, 0x088b1f, 3);
    at += 10;
    at += pack_raw(at, bytes, n);
    at += pack_number(at, crc32_add(&crc, 0, bytes, n), 4);
    pack_number(at, (uint32_t)n, 4);
    return n + 23;
}

/* Writes PACK_BOMB bytes of gzip that unpack to 100 MB of zeros and have no end. In the
 * dynamic block, a length of 258 and its distance take one bit each, so each byte 0 is
 * four copies of 258 zeros. Returns PACK_BOMB. */
static inline size_t pack_bomb(unsigned char *to)
{
    static const unsigned char begin[] = { 0x1f, 0x8b, 8,    0,    0,    0,    0, 0,
                                           2,    3,    0xec, 0xc1, 1,    1,    0, 0,
                                           0,    0x80, 0x90, 0xfe, 0xaf, 0xee, 8, 0x0a };

    memset(to, 0, PACK_BOMB);
    memcpy(to, begin, sizeof begin);
    return PACK_BOMB;
}

#endif
