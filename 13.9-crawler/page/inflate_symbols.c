/*
 * inflate_symbols.c - the bytes and copies of a block (RFC 1951 3.2.3 to 3.2.5): where the
 * time goes.
 *
 * A symbol is taken whole or not at all: its codes and further bits are 48 at most, and 56
 * are at hand unless the input ends. Read next: inflate_code.c.
 */
#include <string.h>

#include "inflate_parts.h"

static const char nothing[] = "bad-deflate: a code means nothing";

/* 56 bits or more, unless the input ends. Those above b->n may be there already. */
static inline void refill(struct inflate_bits *b)
{
    const unsigned char *s = b->in;

    if (b->end - s >= 8) {
        b->bits |= ((uint64_t)s[0] | (uint64_t)s[1] << 8 | (uint64_t)s[2] << 16 |
                    (uint64_t)s[3] << 24 | (uint64_t)s[4] << 32 | (uint64_t)s[5] << 40 |
                    (uint64_t)s[6] << 48 | (uint64_t)s[7] << 56)
                   << b->n;
        b->in += (63 - b->n) / 8;
        b->n |= 56;
    } else {
        inflate_need(b, 56);
    }
}

/* Where the copy ends. It writes up to seven bytes more. */
static inline unsigned char *copy(unsigned char *to, size_t distance, size_t n)
{
    const unsigned char *from = to - distance;
    unsigned char *end = to + n;

    if (distance >= 8)
        for (; to < end; to += 8, from += 8)
            memcpy(to, from, 8);
    else
        while (to < end)
            *to++ = *from++;
    return end;
}

/* The rest of what the entry of a length begins: its bits and the distance. NULL: there
 * is not enough input, or self->why. */
static inline unsigned char *copy_symbol(struct inflate *self, struct inflate_bits *b,
                                         uint32_t length, unsigned char *to)
{
    unsigned length_at = entry_bits(length), code_at = length_at + entry_more(length);
    uint32_t distance = inflate_look(&self->distance, b->bits >> code_at);
    unsigned distance_at = code_at + entry_bits(distance);
    struct inflate_bits rest = *b;
    size_t n, back;

    if (distance_at + entry_more(distance) > b->n)
        return NULL;
    inflate_drop(&rest, length_at);
    n = (length >> 16) + inflate_take(&rest, entry_more(length));
    inflate_drop(&rest, entry_bits(distance));
    back = (distance >> 16) + inflate_take(&rest, entry_more(distance));
    if ((distance & ENTRY_STOP) != 0)
        self->why = nothing;
    else if (back > (size_t)(to - self->window) - self->first)
        self->why = "bad-deflate: a distance leads before the beginning";
    if (self->why != NULL)
        return NULL;
    *b = rest;
    return copy(to, back, n);
}

/* 3.2.3: bytes and copies up to the block's end. */
bool inflate_symbols(struct inflate *self)
{
    struct inflate_bits b = self->input; /* in registers, as is the place to write */
    unsigned char *to = self->window + self->at, *next;
    unsigned char *const full = self->window + 2 * INFLATE_WINDOW;
    uint32_t entry = 0;

    for (; to < full; to = next) {
        refill(&b);
        entry = inflate_look(&self->literal, b.bits);
        if ((entry & ENTRY_STOP) != 0 || entry_bits(entry) > b.n)
            break;
        if ((entry & ENTRY_COPY) == 0) {
            *to = (unsigned char)(entry >> 16);
            next = to + 1;
            inflate_drop(&b, entry_bits(entry));
        } else if ((next = copy_symbol(self, &b, entry, to)) == NULL) {
            break;
        }
    }
    b.bits &= ((uint64_t)1 << b.n) - 1; /* none above b.n but in this loop */
    self->input = b;
    self->at = (size_t)(to - self->window);
    if (to >= full)
        return true;
    if ((entry & ENTRY_STOP) == 0 || entry_bits(entry) > b.n)
        return false;
    inflate_drop(&self->input, entry_bits(entry));
    return entry >> 16 != 0 ? inflate_go(self, BLOCK) : inflate_fail(self, nothing);
}
