/* inflate_lengths.c - the code lengths of a block (RFC 1951 3.2.6, 3.2.7). Next:
 * inflate_wrap.c. */
#include <string.h>

#include "inflate_parts.h"

/* 3.2.6: the same in every such block, so they may be there already. */
void inflate_fixed_codes(struct inflate *self)
{
    if (self->fixed)
        return;
    memset(self->lengths, 8, 144);
    memset(self->lengths + 144, 9, 112);
    memset(self->lengths + 256, 7, 24);
    memset(self->lengths + 280, 8, 8);
    inflate_make_code(&self->literal, self->lengths, 288, inflate_literal, true);
    memset(self->lengths, 5, 32);
    inflate_make_code(&self->distance, self->lengths, 32, inflate_distance, true);
    self->fixed = true;
}

/* 3.2.7: how many lengths of each kind there are */
bool inflate_code_sizes(struct inflate *self)
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

/* The lengths of the code that the lengths are written in. */
bool inflate_orders(struct inflate *self)
{
    static const unsigned char order[19] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                             11, 4,  12, 3, 13, 2, 14, 1, 15 };

    for (; self->index < self->orders; self->index++) {
        if (!inflate_need(&self->input, 3))
            return false;
        self->lengths[order[self->index]] = (unsigned char)inflate_take(&self->input, 3);
    }
    self->why =
        inflate_make_code(&self->distance, self->lengths, 19, inflate_plain, true);
    return self->why == NULL && inflate_go(self, LENGTHS);
}

static bool make_codes(struct inflate *self)
{
    if (self->lengths[256] == 0)
        return inflate_fail(self, "bad-deflate: a block has no code for its end");
    self->why = inflate_make_code(&self->literal, self->lengths, self->literals,
                                  inflate_literal, false);
    if (self->why == NULL)
        self->why = inflate_make_code(&self->distance, self->lengths + self->literals,
                                      self->distances, inflate_distance, false);
    return self->why == NULL && inflate_go(self, SYMBOLS);
}

/* The lengths of both codes, in one row; 16 to 18 repeat one. */
bool inflate_lengths(struct inflate *self)
{
    static const unsigned char more[3] = { 2, 3, 7 }, least[3] = { 3, 3, 11 };
    unsigned total = self->literals + self->distances;

    while (self->index < total) {
        struct inflate_bits *b = &self->input;
        bool enough = inflate_need(b, 14); /* or nearly the end, and then perhaps */
        uint32_t entry = inflate_look(&self->distance, b->bits);
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
