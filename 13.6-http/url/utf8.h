/*
 * utf8.h - decodes and encodes one code point of UTF-8 at a time (RFC 3629).
 *
 *     while (at < n)
 *         at += utf8_decode(text + at, n - at, &code);
 *
 * Bytes from the network can be malformed. The decoder ends a malformed sequence where
 * the WHATWG Encoding Standard ends it, so that all callers write the same number of
 * replacement characters. Next: url.h.
 */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>
#include <stdint.h>

enum {
    UTF8_MALFORMED = 0x110000, /* no code point: the bytes are malformed */
    UTF8_REPLACEMENT =
        0xfffd /* U+FFFD, which a decoder writes for a malformed sequence */
};

/* Returns the length in bytes of the sequence that begins with `lead`, or 0 when no
 * sequence begins with it. */
size_t utf8_length(unsigned char lead);

/* Decodes one code point from the `n` >= 1 bytes at `text` (WHATWG Encoding 8.1.1) and
 * returns the number of bytes consumed, at least 1. For a malformed or truncated
 * sequence, sets *code to UTF8_MALFORMED; the sequence ends before the first byte that
 * does not continue it. */
size_t utf8_decode(const char *text, size_t n, uint32_t *code);

/* Encodes a code point, which is below UTF8_MALFORMED and no surrogate. Returns the
 * number of bytes written, 1 to 4. */
size_t utf8_encode(char to[4], uint32_t code);

#endif
