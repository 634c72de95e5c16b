/*
 * inflate.c - decodes deflate (RFC 1951): its Huffman codes, its blocks, and the window
 * of its output.
 *
 * Each state is a function that reads the available input. An incomplete part stays in
 * the bits until more input comes. New bytes are written after the old ones, so a copy
 * within the window is a plain copy. When the window is full, its last 32 KiB move to the
 * front. A symbol is read as a whole or not at all: its codes and further bits are 48
 * bits at most, and 56 are available unless the input ends. Next: gzip.c.
 */
#include "inflate.h"

#include <stddef.h>
#include <string.h>

#include "inflate_parts.h"

/*
 * An entry: the meaning of a code, and all that the decoding loop needs to know of it.
 *   bits 0 to 3    length of the code
 *   bits 4 to 7    further bits that belong to it
 *   bits 8, 9      ENTRY_COPY, ENTRY_STOP; neither: the code is a byte
 *   from bit 16    the byte; the least length or distance; with ENTRY_STOP: 1 when the
 *                  code is the block's end, 0 when the code has no meaning
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

/* RFC 1951 3.2.5: the least length or distance that each symbol stands for. */
static const uint16_t length_base[29] = { 3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                          15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                          67, 83, 99, 115, 131, 163, 195, 227, 258 };
static const uint16_t distance_base[30] = {
    1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
    193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577
};

static uint32_t literal_entry(unsigned symbol)
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

static uint32_t distance_entry(unsigned symbol)
{
    if (symbol > 29)
        return ENTRY_STOP;
    return (uint32_t)distance_base[symbol] << 16 | ENTRY_COPY |
           (symbol < 4 ? 0 : (symbol - 2) / 2) << 4;
}

static uint32_t plain_entry(unsigned symbol)
{
    return symbol << 16;
}

/* Counts the codes of each length. Returns NULL when there are enough codes for the
 * lengths and none is left over (a code of one bit may be incomplete unless `whole`);
 * otherwise the error. */
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

/* Sorts the entries by length, and those of equal length by symbol. */
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

static const char *make_code(struct inflate_code *code, const unsigned char *lengths,
                             unsigned n, uint32_t (*entry)(unsigned symbol), bool whole)
{
    const char *why = count_lengths(code, lengths, n, whole);
    unsigned next = 0, i = 0; /* `next` is a code, its first bit lowest, as read */

    if (why != NULL)
        return why;
    sort(code, lengths, n, entry);
    memset(code->fast, 0, sizeof code->fast);
    for (unsigned length = 1; length <= INFLATE_FAST; length++)
        for (unsigned end = i + code->count[length]; i < end; i++) {
            unsigned bit = 1u << (length - 1);

            for (unsigned at = next; at < 1u << INFLATE_FAST; at += 1u << length)
                code->fast[at] = code->sorted[i];
            for (; (next & bit) != 0; bit >>= 1) /* adds one, from the highest bit down */
                next ^= bit;
            next |= bit;
        }
    return NULL;
}

/* The codes of one length are consecutive numbers; `first` is the least of them. */
static uint32_t long_code(const struct inflate_code *code, uint64_t bits)
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

/* Returns the entry of the code that the bits begin with. When the entry has more bits
 * than are available, it is not valid until more input has come. */
static inline uint32_t look(const struct inflate_code *code, uint64_t bits)
{
    uint32_t entry = code->fast[bits & ((1u << INFLATE_FAST) - 1)];

    return entry != 0 ? entry : long_code(code, bits);
}

/* ---- the code lengths of a block ---- */

/* RFC 1951 3.2.6: these codes are the same in every block that uses them, so consecutive
 * blocks share them. */
static void fixed_codes(struct inflate *self)
{
    if (self->fixed)
        return;
    memset(self->lengths, 8, 144);
    memset(self->lengths + 144, 9, 112);
    memset(self->lengths + 256, 7, 24);
    memset(self->lengths + 280, 8, 8);
    make_code(&self->literal, self->lengths, 288, literal_entry, true);
    memset(self->lengths, 5, 32);
    make_code(&self->distance, self->lengths, 32, distance_entry, true);
    self->fixed = true;
}

/* RFC 1951 3.2.7: reads the numbers of code lengths. */
static bool code_sizes(struct inflate *self)
{
    if (!inflate_need(&self->input, 14))
        return false;
    self->literals = 257 + inflate_take(&self->input, 5);
    self->distances = 1 + inflate_take(&self->input, 5);
    self->orders = 4 + inflate_take(&self->input, 4);
    if (self->literals > 286 || self->distances > 30)
        return inflate_fail(self, "bad-deflate: there are too many code lengths");
    memset(self->lengths, 0, sizeof self->lengths);
    self->fixed = false;
    return inflate_go(self, ORDERS);
}

/* RFC 1951 3.2.7: reads the lengths of the code that encodes the other lengths. */
static bool orders(struct inflate *self)
{
    static const unsigned char order[19] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                             11, 4,  12, 3, 13, 2, 14, 1, 15 };

    for (; self->index < self->orders; self->index++) {
        if (!inflate_need(&self->input, 3))
            return false;
        self->lengths[order[self->index]] = (unsigned char)inflate_take(&self->input, 3);
    }
    self->why = make_code(&self->distance, self->lengths, 19, plain_entry, true);
    return self->why == NULL && inflate_go(self, LENGTHS);
}

static bool make_codes(struct inflate *self)
{
    if (self->lengths[256] == 0)
        return inflate_fail(self, "bad-deflate: a block has no code for its end");
    self->why =
        make_code(&self->literal, self->lengths, self->literals, literal_entry, false);
    if (self->why == NULL)
        self->why = make_code(&self->distance, self->lengths + self->literals,
                              self->distances, distance_entry, false);
    return self->why == NULL && inflate_go(self, SYMBOLS);
}

/* RFC 1951 3.2.7: reads the lengths of both codes, one after the other. Symbols 16 to 18
 * repeat a length. */
static bool lengths(struct inflate *self)
{
    static const unsigned char more[3] = { 2, 3, 7 }, least[3] = { 3, 3, 11 };
    unsigned total = self->literals + self->distances;

    while (self->index < total) {
        struct inflate_bits *b = &self->input;
        bool enough = inflate_need(b, 14); /* if not, fewer bits may suffice: see below */
        uint32_t entry = look(&self->distance, b->bits);
        unsigned symbol = entry >> 16, bits = entry_bits(entry), times = 1, length;

        if (!enough && bits + (symbol < 16 ? 0 : more[symbol - 16]) > b->n)
            return false;
        inflate_drop(b, bits);
        if (symbol >= 16)
            times = least[symbol - 16] + inflate_take(b, more[symbol - 16]);
        if (times > total - self->index || (symbol == 16 && self->index == 0))
            return inflate_fail(self, "bad-deflate: a code length is repeated wrongly");
        length = symbol < 16 ? symbol : symbol == 16 ? self->lengths[self->index - 1] : 0;
        memset(self->lengths + self->index, (int)length, times);
        self->index += times;
    }
    return make_codes(self);
}

/* ---- the bytes and copies of a block ---- */

static const char nothing[] = "bad-deflate: a code means nothing";

/* Makes 56 bits or more available, unless the input ends. May also set bits above b->n:
 * they are the right ones, and the next refill sets them again. */
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

/* Copies to `to` the n bytes that begin `distance` bytes before it, and writes up to
 * seven bytes more. Returns the end of the copy. */
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

/* Reads the further bits of a length and then its distance, and copies. Returns the
 * end of the copy; NULL when the input does not suffice, or after an error in
 * self->why. */
static inline unsigned char *copy_symbol(struct inflate *self, struct inflate_bits *b,
                                         uint32_t length, unsigned char *to)
{
    unsigned length_at = entry_bits(length), code_at = length_at + entry_more(length);
    uint32_t distance = look(&self->distance, b->bits >> code_at);
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

/* RFC 1951 3.2.3: decodes bytes and copies up to the block's end. */
static bool symbols(struct inflate *self)
{
    struct inflate_bits b = self->input; /* a local copy stays in registers, like `to` */
    unsigned char *to = self->window + self->at, *next;
    unsigned char *const full = self->window + 2 * INFLATE_WINDOW;
    uint32_t entry = 0;

    for (; to < full; to = next) {
        refill(&b);
        entry = look(&self->literal, b.bits);
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
    b.bits &= ((uint64_t)1 << b.n) - 1; /* only refill() may leave bits above b.n */
    self->input = b;
    self->at = (size_t)(to - self->window);
    if (to >= full)
        return true;
    if ((entry & ENTRY_STOP) == 0 || entry_bits(entry) > b.n)
        return false;
    inflate_drop(&self->input, entry_bits(entry));
    return entry >> 16 != 0 ? inflate_go(self, BLOCK) : inflate_fail(self, nothing);
}

/* ---- the blocks and the window ---- */

bool inflate_start(struct inflate *self)
{
    self->first = self->at;
    self->sum = self->kind == INFLATE_GZIP ? 0 : 1;
    self->size = 0;
    self->last = self->fixed = false;
    return inflate_go(self, BLOCK);
}

/* RFC 1951 3.2.3: reads a block's head. After the last block comes the check sum of the
 * format around deflate. */
static bool block(struct inflate *self)
{
    static const enum inflate_state after[] = { FINISHED, ZLIB_SUM, GZIP_SUM };
    static const enum inflate_state types[] = { STORED_SIZE, SYMBOLS, CODE_SIZES };
    unsigned type;

    if (self->last) {
        inflate_align(&self->input);
        return inflate_go(self, after[self->kind]);
    }
    if (!inflate_need(&self->input, 3))
        return false;
    self->last = inflate_take(&self->input, 1) != 0;
    type = inflate_take(&self->input, 2);
    if (type == 3)
        return inflate_fail(self, "bad-deflate: there is no block type 3");
    if (type == 1)
        fixed_codes(self);
    return inflate_go(self, types[type]);
}

/* RFC 1951 3.2.4: reads the length of a stored block. */
static bool stored_size(struct inflate *self)
{
    inflate_align(&self->input);
    if (!inflate_need(&self->input, 32))
        return false;
    self->left = inflate_take(&self->input, 16);
    if (inflate_take(&self->input, 16) != (self->left ^ 0xffff))
        return inflate_fail(self, "bad-deflate: a stored block's length is wrong");
    return inflate_go(self, STORED);
}

static bool stored(struct inflate *self)
{
    struct inflate_bits *b = &self->input;
    size_t room, n = (size_t)(b->end - b->in);

    while (b->n > 0 && self->left > 0 && self->at < 2 * INFLATE_WINDOW) {
        self->window[self->at++] = (unsigned char)inflate_take(b, 8);
        self->left--;
    }
    room = 2 * INFLATE_WINDOW - self->at;
    n = n < self->left ? n : self->left;
    n = n < room ? n : room;
    if (n > 0)
        memcpy(self->window + self->at, b->in, n);
    b->in += n;
    self->at += n;
    self->left -= (unsigned)n;
    if (self->left == 0)
        return inflate_go(self, BLOCK);
    return n == room; /* then the window is full */
}

static bool finished(struct inflate *self)
{
    if (inflate_need(&self->input, 8))
        inflate_fail(self, "bad-deflate: bytes follow the end");
    return false;
}

void inflate_hand_out(struct inflate *self)
{
    const unsigned char *bytes = self->window + self->handed;
    size_t n = self->at - self->handed;

    if (n > self->limit - self->made) { /* replaces an error later in the input */
        n = (size_t)(self->limit - self->made);
        self->why = "too-large: more comes out than is taken";
    }
    if (n > 0)
        self->out(self->arg, (const char *)bytes, n);
    if (self->kind == INFLATE_GZIP)
        self->sum = crc32_add(&self->crc, self->sum, bytes, n);
    else if (self->kind == INFLATE_ZLIB)
        self->sum = adler32_add(self->sum, bytes, n);
    self->size += (uint32_t)n;
    self->made += n;
    self->handed = self->at;
}

/* Moves the window when it is full. The cuts of the input do not change where in the
 * stream this happens. */
static void move_on(struct inflate *self)
{
    const struct inflate_bits *b = &self->input;
    size_t gone = self->at - INFLATE_WINDOW;

    if (self->at < 2 * INFLATE_WINDOW)
        return;
    inflate_hand_out(self);
    if (self->why == NULL &&
        self->made / self->ratio >
            self->before + (uint64_t)(b->in - self->piece) - b->n / 8)
        self->why = "too-dense: too much comes out of too little";
    memmove(self->window, self->window + gone, INFLATE_WINDOW);
    self->first = self->first > gone ? self->first - gone : 0;
    self->handed = self->at = INFLATE_WINDOW;
}

void inflate_init(struct inflate *self, enum inflate_kind kind, uint64_t limit,
                  void (*out)(void *arg, const char *bytes, size_t n), void *arg)
{
    static const enum inflate_state first[] = { BLOCK, ZLIB_HEAD, GZIP_HEAD, ZLIB_HEAD };

    memset(self, 0, offsetof(struct inflate, crc));
    self->out = out;
    self->arg = arg;
    self->limit = limit;
    self->ratio = INFLATE_RATIO;
    self->kind = kind;
    if (kind == INFLATE_GZIP)
        crc32_init(&self->crc);
    inflate_start(self);
    inflate_go(self, first[kind]);
}

const char *inflate_feed(struct inflate *self, const void *bytes, size_t n)
{
    static inflate_step *const steps[] = {
        inflate_zlib_head,
        inflate_zlib_sum,
        inflate_gzip_head,
        inflate_gzip_extra_size,
        inflate_gzip_extra,
        inflate_gzip_text,
        inflate_gzip_text,
        inflate_gzip_head_sum,
        inflate_gzip_sum,
        inflate_gzip_size,
        block,
        stored_size,
        stored,
        code_sizes,
        orders,
        lengths,
        symbols,
        finished,
    };

    if (self->why != NULL || n == 0)
        return self->why;
    self->piece = self->input.in = bytes;
    self->input.end = self->piece + n;
    while (self->why == NULL && steps[self->state](self))
        move_on(self); /* may set self->why */
    inflate_hand_out(self);
    self->before += n;
    return self->why;
}

const char *inflate_end(struct inflate *self)
{
    bool between = self->state == GZIP_HEAD && self->index == 0;

    if (self->why == NULL && self->before > 0 && self->state != FINISHED && !between)
        self->why = "truncated: it ends in the middle";
    return self->why;
}
