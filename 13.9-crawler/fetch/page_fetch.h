/*
 * page_fetch.h - one URL fetched once: a connection from the connector, a request, a response that
 * is scanned for links and handed to the store while it streams in. Next: crawler.h.
 */
#ifndef PAGE_FETCH_H
#define PAGE_FETCH_H

#include "client.h"
#include "content.h"
#include "fields.h"
#include "links.h"
#include "connector.h"
#include "reasons.h"
#include "store.h"

enum {
    FETCH_BODY_MAX = 16 * 1024 * 1024, /* bytes of a body: as it comes, and unpacked */
    FETCH_FIELD_MAX = 256,             /* bytes kept of a media type */
};

/* How long a server may take, in seconds, when nobody says otherwise: for the connection,
 * the name's lookup included; for the head; between two pieces of the body; for the whole,
 * and for a place in the connector's line; and at least 100 bytes a second. */
#define FETCH_PATIENCE                                                                 \
    {                                                                                  \
        .connect = 10, .head = 30, .idle = 30, .total = 120, .window = 30, .rate = 100 \
    }

struct fetch_settings {
    struct connector *connector;
    const char *user_agent;        /* no control bytes */
    struct http_patience patience; /* FETCH_PATIENCE, for instance */
    uint64_t body_max;             /* bytes of a body that are taken, 0: FETCH_BODY_MAX */
    struct store *store;           /* where the exchange is kept, NULL: nowhere */
};

struct fetch { /* async def fetch(url) */
    struct coro co;
    const struct fetch_settings *settings;
    struct url url;
    /* called for each link of an HTML page, NULL: the page is not scanned */
    void (*on_link)(struct fetch *self, enum link_kind kind, struct span value);
    /* called for each piece of the body, unpacked, a page's in UTF-8; or NULL */
    void (*on_data)(struct fetch *self, struct span data);
    void *arg; /* of those two */
    /* frames and buffers */
    struct connector_get get;
    struct http_clocks clocks;
    struct coro once; /* what runs under the clocks */
    struct http_exchange exchange;
    struct http_read read;
    struct content content; /* also a result: its coding and charset */
    struct links links;
    struct warc_message response;
    const char *method;  /* "GET", if nobody has said otherwise */
    const char *request; /* in `head` or `own` */
    size_t request_n;
    char head[URL_MAX + 1024];
    char *own;       /* a request of another kind, or NULL */
    bool repeatable; /* asking twice does what asking once does */
    bool again;      /* a kept connection turned out closed: try once more */
    bool is_html, has_response;
    /* result */
    int status;                 /* 0: no response came */
    uint64_t bytes;             /* of payload */
    char type[FETCH_FIELD_MAX]; /* media type in lower case, "" when none was given */
    char location[URL_MAX + 1]; /* of a redirect, "" when there is none or too long */
    char title[LINKS_TITLE_MAX];
    size_t title_n;
    unsigned links_found;
    struct validators validators; /* to ask later whether it has changed */
    double retry_after;           /* seconds, -1: not said */
    const char *truncated; /* NULL, or why the body is not all there, in WARC's words */
    const char *why;       /* NULL, or what went wrong: "kind: explanation" (reasons.h) */
    char why_text[REASON_TEXT_MAX]; /* room for it */
};

/* A frame is used for any number of fetches; before the first and after the last: */
void fetch_init(struct fetch *self);
void fetch_free(struct fetch *self);

/* Fetch `url` by GET with connections of settings->connector. The error is the network's:
 * ETIMEDOUT, ECONNREFUSED, AIO_NAME, EACCES for a forbidden address, AIO_BAD_MESSAGE,
 * AIO_INCOMPLETE_READ, AIO_TLS_..., and self->why says which and why; any status is a
 * success. A longer body than may be is cut, and self->why says so, too. */
struct coro *fetch(struct fetch *self, const struct fetch_settings *settings,
                   const struct url *url);

/* Write the exchange to the store, whole or not; `err` is what fetch() raised. Only after
 * it and before the next one. 0, also when there is nothing to keep; or the store's
 * failure. */
int fetch_keep(struct fetch *self, int err);

/* Between fetch() and its first step: ask by another method and with further fields, each
 * ended by CR LF, and with a body. All are copied but `method`. 0; EINVAL when they are
 * malformed, ENAMETOOLONG, ENOMEM. In shelf/fetch_with.c. */
int fetch_with(struct fetch *self, const char *method, const char *fields,
               struct span body);

/* What fetch() puts into self->why for `err`; in shelf/fetch_why.c. */
const char *fetch_why(struct fetch *self, int err);

/* Is it a redirect that names where to? */
bool fetch_redirects(const struct fetch *self);

#endif
