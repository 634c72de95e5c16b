/*
 * inflate_parts.h - what inflate.c shares with its parts: the states, how bits are taken,
 * what an entry of a code says. For nobody else.
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

/* Are there so many bits, 32 at most? Takes bytes as needed. */
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

/* The lowest n bits, which must be there. */
static inline uint32_t inflate_take(struct inflate_bits *b, unsigned n)
{
    uint32_t value = (uint32_t)(b->bits & (((uint64_t)1 << n) - 1));

    inflate_drop(b, n);
    return value;
}

/* To the next byte's beginning. */
static inline void inflate_align(struct inflate_bits *b)
{
    inflate_drop(b, b->n % 8);
}

/* inflate.c: give the new bytes to self->out; the member's sum is up to date then. */
void inflate_hand_out(struct inflate *self);

/* inflate.c: a deflate stream begins, with nothing before it to copy from. */
bool inflate_start(struct inflate *self);

#endif
