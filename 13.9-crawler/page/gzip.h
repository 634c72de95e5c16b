/*
 * gzip.h - the formats around deflate, zlib (RFC 1950) and gzip (RFC 1952), and their
 * check sums. inflate.c calls each inflate_step in the state of that name
 * (inflate_parts.h).
 *
 *     crc32_init(&crc);
 *     sum = crc32_add(&crc, 0, bytes, n);
 *
 * Next: gzip.c.
 */
#ifndef GZIP_H
#define GZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crc32 {              /* the tables of CRC-32, filled in by crc32_init() */
    uint32_t table[4][256]; /* [k][b]: the effect of byte b on the sum k bytes later */
};

void crc32_init(struct crc32 *crc);

/* Returns the CRC-32 (RFC 1952, 8) after n more bytes. `sum` is the CRC-32 of the bytes
 * before them: 0 when there are none. */
uint32_t crc32_add(const struct crc32 *crc, uint32_t sum, const void *bytes, size_t n);

/* Returns the Adler-32 (RFC 1950, 8.2) after n more bytes. `sum` is the Adler-32 of the
 * bytes before them: 1 when there are none. */
uint32_t adler32_add(uint32_t sum, const void *bytes, size_t n);

struct inflate;

/* The function of a state. Reads the available input. Returns true when the next state
 * can run at once; false when the input is used up, or self->why names an error. */
typedef bool inflate_step(struct inflate *self);
extern inflate_step inflate_zlib_head, inflate_zlib_sum, inflate_gzip_head,
    inflate_gzip_extra_size, inflate_gzip_extra, inflate_gzip_text, inflate_gzip_head_sum,
    inflate_gzip_sum, inflate_gzip_size;

#endif
