/*
 * charset.h - finds the encoding of a page from its first bytes, from a label, or from
 * its <meta> (WHATWG Encoding, HTML 13.2.3).
 *
 *     found = charset_of_bom(bytes, &skip);
 *     if (found == NULL)
 *         found = charset_prescan(bytes);
 *
 * Next: convert.h.
 */
#ifndef CHARSET_H
#define CHARSET_H

#include <stdint.h>

#include "span.h"

enum charset_way {
    CHARSET_UTF_8,      /* needs no conversion */
    CHARSET_1252,       /* charset_1252_high converts it; the default without a label */
    CHARSET_ASCII,      /* iconv() converts it from the first byte above 0x7f on */
    CHARSET_OTHER,      /* iconv() converts it from the first byte on */
    CHARSET_REPLACEMENT /* the standard's replacement encoding: one U+FFFD, no text */
};

struct charset {
    const char *name; /* the standard's name, in lower case */
    enum charset_way way;
    const char *iconv;  /* names to try with iconv_open(), separated by spaces */
    const char *labels; /* labels that pages use, separated by spaces */
};

extern const struct charset *const charset_utf_8, *const charset_windows_1252;

/* The code points of the windows-1252 bytes from 0x80 to 0x9f. */
extern const uint16_t charset_1252_high[32];

/* WHATWG Encoding 4.2, "get an encoding": returns the encoding of a label, or NULL when
 * the label is unknown. White space around the label and its case are ignored. An
 * encoding's name is also a label. */
const struct charset *charset_find(struct span label);

/* WHATWG Encoding 6, "BOM sniff": returns the encoding of the byte order mark and sets
 * *skip to the mark's length. Returns NULL and sets *skip to 0 when there is no mark. */
const struct charset *charset_of_bom(struct span bytes, size_t *skip);

/* HTML 13.2.3.2, "prescan a byte stream": returns the encoding that the first bytes
 * declare, or NULL. The caller passes at most 1,024 bytes, which need not be a whole
 * page. */
const struct charset *charset_prescan(struct span bytes);

#endif
