/*
 * url_encode.h - copy text into a URL and write as %XX what does not belong there.
 *
 * Only url.c uses it: url.c knows which part of a URL it reads, this piece knows which
 * bytes the part may hold. Read next: url_encode.c.
 */
#ifndef URL_ENCODE_H
#define URL_ENCODE_H

#include <stddef.h>

/* Kinds of bytes. In the part that a name says, the first four are written as %XX. */
enum {
    IN_FRAGMENT = 0x01,
    IN_QUERY = 0x02,
    IN_PATH = 0x04,
    IN_USERINFO = 0x08,
    END_SEGMENT = 0x10, /* / \ ? #: ends a path segment, and host and port too */
    END_QUERY = 0x20,   /* # */
    DROPPED = 0x40,     /* tab, LF, CR: as if they were not there */
    END_USER = 0x80     /* : */
};

extern const unsigned char url_kind[256]; /* WHATWG URL 1.3, percent-encode sets */

struct url_writer {
    const unsigned char *at, *end; /* input not yet read */
    char *text;                    /* what is written, of URL_MAX bytes */
    size_t len;                    /* bytes written */
    int err;                       /* 0, or why the text is no URL */
};

/* The next byte that counts, after those that are dropped, or -1 at the end. */
int url_peek(struct url_writer *w);

/* Appends n bytes as they are, or sets err to ENAMETOOLONG. */
void url_put(struct url_writer *w, const void *bytes, size_t n);

/*
 * Copies the input up to a byte of the set stop, or to its end, and percent-encodes the
 * bytes of the set encode (WHATWG URL 1.3, UTF-8 percent-encode). Bytes that are no UTF-8
 * become U+FFFD, one for each longest broken start of a sequence, as WHATWG Encoding
 * decodes them.
 */
void url_copy(struct url_writer *w, unsigned encode, unsigned stop);

#endif
