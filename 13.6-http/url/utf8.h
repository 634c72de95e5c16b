/*
 * utf8.h - UTF-8, one code point at a time (RFC 3629).
 *
 *     while (at < n)
 *         at += utf8_decode(text + at, n - at, &code);
 *
 * Bytes from the network may be anything. A malformed sequence is cut as the WHATWG
 * Encoding Standard's decoder cuts it, so that every reader of the workbook sees the same
 * number of replacement characters. Next: url.h.
 */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>
#include <stdint.h>

enum {
    UTF8_MALFORMED = 0x110000, /* not a code point: the bytes are not UTF-8 */
    UTF8_REPLACEMENT = 0xfffd  /* U+FFFD, what a decoder writes for them */
};

/* The length in bytes of the sequence that begins with `lead`; 0 when none does. */
size_t utf8_length(unsigned char lead);

/* WHATWG Encoding 8.1.1: reads one code point from the `n` >= 1 bytes at `text` and
 * returns how many bytes it took. A malformed or truncated sequence gives
 * UTF8_MALFORMED, and ends before the first byte that does not fit. */
size_t utf8_decode(const char *text, size_t n, uint32_t *code);

/* Writes a code point (below UTF8_MALFORMED, no surrogate) and returns the bytes
 * written. */
size_t utf8_encode(char to[4], uint32_t code);

#endif
