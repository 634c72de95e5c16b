/* checksum.h - the two sums that follow compressed data: CRC-32 (RFC 1952, 8) and Adler-32
 * (RFC 1950, 8.2). Next: inflate.h. */
#ifndef CHECKSUM_H
#define CHECKSUM_H

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

#endif
