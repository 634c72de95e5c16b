/*
 * message_body.h - finds and decodes the body after a head: none, a number of bytes,
 * chunks, or all bytes until the connection is closed.
 *
 *     if (http_framing(&body, &head, "GET") == 0)
 *         do
 *             ... receive, until buf holds n > 0 bytes ...
 *         while ((more = http_body_read(&body, buf, n, &used, &data)) == 0);
 *
 * The decoder stores no byte, so a body takes no memory, whatever length it announces.
 * The functions keep all state in struct http_body and can be called on any thread. Next:
 * client.h.
 */
#ifndef MESSAGE_BODY_H
#define MESSAGE_BODY_H

#include "message.h"

enum http_kind { HTTP_NONE, HTTP_LENGTH, HTTP_CHUNKED, HTTP_CLOSE };

/* The place of the next byte. A chunk is "5;x=y" CR LF "hello" CR LF, and a trailer
 * follows the last chunk. The decoder takes data in runs, and other bytes one by one. */
enum http_place {
    HTTP_AT_SIZE,   /* the first digit of a chunk size */
    HTTP_AT_DIGITS, /* its further digits */
    HTTP_AT_EXT,    /* the extension after it */
    HTTP_AT_SIZE_LF,
    HTTP_AT_DATA,
    HTTP_AT_DATA_CR,
    HTTP_AT_DATA_LF,
    HTTP_AT_TRAILER,
    HTTP_AT_END
};

struct http_body {
    enum http_kind kind; /* what marks its end */
    bool persistent;     /* the head allows another message on the connection */
    bool lenient;        /* a doubtful form was accepted: close the connection */
    int trailers;        /* number of trailer fields, which are checked and dropped */
    uint64_t payload;    /* payload bytes so far */
    const char *why;     /* reason of the error, or NULL */
    const struct http_limits *limits; /* those of the head; not owned */
    /* private to the decoder */
    enum http_place place;
    int part;             /* the place within a chunk extension or a trailer */
    uint64_t left;        /* payload bytes up to the end of the body or of the chunk */
    uint64_t overhead;    /* bytes that were not payload */
    size_t line, trailer; /* bytes of the current line, and of the trailer */
};

/*
 * Determines the length of the body that follows `head` (RFC 9112 6.3) and initializes
 * `body`. For a response, `method` is the method of the request that it answers, which
 * must not be CONNECT. For a request, `method` is NULL. Returns 0; or -1, with the reason
 * in body->why: a malformed length, two different lengths, a length and Transfer-Encoding
 * together, or a coding other than chunked. Accepted, but with body->lenient set: the
 * same length twice, and chunks in HTTP/1.0.
 */
int http_framing(struct http_body *body, const struct http_head *head,
                 const char *method);

/*
 * Decodes the next part of the body (RFC 9112 7) from the `n` available bytes. Consumes
 * the first *used of them. At most one run of these is payload; `data` is that run within
 * buf, and data->n can be 0. Returns 1 when the body is complete; the bytes after *used
 * do not belong to it. Returns 0 when the body continues; the next call must pass the
 * bytes after *used and those that arrived later. Returns -1 when the body is malformed,
 * with the reason in body->why.
 */
int http_body_read(struct http_body *body, const char *buf, size_t n, size_t *used,
                   struct span *data);

/* Handles the end of the input, which completes a body of the kind HTTP_CLOSE. Returns 0
 * when the body is complete, or -1 with the reason in body->why. */
int http_body_eof(struct http_body *body);

/* Returns true when the body is complete. */
static inline bool http_body_done(const struct http_body *body)
{
    return body->place == HTTP_AT_END;
}

/*
 * Returns true when the connection can carry another message (RFC 9112 9.3). Returns
 * false when the head asks to close the connection, or is HTTP/1.0 without keep-alive;
 * when the close ends the body; when head or body is lenient; or when the body is
 * incomplete or malformed. A client must also close the connection when bytes are left
 * after the body, because no request has asked for them. The function does not read the
 * head, which need not exist any more.
 */
bool http_keep_alive(const struct http_body *body);

#endif
