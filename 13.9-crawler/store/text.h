/*
 * text.h - a buffer that grows, and two functions that make network bytes safe text.
 *
 *     text_string(&line, "url ");
 *     json_string(&line, url, n);
 *     if (line.error == 0) ... line.at, line.n
 *
 * Bytes from the network may be anything: malformed UTF-8, or sequences that move the
 * cursor of a terminal. So they are written to pages.jsonl only through json_string(),
 * and to a terminal only through terminal_safe(). Next: store.h, robots.h.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>
#include <stdint.h>

/* A struct of zeros is an empty text. Release a text with text_free(). */
struct text {
    char *at;    /* the bytes, owned, not ended by a NUL; NULL while room is 0 */
    size_t n;    /* bytes in use */
    size_t room; /* bytes allocated */
    int error;   /* 0 or the first failure, after which all additions are ignored */
};

/* Appends n bytes. A failure, which is ENOMEM, is kept in `error`: build the whole text,
 * then check `error` once. */
void text_add(struct text *t, const void *bytes, size_t n);

/* Appends a string that ends with a NUL, or a number in decimal digits. */
void text_string(struct text *t, const char *string);
void text_number(struct text *t, uint64_t number);

/* Appends like printf(). The format never comes from the network. Fails like text_add(),
 * and with EINVAL when vsnprintf() refuses the format. */
void text_printf(struct text *t, const char *format, ...);

/* Releases the memory and makes the text empty again, with an `error` of 0. */
void text_free(struct text *t);

/* Appends n bytes as a JSON string literal with its quotes (RFC 8259, section 7), in
 * ASCII only. The bytes are read as UTF-8 and each malformed part (its maximal subpart,
 * as the WHATWG Encoding Standard's UTF-8 decoder cuts it) becomes U+FFFD. */
void json_string(struct text *t, const void *bytes, size_t n);

/* Appends n bytes in a form that a terminal prints and does not interpret. Malformed
 * UTF-8, controls (C0, DEL, C1), direction marks and invisible characters are written as
 * \xHH, byte by byte. A backslash is doubled, and all else is unchanged. So different
 * inputs give different texts. */
void terminal_safe(struct text *t, const void *bytes, size_t n);

#endif
