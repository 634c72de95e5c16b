/*
 * inflate.c - the blocks of deflate (RFC 1951), and the window they come out of.
 *
 * Each state is a function that takes what it can; what is not complete stays in the bits
 * until more comes. New bytes are written behind the old ones, so that a copy is a copy;
 * when the window is full, its last 32 KiB move to the front. Read next:
 * inflate_symbols.c.
 */
#include "inflate.h"

#include <stddef.h>
#include <string.h>

#include "inflate_parts.h"

bool inflate_start(struct inflate *self)
{
    self->first = self->at;
    self->sum = self->kind == INFLATE_GZIP ? 0 : 1;
    self->size = 0;
    self->last = self->fixed = false;
    return inflate_go(self, BLOCK);
}

/* 3.2.3, a block's head; the last one is followed by the sums of the wrapping. */
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
        inflate_fixed_codes(self);
    return inflate_go(self, types[type]);
}

/* 3.2.4 */
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

    if (n > self->limit - self->made) { /* that came before what else may be wrong */
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

/* When the window is full, move on; the same moments in the stream however it is cut. */
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
        inflate_code_sizes,
        inflate_orders,
        inflate_lengths,
        inflate_symbols,
        finished,
    };

    if (self->why != NULL || n == 0)
        return self->why;
    self->piece = self->input.in = bytes;
    self->input.end = self->piece + n;
    while (self->why == NULL && steps[self->state](self))
        move_on(self); /* which may say why there is no next step */
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
