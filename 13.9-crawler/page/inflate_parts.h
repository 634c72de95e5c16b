/*
 * inflate_parts.h - the states and the reading of bits, for inflate.c and gzip.c only.
 *
 *     if (!inflate_need(&self->input, 16))
 *         return false;
 *     method = inflate_take(&self->input, 8);
 *
 * Next: inflate.c.
 */
#ifndef INFLATE_PARTS_H
#define INFLATE_PARTS_H

#include "inflate.h"

enum inflate_state {
    ZLIB_HEAD,
    ZLIB_SUM,
    GZIP_HEAD,
    GZIP_EXTRA_SIZE,
    GZIP_EXTRA,
    GZIP_NAME,
    GZIP_COMMENT,
    GZIP_HEAD_SUM,
    GZIP_SUM,
    GZIP_SIZE,
    BLOCK,
    STORED_SIZE,
    STORED,
    CODE_SIZES,
    ORDERS,
    LENGTHS,
    SYMBOLS,
    FINISHED
};

static inline bool inflate_fail(struct inflate *self, const char *why)
{
    self->why = why;
    return false;
}

static inline bool inflate_go(struct inflate *self, enum inflate_state state)
{
    self->state = (int)state;
    self->index = 0;
    return true;
}

/* Reads bytes until n bits (32 at most) are available. Returns false when the input
 * ends first. */
static inline bool inflate_need(struct inflate_bits *b, unsigned n)
{
    while (b->n < n) {
        if (b->in == b->end)
            return false;
        b->bits |= (uint64_t)*b->in++ << b->n;
        b->n += 8;
    }
    return true;
}

static inline void inflate_drop(struct inflate_bits *b, unsigned n)
{
    b->bits >>= n;
    b->n -= n;
}

/* Removes and returns the lowest n bits, which must be available. */
static inline uint32_t inflate_take(struct inflate_bits *b, unsigned n)
{
    uint32_t value = (uint32_t)(b->bits & (((uint64_t)1 << n) - 1));

    inflate_drop(b, n);
    return value;
}

/* Skips to the beginning of the next byte. */
static inline void inflate_align(struct inflate_bits *b)
{
    inflate_drop(b, b->n % 8);
}

/* Implemented in inflate.c. Passes the new bytes to self->out and updates the member's
 * check sum. Sets self->why when the output exceeds self->limit. */
void inflate_hand_out(struct inflate *self);

/* Implemented in inflate.c. Begins a deflate stream, whose copies may not reach back to
 * the output of the stream before. Returns true. */
bool inflate_start(struct inflate *self);

#endif
