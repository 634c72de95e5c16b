/*
 * inflate_code.c - Huffman codes of deflate, made from their lengths (RFC 1951 3.2.2). Next:
 * inflate_lengths.c, where a block says those.
 */
#include "inflate_parts.h"

#include <string.h>

/* 3.2.5: the least length and distance, and further bits, of each symbol. */
static const uint16_t length_base[29] = { 3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                          15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                          67, 83, 99, 115, 131, 163, 195, 227, 258 };
static const uint16_t distance_base[30] = {
    1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
    193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577
};

uint32_t inflate_literal(unsigned symbol)
{
    unsigned i = symbol - 257;

    if (symbol < 256)
        return symbol << 16;
    if (symbol == 256)
        return ENTRY_END;
    if (i > 28)
        return ENTRY_STOP;
    return (uint32_t)length_base[i] << 16 | ENTRY_COPY |
           (i < 8 || i == 28 ? 0 : (i - 4) / 4) << 4;
}

uint32_t inflate_distance(unsigned symbol)
{
    if (symbol > 29)
        return ENTRY_STOP;
    return (uint32_t)distance_base[symbol] << 16 | ENTRY_COPY |
           (symbol < 4 ? 0 : (symbol - 2) / 2) << 4;
}

uint32_t inflate_plain(unsigned symbol)
{
    return symbol << 16;
}

/* Count the lengths; are there codes for all of them, and none left over? */
static const char *count_lengths(struct inflate_code *code, const unsigned char *lengths,
                                 unsigned n, bool whole)
{
    int left = 1; /* codes of the present length that are free */
    unsigned longest = 0;

    memset(code->count, 0, sizeof code->count);
    for (unsigned i = 0; i < n; i++)
        code->count[lengths[i]]++;
    code->count[0] = 0;
    for (unsigned i = 1; i < 16; i++) {
        left = 2 * left - code->count[i];
        if (left < 0)
            return "bad-deflate: a code has more symbols than bits for them";
        longest = code->count[i] > 0 ? i : longest;
    }
    if (left > 0 && (whole || longest > 1))
        return "bad-deflate: a code is incomplete";
    return NULL;
}

/* The entries by length, and in the order of the symbols where that is equal. */
static void sort(struct inflate_code *code, const unsigned char *lengths, unsigned n,
                 uint32_t (*entry)(unsigned symbol))
{
    unsigned at[16];

    at[1] = 0;
    for (unsigned i = 1; i < 15; i++)
        at[i + 1] = at[i] + code->count[i];
    for (unsigned i = 0; i < n; i++)
        if (lengths[i] > 0)
            code->sorted[at[lengths[i]]++] = entry(i) | lengths[i];
}

const char *inflate_make_code(struct inflate_code *code, const unsigned char *lengths,
                              unsigned n, uint32_t (*entry)(unsigned symbol), bool whole)
{
    const char *why = count_lengths(code, lengths, n, whole);
    unsigned next = 0, i = 0; /* the code, its first bit lowest, as it will be read */

    if (why != NULL)
        return why;
    sort(code, lengths, n, entry);
    memset(code->fast, 0, sizeof code->fast);
    for (unsigned length = 1; length <= INFLATE_FAST; length++)
        for (unsigned end = i + code->count[length]; i < end; i++) {
            unsigned bit = 1u << (length - 1);

            for (unsigned at = next; at < 1u << INFLATE_FAST; at += 1u << length)
                code->fast[at] = code->sorted[i];
            for (; (next & bit) != 0; bit >>= 1) /* add one, from the other end */
                next ^= bit;
            next |= bit;
        }
    return NULL;
}

/* Codes of a length are numbers in a row; `first` is the least one of the length. */
uint32_t inflate_long_code(const struct inflate_code *code, uint64_t bits)
{
    unsigned value = 0, first = 0, before = 0;

    for (unsigned length = 1; length < 16; length++) {
        value = value << 1 | (bits & 1);
        bits >>= 1;
        if (value - first < code->count[length])
            return code->sorted[before + value - first];
        before += code->count[length];
        first = (first + code->count[length]) << 1;
    }
    return ENTRY_STOP | 15;
}
