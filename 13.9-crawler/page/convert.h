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

/* Bytes of an incomplete character, and of a piece of output, at most. */
enum { CONVERT_CARRY = 8, CONVERT_PIECE = 1024 };

struct convert {
    const struct charset *charset; /* windows-1252 if iconv() lacks the text's encoding */
    void (*out)(void *arg, const char *text, size_t n);
    void *arg;
    bool guess;                /* the encoding is still to be guessed */
    bool begun;                /* a byte above 0x7f has been read */
    bool open;                 /* `cd` is open */
    iconv_t cd;                /* the open converter */
    char carry[CONVERT_CARRY]; /* the beginning of an incomplete character */
    size_t carry_n;
};

/* Prepares for a text. `self` is a struct of zeros or was used before. `guessing` means
 * that no label or mark has named the encoding: the text is UTF-8 when its first bytes
 * above 0x7f form a UTF-8 character, and windows-1252 otherwise (HTML 13.2.3.2 allows
 * such a guess). `out` gets UTF-8 text, which is valid until `out` returns. */
void convert_begin(struct convert *self, const struct charset *charset, bool guessing,
                   void (*out)(void *arg, const char *text, size_t n), void *arg);

/* Converts the next n bytes. UTF-8 is passed on unchanged, even when it is malformed:
 * json_string() and the URL parser handle that. In other encodings each malformed byte
 * becomes U+FFFD. ASCII at the beginning is passed on without a copy and without
 * iconv_open(), except in a CHARSET_OTHER. */
void convert_feed(struct convert *self, const char *bytes, size_t n);

/* Ends the text and closes the converter. An incomplete character becomes U+FFFD, but in
 * UTF-8 it has been passed on unchanged. If the encoding is still to be guessed, the
 * bytes kept for the guess are read as windows-1252. */
void convert_end(struct convert *self);

/* Closes the converter without output. Calling it again does nothing; a struct of
 * zeros is accepted. */
void convert_close(struct convert *self);

#endif
