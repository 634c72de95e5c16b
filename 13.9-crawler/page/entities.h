/*
 * entities.h - decodes the character references of HTML: "&amp;" becomes "&".
 *
 *     n = entities_decode(raw, n, true, decoded, sizeof decoded);
 *
 * Next: entities.c, then links.h.
 */
#ifndef ENTITIES_H
#define ENTITIES_H

#include <stdbool.h>
#include <stddef.h>

/* Decodes the character references in text, or in an attribute value when `attribute`
 * is true (WHATWG HTML 13.2.5.72 to 13.2.5.80). Also replaces CR and CR LF by LF, and
 * NUL by U+FFFD. Writes at most `size` bytes to `out`. Returns the length of the
 * complete result, which may be greater than `n` and greater than `size`. */
size_t entities_decode(const char *in, size_t n, bool attribute, char *out, size_t size);

#endif
