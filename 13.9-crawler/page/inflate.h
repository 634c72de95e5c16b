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
 * becoming a huge one. It refuses what zlib refuses. The reason of an error is a
 * constant "kind: explanation"; output from before the error has been passed on. Next:
 * inflate.c.
 */
#ifndef INFLATE_H
#define INFLATE_H

#include <stdbool.h>

#include "gzip.h"

enum {
    INFLATE_WINDOW = 32768, /* bytes that a copy may reach back */
    INFLATE_SLACK = 272,   /* a copy of 258 may begin at the last byte, eight at a time */
    INFLATE_FAST = 10,     /* bits of a code that are looked up at once */
    INFLATE_LENGTHS = 320, /* code lengths: 288 and 32 */
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

/* A Huffman code. An entry says what a code stands for; see inflate.c. */
struct inflate_code {
    uint16_t count[16];               /* codes of each length */
    uint32_t sorted[288];             /* entries in the order of their codes */
    uint32_t fast[1 << INFLATE_FAST]; /* entry by the next bits, 0: a longer code */
};

/* Input as bits, the lowest first (RFC 1951 3.1.1). */
struct inflate_bits {
    uint64_t bits;                 /* those taken from the bytes and not used yet */
    unsigned n;                    /* how many */
    const unsigned char *in, *end; /* the bytes left */
};

struct inflate {
    /* set by inflate_init(); the caller may change the bounds before the first byte */
    void (*out)(void *arg, const char *bytes, size_t n);
    void *arg;
    uint64_t limit; /* bytes that may come out */
    unsigned ratio; /* bytes that may come out for each that went in */
    /* result */
    const char *why; /* it has ended, and why; NULL: it goes on */
    uint64_t made;   /* bytes handed out */

    /* where it stands */
    enum inflate_kind kind;
    int state; /* one of enum inflate_state */
    struct inflate_bits input;
    const unsigned char *piece; /* where the piece in hand begins */
    uint64_t before;            /* bytes that went in before it */
    bool last;                  /* the block in hand is the last one */
    bool fixed;                 /* the codes are those of 3.2.6 */
    unsigned index, left;       /* of what the state counts up, counts down */
    unsigned flags;             /* of the gzip member */
    unsigned members;           /* gzip members that are complete */
    uint32_t sum, size;         /* check sum and bytes of the member so far */
    /* in the window: where the member, what is new, and the free part begin */
    size_t first, handed, at;

    /* from here on nothing is cleared */
    struct crc32 crc; /* of gzip */

    /* codes */
    unsigned literals, distances, orders; /* lengths that the block gives */
    unsigned char lengths[INFLATE_LENGTHS];
    struct inflate_code literal, distance; /* the latter is first the code of lengths */

    /* the window: what was handed out last, then what is new */
    unsigned char window[2 * INFLATE_WINDOW + INFLATE_SLACK];
};

/* Prepares for a body. `out` gets its decoded bytes, at most `limit`; they are valid
 * until it returns. */
void inflate_init(struct inflate *self, enum inflate_kind kind, uint64_t limit,
                  void (*out)(void *arg, const char *bytes, size_t n), void *arg);

/* Decodes the next n bytes; n may be 0. Returns NULL, or self->why after an error;
 * then no more input is read. Bounds: "too-large: ...", "too-dense: ...". Malformed:
 * "bad-deflate: ...", "bad-zlib: ...", "bad-gzip: ..."; these include bytes after the
 * end. */
const char *inflate_feed(struct inflate *self, const void *bytes, size_t n);

/* Ends the body. Returns NULL when it was complete or empty; otherwise self->why,
 * which is "truncated: ..." when the input ended too early. */
const char *inflate_end(struct inflate *self);

#endif
