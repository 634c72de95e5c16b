/*
 * http_reply.h - the answer to a request, and sending it.
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

enum { HTTP_PIECE = 64 * 1024 }; /* bytes that go to the stream at once */

struct http_reply {
    int status;           /* 200 to 599 */
    const char *type;     /* Content-Type, or NULL */
    const char *location; /* Location, or NULL */
    const char *allow;    /* Allow, or NULL */
    int retry_after;      /* Retry-After in seconds; below 0: none */
    time_t modified;      /* Last-Modified; below 0: none */
    double delay;         /* seconds to wait before it is sent */
    /* the body: `size` bytes at `body`, or from `read` */
    enum http_kind framing; /* HTTP_LENGTH, HTTP_CHUNKED, or HTTP_CLOSE */
    const void *body;
    off_t size; /* below 0: until `read` returns 0, in chunks or until the close */
    /* Copies at most `room` bytes from offset `at`. Returns how many, 0 at the end, or -1
     * with errno. NULL: the bytes are at `body`. */
    ssize_t (*read)(struct http_reply *reply, void *to, size_t room, off_t at);
    bool ranges; /* Accept-Ranges: bytes */
    off_t whole; /* Content-Range: the size of the whole; below 0: not a part */
    off_t first; /* 206: the offset of the part; added to `at` */
    /* Frees what the handler put into `owned` and `fd`. Called once, whether the reply
     * was sent or not. NULL: nothing to free. */
    void (*release)(struct http_reply *reply);
    void *owned;
    int fd; /* -1: none */
};

/* Makes it an empty 200. */
void http_reply_init(struct http_reply *reply);

/* Sets a status, with its name as the body, in plain text. */
void http_reply_status(struct http_reply *reply, int status);

/* Calls `release` unless it was called before. */
void http_reply_release(struct http_reply *reply);

/* Turns the 200 in `reply`, whose body can be read from any offset, into a 206 with
 * the range that `head` requests, or a 416 (RFC 9110 14.2). Leaves it as it is when
 * there is no Range, when If-Range does not match, for an unknown unit or form, more
 * than one range, or a method other than GET. If-Range matches the Last-Modified of
 * the reply when that is at least a second older than `now` (RFC 9110 8.8.2.2). */
void http_reply_range(struct http_reply *reply, const struct http_head *head, time_t now);

/* How a reply is sent: it depends on the request and on the connection. */
struct http_manner {
    int minor_version; /* the client's; for HTTP/1.0 chunked means until the close */
    bool head_only;    /* the answer to HEAD */
    bool keep;         /* the connection goes on; http_send() may clear it */
    const char *date;  /* Date */
};

/* Sends `reply`. Raises what stream_drain() raises, and EIO when the body is shorter than
 * its `size`. Holds at most HTTP_PIECE bytes and the stream's high-water mark in memory.
 * Yields to the loop after each piece. */
struct http_send {
    struct coro co;
    struct stream *stream;
    struct http_reply *reply;
    struct http_manner *manner;
    off_t at;  /* bytes of the body given to the stream */
    bool done; /* all of it, and what ends it */
    struct stream_drain drain;
};
struct coro *http_send(struct http_send *self, struct stream *stream,
                       struct http_reply *reply, struct http_manner *manner);

#endif
