/*
 * gzip.c - the head and check sum of zlib (RFC 1950), the members of gzip (RFC 1952),
 * and both check sums. Next: inflate_parts.h.
 */
#include "gzip.h"

#include "inflate_parts.h"

enum { HEAD_SUM = 2, EXTRA = 4, NAME = 8, COMMENT = 16, RESERVED = 0xe0 };
enum { ADLER_PRIME = 65521, ADLER_RUN = 5552 }; /* sums of 5552 bytes fit into 32 bits */

void crc32_init(struct crc32 *crc)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t sum = i;

        for (int bit = 0; bit < 8; bit++)
            sum = (sum & 1) != 0 ? sum >> 1 ^ 0xedb88320u : sum >> 1;
        crc->table[0][i] = sum;
    }
    for (int k = 1; k < 4; k++)
        for (int i = 0; i < 256; i++) {
            uint32_t sum = crc->table[k - 1][i];

            crc->table[k][i] = sum >> 8 ^ crc->table[0][sum & 0xff];
        }
}

/* Takes four bytes at a time, each by the table of its distance from the last one. */
uint32_t crc32_add(const struct crc32 *crc, uint32_t sum, const void *bytes, size_t n)
{
    const unsigned char *s = bytes;

    sum = ~sum;
    for (; n >= 4; n -= 4, s += 4) {
        sum ^= s[0] | (uint32_t)s[1] << 8 | (uint32_t)s[2] << 16 | (uint32_t)s[3] << 24;
        sum = crc->table[3][sum & 0xff] ^ crc->table[2][sum >> 8 & 0xff] ^
              crc->table[1][sum >> 16 & 0xff] ^ crc->table[0][sum >> 24];
    }
    for (; n > 0; n--)
        sum = sum >> 8 ^ crc->table[0][(sum ^ *s++) & 0xff];
    return ~sum;
}

uint32_t adler32_add(uint32_t sum, const void *bytes, size_t n)
{
    const unsigned char *s = bytes;
    uint32_t a = sum & 0xffff, b = sum >> 16;

    while (n > 0) {
        const unsigned char *end = s + (n < ADLER_RUN ? n : ADLER_RUN);

        n -= (size_t)(end - s);
        while (s < end) {
            a += *s++;
            b += a;
        }
        a %= ADLER_PRIME;
        b %= ADLER_PRIME;
    }
    return b << 16 | a;
}

/* RFC 1950 2.2. Some servers leave the head out and send bare deflate. Bare deflate does
 * not look like a head: it would begin with a stored block whose unused bits are not
 * zero, and encoders write zeros there. */
bool inflate_zlib_head(struct inflate *self)
{
    unsigned method, flags;

    if (!inflate_need(&self->input, 16))
        return false;
    method = self->input.bits & 0xff;
    flags = self->input.bits >> 8 & 0xff;
    if ((method & 15) != 8 || method >> 4 > 7 || (method << 8 | flags) % 31 != 0) {
        if (self->kind == INFLATE_ZLIB)
            return inflate_fail(self, "bad-zlib: it does not begin as zlib");
        self->kind = INFLATE_RAW;
        return inflate_start(self);
    }
    if ((flags & 32) != 0)
        return inflate_fail(self, "bad-zlib: it needs a dictionary");
    inflate_take(&self->input, 16);
    self->kind = INFLATE_ZLIB;
    return inflate_start(self);
}

bool inflate_zlib_sum(struct inflate *self)
{
    uint32_t sum = 0;

    if (!inflate_need(&self->input, 32))
        return false;
    inflate_hand_out(self);
    for (int i = 0; i < 4; i++) /* the highest byte first */
        sum = sum << 8 | inflate_take(&self->input, 8);
    if (self->why != NULL || sum != self->sum)
        return inflate_fail(self, self->why != NULL ? self->why
                                                    : "bad-zlib: the check sum differs");
    return inflate_go(self, FINISHED);
}

/* Returns a byte of the member's head and adds it to the head's check sum; -1 when the
 * input is used up. */
static int head_byte(struct inflate *self)
{
    unsigned char byte;

    if (!inflate_need(&self->input, 8))
        return -1;
    byte = (unsigned char)inflate_take(&self->input, 8);
    self->sum = crc32_add(&self->crc, self->sum, &byte, 1);
    return byte;
}

/* RFC 1952 2.3: two fixed bytes, the method, the flags, and six bytes that are
 * ignored. */
bool inflate_gzip_head(struct inflate *self)
{
    static const unsigned char begin[3] = { 0x1f, 0x8b, 8 };

    for (; self->index < 10; self->index++) {
        int byte = head_byte(self);

        if (byte < 0)
            return false;
        if (self->index < 3 && byte != begin[self->index])
            return inflate_fail(self, self->members == 0
                                          ? "bad-gzip: it does not begin as gzip"
                                          : "bad-gzip: bytes follow the end");
        if (self->index == 3)
            self->flags = (unsigned)byte;
    }
    if ((self->flags & RESERVED) != 0)
        return inflate_fail(self, "bad-gzip: a flag is unknown");
    return inflate_go(self, GZIP_EXTRA_SIZE);
}

bool inflate_gzip_extra_size(struct inflate *self)
{
    self->left = self->index == 0 ? 0 : self->left;
    for (; (self->flags & EXTRA) != 0 && self->index < 2; self->index++) {
        int byte = head_byte(self);

        if (byte < 0)
            return false;
        self->left |= (unsigned)byte << 8 * self->index;
    }
    return inflate_go(self, GZIP_EXTRA);
}

bool inflate_gzip_extra(struct inflate *self)
{
    for (; self->left > 0; self->left--)
        if (head_byte(self) < 0)
            return false;
    return inflate_go(self, GZIP_NAME);
}

/* The file's name, then a comment: each ends with a NUL. */
bool inflate_gzip_text(struct inflate *self)
{
    unsigned flag = self->state == GZIP_NAME ? NAME : COMMENT;
    int byte = (self->flags & flag) != 0 ? 1 : 0;

    while (byte > 0)
        byte = head_byte(self);
    if (byte < 0)
        return false;
    return inflate_go(self, self->state == GZIP_NAME ? GZIP_COMMENT : GZIP_HEAD_SUM);
}

bool inflate_gzip_head_sum(struct inflate *self)
{
    if ((self->flags & HEAD_SUM) != 0) {
        if (!inflate_need(&self->input, 16))
            return false;
        if (inflate_take(&self->input, 16) != (self->sum & 0xffff))
            return inflate_fail(self, "bad-gzip: the check sum of its head differs");
    }
    return inflate_start(self);
}

/* RFC 1952 2.3.1: checks the CRC of the output. inflate_gzip_size() checks its length. */
bool inflate_gzip_sum(struct inflate *self)
{
    if (!inflate_need(&self->input, 32))
        return false;
    inflate_hand_out(self);
    if (self->why == NULL && inflate_take(&self->input, 32) != self->sum)
        self->why = "bad-gzip: the check sum differs";
    return self->why == NULL && inflate_go(self, GZIP_SIZE);
}

bool inflate_gzip_size(struct inflate *self)
{
    if (!inflate_need(&self->input, 32))
        return false;
    if (inflate_take(&self->input, 32) != self->size)
        return inflate_fail(self, "bad-gzip: the size differs");
    self->members++;
    self->sum = 0;
    return inflate_go(self, GZIP_HEAD);
}
