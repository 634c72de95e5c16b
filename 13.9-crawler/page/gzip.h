/*
 * gzip.h - the wrappings of deflate: zlib (RFC 1950) and gzip (RFC 1952), with their check
 * sums. Next: gzip.c.
 */
#ifndef GZIP_H
#define GZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crc32 {              /* of the polynomial, filled in by crc32_init() */
    uint32_t table[4][256]; /* what a byte does to the sum 0 to 3 bytes later */
};

void crc32_init(struct crc32 *crc);

/* The sum after n more bytes; it begins with 0. */
uint32_t crc32_add(const struct crc32 *crc, uint32_t sum, const void *bytes, size_t n);

/* The sum after n more bytes; it begins with 1. */
uint32_t adler32_add(uint32_t sum, const void *bytes, size_t n);

struct inflate;

/* A state's function: it takes what it can, and is true when there is more to do at once;
 * false: the input is used up, or self->why says what is wrong. */
typedef bool inflate_step(struct inflate *self);
extern inflate_step inflate_zlib_head, inflate_zlib_sum, inflate_gzip_head,
    inflate_gzip_extra_size, inflate_gzip_extra, inflate_gzip_text, inflate_gzip_head_sum,
    inflate_gzip_sum, inflate_gzip_size;

#endif
