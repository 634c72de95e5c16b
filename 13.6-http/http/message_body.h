/*
 * message_body.h - what follows a head: no body, N bytes, chunks, or all until the close.
 *
 * The decoder is given the bytes as they come and keeps none of them, so a body takes no
 * memory, whatever it announces. Next: client.h.
 */
#ifndef MESSAGE_BODY_H
#define MESSAGE_BODY_H

#include "message.h"

enum http_kind { HTTP_NONE, HTTP_LENGTH, HTTP_CHUNKED, HTTP_CLOSE };

/* Where the decoder is: 5;x=y CR LF, hello CR LF, trailer. Data is taken in runs, the
 * rest byte by byte. */
enum http_place {
    HTTP_AT_SIZE,
    HTTP_AT_DIGITS,
    HTTP_AT_EXT,
    HTTP_AT_SIZE_LF,
    HTTP_AT_DATA,
    HTTP_AT_DATA_CR,
    HTTP_AT_DATA_LF,
    HTTP_AT_TRAILER,
    HTTP_AT_END
};

struct http_body {
    enum http_kind kind; /* how its end is found */
    bool persistent;     /* the head allows another message on the connection */
    bool lenient;        /* something doubtful was accepted here: do not reuse */
    int trailers;        /* trailer fields; they are checked and dropped */
    uint64_t payload;    /* bytes handed out so far */
    const char *why;     /* what is malformed, else NULL */
    const struct http_limits *limits; /* those of the head */
    /* the decoder's own */
    enum http_place place;
    int part;             /* the place within a chunk extension or a trailer */
    uint64_t left;        /* payload bytes before the end of the body or of the chunk */
    uint64_t overhead;    /* bytes that were not payload */
    size_t line, trailer; /* bytes of the present line, and of the trailer */
};

/*
 * RFC 9112 6.3: which body follows `head`; sets up `body`. `method` is that of the
 * request which this answers (not CONNECT), or NULL when `head` is a request itself. 0,
 * or -1 and body->why: a bad length or two of them, a length beside Transfer-Encoding, or
 * a coding other than chunked. Accepted but `lenient`: a length repeated, chunks in 1.0.
 */
int http_framing(struct http_body *body, const struct http_head *head,
                 const char *method);

/*
 * RFC 9112 7. Give it the `n` bytes at hand: `used` of them are consumed, and at most one
 * run of these is payload (data->n may be 0). Returns 1: the body is complete, further
 * bytes are left over; 0: call again with the bytes behind; -1: malformed, see body->why.
 */
int http_body_read(struct http_body *body, const char *buf, size_t n, size_t *used,
                   struct span *data);

/* The peer has closed: 0 if that completes the body or it was complete, else -1. */
int http_body_eof(struct http_body *body);

static inline bool http_body_done(const struct http_body *body)
{
    return body->place == HTTP_AT_END;
}

/*
 * RFC 9112 9.3: may the connection carry another message? Not when close was asked for or
 * ends the body, not when anything in head or body was lenient or is unfinished. A client
 * must also give it up when bytes are left over: it has not asked for them. The head need
 * not be there any more.
 */
bool http_keep_alive(const struct http_body *body);

#endif
