/*
 * content.h - from a response's payload to what it says: packing is undone
 * (Content-Encoding, RFC 9110 8.4), and a page's text becomes UTF-8 in pieces.
 *
 * Network input is bounded here: two layers of packing, so many bytes out of each, so many
 * for each that goes in (inflate.h on the shelf). A page in UTF-8 that is not packed passes
 * without a copy. Next: convert.h, charset.h; on the shelf content.c, inflate.h.
 */
#ifndef CONTENT_H
#define CONTENT_H

#include "convert.h"
#include "message.h"

enum {
    CONTENT_LAYERS = 2,     /* packed more often it is not read */
    CONTENT_PRESCAN = 1024, /* bytes that are searched for a declaration */
    CONTENT_NAMES = 32      /* bytes kept of the codings' names */
};

/* The request's field for what is understood here. */
#define CONTENT_ACCEPT "Accept-Encoding: gzip, deflate\r\n"

struct content {
    /* result */
    const char *why;            /* why not all was read, "kind: explanation"; or NULL */
    char coding[CONTENT_NAMES]; /* "gzip", "gzip, deflate", ...; "" when there is none */
    const char *charset;        /* of a text, once it is known; a constant */
    /* its own */
    void (*out)(void *arg, const char *bytes, size_t n);
    void *arg;
    bool is_text;
    struct content_layer *layers[CONTENT_LAYERS]; /* kept from one body to the next */
    int layer_n;                                  /* how many this one needs */
    const struct charset *declared;               /* by Content-Type, or NULL */
    struct convert convert;
    size_t held_n;
    char held[CONTENT_PRESCAN]; /* the first bytes, until the charset is known */
};

/* Before the first use, or all zero. */
void content_init(struct content *self);

/* After the last use; twice is fine. */
void content_free(struct content *self);

/* No body so far: the results are empty. */
void content_clear(struct content *self);

/* A body comes, with this head. `out` (NULL: only its coding is of interest) gets it without its packing, at most `limit` bytes; a
 * text is in UTF-8 then. What it gets is good until it returns. 0 or ENOMEM. */
int content_begin(struct content *self, const struct http_head *head, bool is_text,
                  uint64_t limit, void (*out)(void *arg, const char *bytes, size_t n),
                  void *arg);

/* The next n bytes of the payload, transfer coding removed. After a failure (self->why)
 * they are ignored; what came out before it stays. Kinds of failures: those of inflate.h,
 * "unknown-coding: ...", "too-many-codings: ...". */
void content_feed(struct content *self, const char *bytes, size_t n);

/* The body is over, `whole` or cut short: then it is no fault of the packing that it ends
 * in the middle. */
void content_end(struct content *self, bool whole);

#endif
