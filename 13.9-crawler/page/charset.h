/*
 * charset.h - which character encoding a page is written in: by its first bytes, by a name,
 * or by what its own <meta> says (WHATWG Encoding, HTML 13.2.3). Next: convert.h.
 */
#ifndef CHARSET_H
#define CHARSET_H

#include <stdint.h>

#include "span.h"

enum charset_way {
    CHARSET_UTF_8,      /* nothing is to be done */
    CHARSET_1252,       /* by a table of ours: it is what pages without a name are in */
    CHARSET_ASCII,      /* by iconv(); ASCII bytes at the beginning are ASCII */
    CHARSET_OTHER,      /* by iconv() from the first byte on */
    CHARSET_REPLACEMENT /* not to be read at all: the standard's replacement encoding */
};

struct charset {
    const char *name; /* the standard's, in lower case */
    enum charset_way way;
    const char *iconv;  /* what iconv_open() calls it, with spaces between */
    const char *labels; /* what pages call it, with spaces between */
};

extern const struct charset *const charset_utf_8, *const charset_windows_1252;

/* The code points of the windows-1252 bytes from 0x80 to 0x9f. */
extern const uint16_t charset_1252_high[32];

/* Encoding 4.2, "get an encoding": the label is trimmed, its case is ignored. NULL for an
 * unknown one. The name itself is a label. */
const struct charset *charset_find(struct span label);

/* Encoding 6, "BOM sniff": NULL without a mark; else *skip is its length. */
const struct charset *charset_of_bom(struct span bytes, size_t *skip);

/* HTML 13.2.3.2, "prescan a byte stream": what the first bytes (the caller gives 1,024)
 * declare, or NULL. The bytes need not be a whole page. */
const struct charset *charset_prescan(struct span bytes);

#endif
