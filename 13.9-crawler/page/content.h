/*
 * content.h - turns a response's payload into text: undoes the content codings (RFC 9110
 * 8.4) and converts a page's text to UTF-8, in pieces.
 *
 *     content_begin(&content, head, true, limit, out, arg);
 *     content_feed(&content, bytes, n);
 *     content_end(&content, true);
 *
 * Network input is bounded: at most two codings, a limit on the output of each, and a
 * limit on its ratio to the input (inflate.h). A UTF-8 page without a coding is passed on
 * without a copy. Next: content.c, inflate.h, convert.h.
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
    const char *charset;        /* the encoding of a text, once it is known; a constant */
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

/* Begins a body with this head. `out` gets the decoded bytes, at most `limit`, and for
 * a text they are UTF-8; they are valid until it returns. When `out` is NULL, only
 * self->coding is set. Returns 0 or ENOMEM. */
int content_begin(struct content *self, const struct http_head *head, bool is_text,
                  uint64_t limit, void (*out)(void *arg, const char *bytes, size_t n),
                  void *arg);

/* Decodes the next n bytes of the payload, after its transfer coding has been removed.
 * Ignores them after a failure, which self->why names. The output before the failure has
 * been passed on. Kinds of failures: those of inflate.h, "unknown-coding: ...",
 * "too-many-codings: ...". */
void content_feed(struct content *self, const char *bytes, size_t n);

/* Ends the body. `whole` is false when the body was cut short: then an incomplete coding
 * is no failure. */
void content_end(struct content *self, bool whole);

#endif
