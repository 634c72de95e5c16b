/*
 * inflate.h - decodes deflate (RFC 1951), bare or in the format of zlib (RFC 1950) or
 * gzip (RFC 1952).
 *
 *     inflate_init(&inflate, INFLATE_GZIP, limit, out, arg);
 *     why = inflate_feed(&inflate, bytes, n);
 *     why = inflate_end(&inflate);
 *
 * The input may be cut anywhere; the output is the same. Nothing is allocated: the
 * struct contains its window and takes about 80 kB. Two bounds keep a small body from
 * becoming a huge one. The decoder refuses the same malformed input as zlib. An error is
 * reported as a constant text, "kind: explanation". The output before the error has been
 * passed on. Next: inflate.c.
 */
#ifndef INFLATE_H
#define INFLATE_H

#include <stdbool.h>

#include "gzip.h"

enum {
    INFLATE_WINDOW = 32768, /* bytes that a copy may reach back */
    INFLATE_SLACK = 272, /* a copy of 258 bytes may begin at the last byte of the window,
                            and it writes eight bytes at a time */
    INFLATE_FAST = 10,   /* bits of a code that are looked up at once */
    INFLATE_LENGTHS = 320, /* code lengths: 288 of literals, 32 of distances */
    /* Deflate reaches 1,032 bytes of output for one of input. Pages stay below 20, and
     * tables of equal rows below 300; only a run of equal bytes comes near the limit. The
     * ratio is checked whenever the window is full, the first time after 64 KiB. */
    INFLATE_RATIO = 1000
};

enum inflate_kind {
    INFLATE_RAW,
    INFLATE_ZLIB,
    INFLATE_GZIP,       /* one member or several */
    INFLATE_ZLIB_OR_RAW /* what servers mean by "deflate" */
};

/* A Huffman code: a set of codes of up to 15 bits. The entry of a code gives the code's
 * meaning; see inflate.c. */
struct inflate_code {
    uint16_t count[16];               /* the number of codes of each length */
    uint32_t sorted[288];             /* entries in the order of their codes */
    uint32_t fast[1 << INFLATE_FAST]; /* indexed by the next bits; 0: a longer code */
};

/* Input as bits, the lowest first (RFC 1951 3.1.1). */
struct inflate_bits {
    uint64_t bits;                 /* bits taken from the bytes and not used yet */
    unsigned n;                    /* the number of these bits */
    const unsigned char *in, *end; /* the bytes that are left */
};

struct inflate {
    /* set by inflate_init(); the caller may change the bounds before the first byte */
    void (*out)(void *arg, const char *bytes, size_t n);
    void *arg;
    uint64_t limit; /* bytes of output, at most */
    unsigned ratio; /* bytes of output for each byte of input, at most */
    /* result */
    const char *why; /* the error that ended decoding, or NULL */
    uint64_t made;   /* bytes of output passed on */

    /* the position in the input */
    enum inflate_kind kind;
    int state; /* one of enum inflate_state */
    struct inflate_bits input;
    const unsigned char *piece; /* the first byte of the current piece of input */
    uint64_t before;            /* bytes of input before this piece */
    bool last;                  /* the current block is the last one */
    bool fixed;                 /* the codes are those of RFC 1951 3.2.6 */
    unsigned index, left;       /* the current state counts index up, left down */
    unsigned flags;             /* of the gzip member */
    unsigned members;           /* gzip members that are complete */
    uint32_t sum, size;         /* check sum and byte count of the member so far */
    /* where in the window the member, the bytes not passed on, the free part begin */
    size_t first, handed, at;

    /* inflate_init() does not clear the fields from here on */
    struct crc32 crc; /* the tables for gzip */

    /* codes */
    unsigned literals, distances, orders; /* numbers of code lengths in the block */
    unsigned char lengths[INFLATE_LENGTHS];
    struct inflate_code literal, distance; /* `distance` first decodes the code lengths */

    /* the window: the last bytes that were passed on, then the new ones */
    unsigned char window[2 * INFLATE_WINDOW + INFLATE_SLACK];
};

/* Prepares for a body. `out` gets the decoded bytes, at most `limit` in all; they are
 * valid until `out` returns. */
void inflate_init(struct inflate *self, enum inflate_kind kind, uint64_t limit,
                  void (*out)(void *arg, const char *bytes, size_t n), void *arg);

/* Decodes the next n bytes; n may be 0. Returns NULL, or self->why after an error. After
 * an error no more input is read. A bound that was exceeded is reported as
 * "too-large: ..." or "too-dense: ...". Malformed input and bytes after the end are
 * reported as "bad-deflate: ...", "bad-zlib: ..." or "bad-gzip: ...". */
const char *inflate_feed(struct inflate *self, const void *bytes, size_t n);

/* Ends the body. Returns NULL when it was complete or empty; otherwise self->why,
 * which is "truncated: ..." when the input ended too early. */
const char *inflate_end(struct inflate *self);

#endif
