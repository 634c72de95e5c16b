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

/* A state's function: it takes what it can, and is true when there is more to do at once;
 * false: the input is used up, or self->why says what is wrong. */
typedef bool inflate_step(struct inflate *self);
extern inflate_step inflate_zlib_head, inflate_zlib_sum, inflate_gzip_head,
    inflate_gzip_extra_size, inflate_gzip_extra, inflate_gzip_text, inflate_gzip_head_sum,
    inflate_gzip_sum, inflate_gzip_size, inflate_code_sizes, inflate_orders,
    inflate_lengths, inflate_symbols;

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

/* inflate_lengths.c: have the codes of block type 1. */
void inflate_fixed_codes(struct inflate *self);

/*
 * An entry: what a code stands for, and all that the loop wants to know of it.
 *   bits 0 to 3    length of the code
 *   bits 4 to 7    further bits that belong to it
 *   bits 8, 9      ENTRY_COPY, ENTRY_STOP; none of both: a byte
 *   from bit 16    the byte; the least length or distance; of ENTRY_STOP: 1 when the code
 *                  means the block's end, 0 when it means nothing
 */
enum { ENTRY_COPY = 0x100, ENTRY_STOP = 0x200, ENTRY_END = 0x10200 };

static inline unsigned entry_bits(uint32_t entry)
{
    return entry & 15;
}

static inline unsigned entry_more(uint32_t entry)
{
    return entry >> 4 & 15;
}

/* inflate_code.c: the code that these n lengths (RFC 1951 3.2.2) give. It may be
 * incomplete only as zlib has it: no code at all, or one of one bit, unless it is
 * `whole`. NULL, or what is wrong. */
const char *inflate_make_code(struct inflate_code *code, const unsigned char *lengths,
                              unsigned n, uint32_t (*entry)(unsigned symbol), bool whole);

/* What the symbols of 3.2.5 stand for; and those of the code of lengths, 3.2.7. */
uint32_t inflate_literal(unsigned symbol);
uint32_t inflate_distance(unsigned symbol);
uint32_t inflate_plain(unsigned symbol);

/* The entry of a code longer than INFLATE_FAST bits; ENTRY_STOP and 15 bits for none. */
uint32_t inflate_long_code(const struct inflate_code *code, uint64_t bits);

/* The entry of the code that the bits begin with. If it has more bits than there are, it
 * means nothing: more must come first. */
static inline uint32_t inflate_look(const struct inflate_code *code, uint64_t bits)
{
    uint32_t entry = code->fast[bits & ((1u << INFLATE_FAST) - 1)];

    return entry != 0 ? entry : inflate_long_code(code, bits);
}

#endif
