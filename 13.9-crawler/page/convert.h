/*
 * convert.h - text in some encoding becomes UTF-8, in pieces of any size. Next: content.h.
 */
#ifndef CONVERT_H
#define CONVERT_H

#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>

#include "charset.h"

enum { CONVERT_CARRY = 8, CONVERT_PIECE = 1024 }; /* bytes */

struct convert {
    const struct charset
        *charset; /* windows-1252 when iconv() does not know the page's */
    void (*out)(void *arg, const char *text, size_t n);
    void *arg;
    bool guess;                /* nobody has said which charset it is */
    bool begun;                /* a byte came that is not ASCII */
    bool open;                 /* iconv_close() is due */
    iconv_t cd;                /* then */
    char carry[CONVERT_CARRY]; /* the beginning of a character whose rest is to come */
    size_t carry_n;
};

/* Make ready for a text. `guessing`: nobody has said windows-1252; it is UTF-8 if the first
 * bytes that are not ASCII are so (HTML 13.2.3.2 allows that; a UTF-8 character is hardly
 * ever anything else). `out` gets UTF-8, good until it returns. */
void convert_begin(struct convert *self, const struct charset *charset, bool guessing,
                   void (*out)(void *arg, const char *text, size_t n), void *arg);

/* The next n bytes. UTF-8 passes as it is, malformed or not: json_string() and the URL
 * parser deal with that. Elsewhere what is malformed becomes U+FFFD. ASCII at the
 * beginning passes without a copy, and without iconv_open(). */
void convert_feed(struct convert *self, const char *bytes, size_t n);

/* The text is over: what waits for its rest becomes U+FFFD. */
void convert_end(struct convert *self);

/* Give back what iconv() holds, saying nothing more. Twice, or all zero, is fine. */
void convert_close(struct convert *self);

#endif
