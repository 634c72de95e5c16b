/*
 * convert.h - converts text to UTF-8, in pieces of any size.
 *
 *     convert_begin(&convert, charset, false, out, arg);
 *     convert_feed(&convert, bytes, n);
 *     convert_end(&convert);
 *
 * Next: convert.c, then content.h.
 */
#ifndef CONVERT_H
#define CONVERT_H

#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>

#include "charset.h"

enum { CONVERT_CARRY = 8, CONVERT_PIECE = 1024 }; /* bytes */

struct convert {
    const struct charset *charset; /* windows-1252 if iconv() does not know the page's */
    void (*out)(void *arg, const char *text, size_t n);
    void *arg;
    bool guess;                /* no label or mark has named the encoding */
    bool begun;                /* a byte above 0x7f has been read */
    bool open;                 /* `cd` is open */
    iconv_t cd;                /* the open converter */
    char carry[CONVERT_CARRY]; /* the beginning of an incomplete character */
    size_t carry_n;
};

/* Prepares for a text. `guessing` means that nothing has named the encoding: the text
 * is UTF-8 when its first bytes above 0x7f form a UTF-8 character (HTML 13.2.3.2
 * allows such a guess). `out` gets UTF-8 text that is valid until it returns. */
void convert_begin(struct convert *self, const struct charset *charset, bool guessing,
                   void (*out)(void *arg, const char *text, size_t n), void *arg);

/* Converts the next n bytes. UTF-8 is passed on unchanged, also when it is malformed:
 * json_string() and the URL parser handle that. In other encodings a malformed part
 * becomes U+FFFD. ASCII at the beginning is passed on without a copy and without
 * iconv_open(). */
void convert_feed(struct convert *self, const char *bytes, size_t n);

/* Ends the text: an incomplete character becomes U+FFFD. */
void convert_end(struct convert *self);

/* Closes the converter without output. Calling it again does nothing; a struct of
 * zeros is accepted. */
void convert_close(struct convert *self);

#endif
