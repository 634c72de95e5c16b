/*
 * content.h - turns a response's payload into text: undoes the content codings (RFC 9110
 * 8.4) and converts a page's text to UTF-8, in pieces.
 *
 *     content_begin(&content, head, true, limit, out, arg);
 *     content_feed(&content, bytes, n);
 *     content_end(&content, true);
 *
 * Network input is bounded: at most two codings, and for each coding a limit on its
 * output and on the ratio of output to input (inflate.h). A UTF-8 page without a coding
 * is passed on without a copy. Next: content.c, inflate.h, convert.h.
 */
#ifndef CONTENT_H
#define CONTENT_H

#include "convert.h"
#include "message.h"

enum {
    CONTENT_LAYERS = 2,     /* a payload with more codings is not read */
    CONTENT_PRESCAN = 1024, /* bytes searched for a declaration */
    CONTENT_NAMES = 32      /* bytes kept of the codings' names */
};

/* The request field that names the codings supported here. */
#define CONTENT_ACCEPT "Accept-Encoding: gzip, deflate\r\n"

struct content {
    /* results */
    /* Why the payload was not read to its end, "kind: explanation"; or NULL. */
    const char *why;
    char coding[CONTENT_NAMES]; /* "gzip", "gzip, deflate", ...; "" when there is none */
    const char *charset;        /* the name of a text's encoding; NULL: not known yet */
    /* private */
    void (*out)(void *arg, const char *bytes, size_t n);
    void *arg;
    bool is_text;
    struct content_layer *layers[CONTENT_LAYERS]; /* kept from one body to the next */
    int layer_n;                                  /* layers that this body needs */
    const struct charset *declared;               /* from Content-Type, or NULL */
    struct convert convert;
    size_t held_n;
    char held[CONTENT_PRESCAN]; /* the first bytes, until the charset is known */
};

/* Prepares the struct before its first use. A struct of zeros is prepared already. */
void content_init(struct content *self);

/* Releases memory after the last use. Calling it again does nothing. */
void content_free(struct content *self);

/* Forgets the last body and clears the results. */
void content_clear(struct content *self);

/* Begins the body of the response with this head. `out` gets the decoded bytes, for a
 * text in UTF-8; they are valid until `out` returns. Each coding produces at most `limit`
 * bytes, before the conversion to UTF-8; a body without a coding has no limit here. When
 * `out` is NULL, only self->coding is set. Returns 0 or ENOMEM. */
int content_begin(struct content *self, const struct http_head *head, bool is_text,
                  uint64_t limit, void (*out)(void *arg, const char *bytes, size_t n),
                  void *arg);

/* Decodes the next n bytes of the payload, without its transfer coding. After a failure
 * self->why gives the reason, and further bytes are ignored; the output before the
 * failure has been passed on. The kinds of failures are those of inflate.h,
 * "unknown-coding: ..." and "too-many-codings: ...". */
void content_feed(struct content *self, const char *bytes, size_t n);

/* Ends the body and passes the rest of a text to `out`. `whole` is false when the body
 * was cut short; an incomplete coding is then no failure. */
void content_end(struct content *self, bool whole);

#endif
