/*
 * utf8.h - decodes and encodes UTF-8, one code point at a time (RFC 3629).
 *
 *     while (at < n)
 *         at += utf8_decode(text + at, n - at, &code);
 *
 * Bytes from the network may be malformed. The decoder ends a malformed sequence where
 * the decoder of the WHATWG Encoding Standard ends it, so all parsers of the workbook
 * produce the same number of replacement characters. These functions keep no state. Next:
 * url.h.
 */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>
#include <stdint.h>

enum {
    UTF8_MALFORMED = 0x110000, /* not a code point: the bytes are not UTF-8 */
    UTF8_REPLACEMENT = 0xfffd  /* U+FFFD, which replaces a malformed sequence */
};

/* Returns the length in bytes of a sequence that begins with `lead`, or 0 when no
 * sequence begins with this byte. */
size_t utf8_length(unsigned char lead);

/* Decodes one code point from the `n` >= 1 bytes at `text` (WHATWG Encoding 8.1.1).
 * Returns the number of bytes consumed, at least 1. Sets *code to UTF8_MALFORMED for a
 * malformed or truncated sequence, which ends before the first byte that does not fit. */
size_t utf8_decode(const char *text, size_t n, uint32_t *code);

/* Encodes a code point, which is below UTF8_MALFORMED and not a surrogate. Returns the
 * number of bytes written, 1 to 4, without a NUL. */
size_t utf8_encode(char to[4], uint32_t code);

#endif
