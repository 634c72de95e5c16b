/*
 * client.h - sends one HTTP request on an open connection and receives its response.
 *
 *     AWAIT(http_request(&self->exchange, &self->stream, "GET", text, n));
 *     ... self->exchange.head.status ...
 *     do {
 *         AWAIT(http_read(&self->read, &self->exchange));
 *         ... self->read.data ...
 *     } while (!self->read.last);
 *
 * The caller builds the text of the request with http_request_head() of message.h. The
 * body of the response is passed on in pieces and never stored. Call these functions on
 * the loop's thread only. Next: clocks.h.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include "message_body.h"
#include "stream.h"

struct http_exchange {
    struct coro co;
    struct stream *stream;
    const char *method;
    const char *request; /* owned by the caller; valid until the coroutine has ended */
    size_t request_n;
    struct stream_fill fill;
    /* result */
    struct http_head head; /* its spans are valid until the first http_read() */
    struct span bytes;     /* the head as it was received; valid as long as the spans */
    struct http_body body; /* how the body is framed, and how much of it was read */
    double answered;       /* loop time of the first receive after the request, or 0 */
    const char *why;       /* after AIO_BAD_MESSAGE: what was malformed, a constant */
};

/* Sends the request and reads the head of the response (RFC 9112 2 to 6); skips interim
 * (1xx) responses. Raises the errors of the stream; ECONNRESET when the peer closes
 * without sending a byte, for instance because it had already closed the idle connection;
 * AIO_INCOMPLETE_READ when the peer closes inside the head; AIO_BAD_MESSAGE when the head
 * is malformed or exceeds a limit. The limits are in self->head.limits; a caller can
 * replace them before it awaits the coroutine. The limit in `stream` does not apply. */
struct coro *http_request(struct http_exchange *self, struct stream *stream,
                          const char *method, const char *request, size_t n);

struct http_read {
    struct coro co;
    struct http_exchange *exchange;
    struct stream_fill fill;
    /* result; the spans are valid until the next read */
    struct span bytes; /* the bytes of this piece as received, with framing */
    struct span data;  /* the part of `bytes` that is payload; may be empty */
    bool last;         /* the body is complete */
};

/* Reads the next piece of the body: what has arrived, at most to the end of a chunk.
 * Raises the errors of the stream; AIO_INCOMPLETE_READ when the peer closes before the
 * end of the body; AIO_BAD_MESSAGE when the framing is malformed (RFC 9112 6 and 7). */
struct coro *http_read(struct http_read *self, struct http_exchange *exchange);

/* Returns true when, after the last piece, the connection can carry another exchange (RFC
 * 9112 9.3). It cannot when unread bytes are left, because no request asked for them. */
bool http_reusable(const struct http_exchange *exchange);

#endif
