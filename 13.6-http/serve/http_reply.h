/*
 * http_reply.h - an answer to a request, and sending it: head and first bytes of the body
 * in one piece, so that a small answer costs one system call.
 *
 * Read next: http_reply.c and http_send.c, then http_server.h.
 */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include <time.h>

#include "message_body.h"
#include "stream.h"

enum {
    HTTP_PIECE = 64 * 1024, /* bytes that go to the stream at once */
    HTTP_DATE_SIZE = 36,    /* room for "Sun, 06 Nov 1994 08:49:37 GMT" */
};

struct http_reply {
    int status;           /* 200 to 599 */
    const char *type;     /* Content-Type, or NULL */
    const char *location; /* Location, or NULL */
    const char *allow;    /* Allow, or NULL */
    int retry_after;      /* Retry-After in seconds, below 0: none */
    time_t modified;      /* Last-Modified, below 0: none */
    double delay;         /* seconds to wait before it is sent */
    /* the body: `size` bytes in memory, or wherever `read` takes them from */
    enum http_kind framing; /* HTTP_LENGTH, HTTP_CHUNKED, or HTTP_CLOSE */
    const void *body;
    off_t size; /* below 0: until `read` says 0, in chunks or until the close */
    /* Copies at most `room` bytes from offset `at`: how many, 0 at the end, or -1 with
     * errno. NULL: they are at `body`. */
    ssize_t (*read)(struct http_reply *reply, void *to, size_t room, off_t at);
    bool ranges; /* Accept-Ranges: bytes */
    off_t whole; /* Content-Range: of so many bytes in all; below 0: not a part */
    off_t first; /* 206: where in these the body begins; added to `at` */
    /* what the one who filled it in wants back; called once, sent or not; or NULL */
    void (*release)(struct http_reply *reply);
    void *owned;
    int fd;
};

/* An empty 200. */
void http_reply_init(struct http_reply *reply);

/* A status and its name as the body, in plain text. */
void http_reply_status(struct http_reply *reply, int status);

/* Calls `release` unless it was called before. */
void http_reply_release(struct http_reply *reply);

/* RFC 9110 14.2: make the 200 in `reply`, whose body can be read from any offset, a 206
 * with the part that `head` asks for, or a 416. Left as it is: no Range or an If-Range
 * that does not hold; a unit or a form that we do not know; more than one range; a
 * method other than GET. If-Range may be the Last-Modified of the reply, if that is a
 * second older than `now` (RFC 9110 8.8.2.2). */
void http_reply_range(struct http_reply *reply, const struct http_head *head, time_t now);

/* "Not Found" for 404; "" when it is not known. RFC 9110 15. */
const char *http_status_name(int status);

/* RFC 9110 5.6.7, whatever the locale. Empty for a time that no calendar has. */
const char *http_date(char text[HTTP_DATE_SIZE], time_t when);

/* The time that such a text names, -1 for what is none. The two older forms, which RFC
 * 9110 has senders avoid, are none: who sends them gets the whole answer. */
time_t http_date_parse(struct span text);

/* How a reply is to be sent: what the request and the connection say. */
struct http_manner {
    int minor_version; /* the client's; for HTTP/1.0 chunked means until the close */
    bool head_only;    /* the answer to HEAD */
    bool keep;         /* the connection goes on; sending may take that back */
    const char *date;  /* Date */
};

/* Send `reply`. Raises what stream_drain() does, and EIO when the body turns out shorter
 * than it said. The bytes that wait in memory are at most HTTP_PIECE and the stream's
 * high mark. Gives the loop a turn after each piece. */
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
