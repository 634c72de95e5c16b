/*
 * store.h - the crawl's output folder: pages.jsonl with a line for each page, and
 * crawl.warc with the bytes of each exchange (WARC 1.1, ISO 28500:2017, not compressed).
 *
 *     err = store_open(&store, "crawl-out");
 *     store_page(&store, &record), store_exchange(&store, &exchange);
 *     err = store_close(&store);
 *
 * Both files are written in large batches and contain whole records only. The first
 * failure is final: later calls return it and do nothing, except that store_close() still
 * completes the other file. Next: store.c, then files.h and
 * records.h.
 */
#ifndef STORE_H
#define STORE_H

#include <stdint.h>
#include <time.h>

#include "files.h"
#include "sha1.h"

struct store {
    /* set by the caller before store_open(); zero: a random seed, the real clock */
    uint64_t seed;       /* of the record ids; each id advances it */
    time_t (*now)(void); /* seconds since 1970 */
    bool digests;        /* label messages and payloads with their SHA-1, which takes as
                            much time as all the rest of a crawl */

    /* the store's own */
    DIR *dir;
    struct file_out pages, warc;
    int error;             /* the first failure, or 0 */
    const char *failed_on; /* the name of the file of this failure */
};

/* A line of pages.jsonl. Texts need not be valid UTF-8. NULL becomes null. */
struct page_record {
    const char *url;
    int status;        /* of the last response, 0 when there was none */
    int depth;         /* links from the first page */
    const char *from;  /* the page that links to this one */
    const char *type;  /* media type */
    uint64_t bytes;    /* of the body */
    const char *title; /* need not end with a NUL */
    size_t title_n;    /* bytes of the title */
    size_t links;      /* links found */
    int attempts;      /* requests made for it */
    uint64_t ms;       /* from the first request to the end, milliseconds */
    const char *error; /* why the page is missing or incomplete */
    /* left out when NULL */
    const char *redirect; /* the target of a redirect */
    const char *encoding; /* the content codings of the body: "gzip" */
    const char *charset;  /* the encoding of a page's text: "utf-8" */
};

/* A response as it arrives. */
struct warc_message {
    time_t date;                /* its beginning, seconds since 1970 */
    struct file_spool bytes;    /* the message itself */
    bool digests;               /* compute the two digests */
    struct sha1 block, payload; /* the digests of the bytes so far */
};

struct exchange {
    const char *url;               /* serialised: printable ASCII, no space */
    const char *request;           /* the request's bytes as they were sent */
    size_t request_n;              /* the number of these bytes */
    struct warc_message *response; /* all bytes that were received */
    const char *truncated;         /* NULL, or why the response is incomplete: "length",
                                      "time", "disconnect", "unspecified"; see
                                      WARC 1.1, 5.13 */
};

/* Makes the folder `dir`, or uses it when it is empty, and begins both files. `dir` must
 * outlive the store. Returns 0, or an error such as ENOTEMPTY. After an error, the files
 * that it has made are removed, and nothing is open. */
int store_open(struct store *s, const char *dir);

/* Adds a line to pages.jsonl. Returns 0, or the store's failure. */
int store_page(struct store *s, const struct page_record *page);

/* Begins a message; warc_free() ends it. */
void warc_begin(const struct store *s, struct warc_message *m);

/* Adds n more bytes as received: the head, then the body with its framing. Returns 0,
 * or the store's failure. At most FILE_BATCH bytes stay in memory; the others are
 * spooled. */
int warc_add(struct store *s, struct warc_message *m, const void *bytes, size_t n);

/* Adds n more bytes to the digest of the payload: the body without its transfer coding
 * (WARC 1.1, 6.3.2). Some tools compare with a digest of the body and its framing; to
 * satisfy these, pass the framed bytes instead. */
void warc_payload(struct warc_message *m, const void *bytes, size_t n);

/* Releases the message. Calling it again does nothing; a struct of zeros is accepted. */
void warc_free(struct warc_message *m);

/* Writes response and request to crawl.warc. It finishes the digests, so the response can
 * be written only once. Returns 0; EINVAL
 * when the URL is not serialised (the store stays usable); the store's failure. When
 * part of the response was spooled to disk, the call blocks until it has been copied. */
int store_exchange(struct store *s, const struct exchange *x);

/* Returns the name of the file or folder of the first failure; NULL without a failure. */
const char *store_failed_on(const struct store *s);

/* Writes the rest, syncs and closes. A file that has not failed is
 * completed even when the other one has. Returns 0, or
 * the first failure. Calling it again does nothing; a struct of zeros is
 * accepted. */
int store_close(struct store *s);

#endif
