/*
 * page_fetch.h - fetches one URL once: takes a connection from the connector, sends a
 * request, and, while the response streams in, scans it for links and collects its bytes
 * for the archive.
 *
 *     AWAIT_CATCH(err, fetch(&self->fetch, &settings, &url));
 *     ... self->fetch.status, or self->fetch.why when err != 0 ...
 *     fetch_keep(&self->fetch, err);
 *
 * Next: session.h, which follows redirects; then crawler.h.
 */
#ifndef PAGE_FETCH_H
#define PAGE_FETCH_H

#include "connector.h"
#include "content.h"
#include "exchange.h"
#include "fields.h"
#include "links.h"
#include "reasons.h"
#include "store.h"

enum {
    FETCH_BODY_MAX = 16 * 1024 * 1024, /* bytes of a body, as received and as decoded */
    FETCH_FIELD_MAX = 256,             /* bytes kept of a media type */
};

/* The default patience, in seconds. A connection may take 10, including the lookup of
 * the name; a head may take 30; the next piece of a body may take 30. The whole fetch
 * may take 120, including the wait for the host's limit of connections. A body must
 * bring 100 bytes a second, measured over 30 seconds. */
#define FETCH_PATIENCE                                                                 \
    {                                                                                  \
        .connect = 10, .head = 30, .idle = 30, .total = 120, .window = 30, .rate = 100 \
    }

struct fetch_settings {
    struct connector *connector;
    const char *user_agent;        /* no control bytes */
    struct http_patience patience; /* FETCH_PATIENCE, for instance */
    uint64_t body_max;             /* bytes of a body that are read, 0: FETCH_BODY_MAX */
    struct store *store;           /* archive for the exchange, NULL: none */
};

struct fetch { /* async def fetch(url) */
    struct coro co;
    const struct fetch_settings *settings;
    struct url url;
    /* Called for each link of an HTML page; NULL: the page is not scanned. */
    void (*on_link)(struct fetch *self, enum link_kind kind, struct span value);
    /* Called for each decoded piece of the body, or NULL. The text of a page has been
     * converted to UTF-8. */
    void (*on_data)(struct fetch *self, struct span data);
    void *arg; /* for the two callbacks; fetch() does not use it */
    /* frames and buffers */
    struct connector_get get;
    struct http_perform perform; /* the exchange, with its time limits */
    struct content content;      /* also a result: the coding and the charset */
    struct links links;
    struct warc_message response;
    char head[URL_MAX + 1024];
    char *own; /* the request of fetch_with(), owned, or NULL */
    bool is_html, has_response;
    /* result */
    int status;                 /* 0: no response came */
    uint64_t bytes;             /* of payload */
    char type[FETCH_FIELD_MAX]; /* media type in lower case, "" when none was given */
    char location[URL_MAX + 1]; /* Location, "" when missing or too long */
    char title[LINKS_TITLE_MAX];
    size_t title_n;
    unsigned links_found;
    struct validators validators; /* for a later conditional request */
    double retry_after;           /* seconds, -1: the field is missing */
    const char *truncated; /* NULL, or why the body is incomplete, in WARC's terms */
    const char *why;       /* NULL, or what went wrong: "kind: explanation" (reasons.h) */
    char why_text[REASON_TEXT_MAX]; /* room for `why` */
};

/* A frame serves any number of fetches. Call fetch_init() before the first one and
 * fetch_free() after the last one. */
void fetch_init(struct fetch *self);
void fetch_free(struct fetch *self);

/* Fetches `url` by GET over a connection of settings->connector. Any status is a
 * success. Raises the network's error: ETIMEDOUT; ECONNREFUSED; AIO_NAME; EACCES for a
 * forbidden address; AIO_BAD_MESSAGE; AIO_INCOMPLETE_READ; AIO_TLS_ codes. self->why
 * gives the reason in words. A body over the limit is cut: no error is raised, but
 * self->truncated and self->why are set. */
struct coro *fetch(struct fetch *self, const struct fetch_settings *settings,
                   const struct url *url);

/* Writes the exchange to the store, complete or not. `err` is what fetch() raised.
 * Call it after fetch() has ended and before the frame's next fetch. Returns 0, or
 * the store's failure. Without a response or a store it does nothing and returns 0. */
int fetch_keep(struct fetch *self, int err);

/* Gives the request another method, extra fields (each ended by CR LF) and a body.
 * Call it when fetch() has returned the coroutine and before that coroutine is
 * awaited. `method` must outlive the fetch; the rest is copied. Returns 0; EINVAL when
 * the method or the fields are malformed; ENAMETOOLONG; ENOMEM. */
int fetch_with(struct fetch *self, const char *method, const char *fields,
               struct span body);

/* Returns what fetch() puts into self->why for `err`. */
const char *fetch_why(struct fetch *self, int err);

/* Returns true when the response redirects and has a Location. */
bool fetch_redirects(const struct fetch *self);

#endif
