/*
 * url_encode.h - copies text into a URL and percent-encodes the bytes that need it.
 *
 *     url_copy(w, IN_PATH, END_SEGMENT);
 *
 * Only url.c uses it. url.c knows which part of a URL comes next. This file knows which
 * bytes each part can contain. Next: url.c.
 */
#ifndef URL_ENCODE_H
#define URL_ENCODE_H

#include <stddef.h>

/* Sets of bytes. The first four name the part of a URL in which the byte becomes %XX. */
enum {
    IN_FRAGMENT = 0x01,
    IN_QUERY = 0x02,
    IN_PATH = 0x04,
    IN_USERINFO = 0x08,
    END_SEGMENT = 0x10, /* / \ ? #, which end a path segment, a host and a port */
    END_QUERY = 0x20,   /* #, which ends a query */
    DROPPED = 0x40,     /* tab, LF, CR, which the parser ignores */
    END_USER = 0x80     /* :, which ends a user name */
};

/* For each byte, the sets that contain it. They follow the percent-encode sets of WHATWG
 * URL 1.3. */
extern const unsigned char url_kind[256];

struct url_writer {
    const unsigned char *at, *end; /* unread input */
    char *text;                    /* output buffer of URL_MAX bytes */
    size_t len;                    /* bytes written */
    int err;                       /* 0, or the errno value of the first error */
};

/* Skips the bytes of the set DROPPED. Returns the next byte without consuming it, or
 * -1 at the end. */
int url_peek(struct url_writer *w);

/* Appends n bytes unchanged, or sets err to ENAMETOOLONG when they do not fit. */
void url_put(struct url_writer *w, const void *bytes, size_t n);

/*
 * Copies the input up to a byte of the set `stop`, or to its end, and percent-encodes the
 * bytes of the set `encode` (WHATWG URL 1.3, UTF-8 percent-encode). Each malformed UTF-8
 * sequence, as utf8_decode() delimits it, becomes one U+FFFD.
 */
void url_copy(struct url_writer *w, unsigned encode, unsigned stop);

#endif
