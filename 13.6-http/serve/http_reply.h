/*
 * http_reply.h - describes the answer to a request, and sends it.
 *
 *     http_reply_init(&reply);
 *     reply.type = "text/plain"; reply.body = "hello\n"; reply.size = 6;
 *     AWAIT(http_send(&self->send, &self->stream, &reply, &manner));
 *
 * The head and the first bytes of the body go out in one piece, so a small answer costs
 * one system call. Next: http_reply.c.
 */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include <time.h>

#include "date.h"
#include "message_body.h"
#include "stream.h"

enum { HTTP_PIECE = 64 * 1024 }; /* most bytes of a piece, without chunk framing */

struct http_reply {
    int status;           /* 200 to 599 */
    const char *type;     /* Content-Type, or NULL */
    const char *location; /* Location, or NULL */
    const char *allow;    /* Allow, or NULL */
    int retry_after;      /* Retry-After in seconds; below 0: none */
    time_t modified;      /* Last-Modified; below 0: none */
    double delay;         /* seconds to wait before the reply is sent */
    /* the body: `size` bytes at `body`, or from `read` */
    enum http_kind framing; /* HTTP_LENGTH, HTTP_CHUNKED, or HTTP_CLOSE */
    const void *body;
    /* Below 0: unknown. The body then ends when `read` returns 0, and is sent in chunks
     * or until the connection is closed. */
    off_t size;
    /* Copies at most `room` bytes from offset `at`. Returns their number, 0 at the end,
     * or -1 with errno set. NULL: the bytes are at `body`. */
    ssize_t (*read)(struct http_reply *reply, void *to, size_t room, off_t at);
    bool ranges; /* send Accept-Ranges: bytes */
    off_t whole; /* bytes of the whole body, for Content-Range; below 0: no such field */
    off_t first; /* 206: offset of the range in the whole body, which is added to `at` */
    /* Frees `owned` and closes `fd`, which the handler has set. Called once, whether the
     * reply was sent or not. NULL: nothing to free. */
    void (*release)(struct http_reply *reply);
    void *owned;
    int fd; /* -1: none */
};

/* Initializes `reply` as a 200 with an empty body. */
void http_reply_init(struct http_reply *reply);

/* Sets the status, and the name of the status as a plain-text body. */
void http_reply_status(struct http_reply *reply, int status);

/* Calls `release` unless it was called before. */
void http_reply_release(struct http_reply *reply);

/* Turns the 200 in `reply` into a 206 with the range that `head` requests, or into a 416
 * (RFC 9110 14.2). The size of the body must be known, and the body readable from any
 * offset. Sets reply->ranges in every case. The reply stays a 200 when the method is not
 * GET, when the body is empty, when there is no Range or more than one range, when the
 * unit or the form of the range is unknown, or when If-Range does not match. If-Range
 * matches when it is equal to the Last-Modified of the reply, and the Last-Modified is at
 * least a second older than `now` (RFC 9110 8.8.2.2). */
void http_reply_range(struct http_reply *reply, const struct http_head *head, time_t now);

/* How a reply is sent. This depends on the request and on the connection. */
struct http_manner {
    int minor_version; /* of the client; 0: HTTP_CHUNKED becomes HTTP_CLOSE */
    bool head_only;    /* the answer to HEAD */
    bool keep;         /* another request can follow; HTTP_CLOSE clears it */
    const char *date;  /* value of the field Date, or NULL */
};

/* Sends `reply` and waits until its last byte is sent. Raises the errors of the stream,
 * the errno value of a failed reply->read, and EIO when the body is shorter than its
 * `size`. Yields to the loop after each piece. Waits before each further piece until at
 * most STREAM_HIGH_MARK bytes are unsent, so a large body takes no more memory. */
struct http_send {
    struct coro co;
    struct stream *stream;
    struct http_reply *reply;
    struct http_manner *manner;
    off_t at;  /* bytes of the body given to the stream */
    bool done; /* the stream has the whole body and its end */
    struct stream_drain drain;
};
struct coro *http_send(struct http_send *self, struct stream *stream,
                       struct http_reply *reply, struct http_manner *manner);

#endif
