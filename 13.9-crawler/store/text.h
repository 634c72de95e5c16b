/*
 * text.h - a buffer that grows, and the two ways from network bytes to text that is
 * safe.
 *
 * Bytes from the network may be anything: no UTF-8 at all, or sequences that move the
 * cursor of a terminal. They reach a file as a JSON string literal and a terminal
 * through terminal_safe(), and by no other road. Both write into a struct text, with
 * which the crawler builds its lines.
 *
 * Read next: store.h, which writes such lines; robots.h, which keeps its rules in one.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>
#include <stdint.h>

/* All zero is an empty text. Free it with text_free(). */
struct text {
    char *at;    /* the bytes, owned, not ended by a NUL; NULL while room is 0 */
    size_t n;    /* bytes in use */
    size_t room; /* bytes allocated */
    int error;   /* 0, or ENOMEM: something is missing, later additions are ignored */
};

/* Appends n bytes. A failure is kept in `error`: build the whole text, then check
 * once. */
void text_add(struct text *t, const void *bytes, size_t n);

/* Appends a string that ends with a NUL, or a number in decimal digits. */
void text_string(struct text *t, const char *string);
void text_number(struct text *t, uint64_t number);

/* Appends as printf does. The format is ours, never the network's. Fails as text_add()
 * does, and with EINVAL where vsnprintf() refuses the format. */
void text_printf(struct text *t, const char *format, ...);

/* Releases the memory and makes it empty again, error included. */
void text_free(struct text *t);

/* Appends n bytes as a JSON string literal with its quotes (RFC 8259, section 7), in
 * ASCII only. The bytes are read as UTF-8 and each malformed part (its maximal subpart,
 * as the WHATWG Encoding Standard's UTF-8 decoder cuts it) becomes U+FFFD. */
void json_string(struct text *t, const void *bytes, size_t n);

/* Appends n bytes in a form that a terminal only prints: what is no UTF-8, a control
 * (C0, DEL, C1), a direction mark or an invisible character appears as \xHH byte by
 * byte, a backslash is doubled, all else is unchanged. So the reader can tell every
 * original from every other. */
void terminal_safe(struct text *t, const void *bytes, size_t n);

#endif
