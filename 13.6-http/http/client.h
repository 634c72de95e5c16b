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
    const char *request; /* the caller's, until the coroutine has ended */
    size_t request_n;
    struct stream_fill fill;
    /* result */
    struct http_head head; /* its spans are valid until the first http_read() */
    struct span bytes;     /* the head as it was received; valid as long as the spans */
    struct http_body body; /* how the body is framed, and how much of it was read */
    double answered;       /* loop time at which the first byte came, 0 before */
    const char *why;       /* after AIO_BAD_MESSAGE: what was malformed, a constant */
};

/* Sends the request and reads the head of the response; skips interim (1xx) responses.
 * Raises the errors of the stream; ECONNRESET when the peer closes without sending a
 * byte, as it does when it had closed an idle connection; AIO_INCOMPLETE_READ when it
 * closes inside the head; AIO_BAD_MESSAGE when the response is not HTTP/1.x or exceeds
 * a limit. The limits are in self->head.limits: change them before this is awaited.
 * The limit of the stream's buffer applies as well. RFC 9112. */
struct coro *http_request(struct http_exchange *self, struct stream *stream,
                          const char *method, const char *request, size_t n);

struct http_read {
    struct coro co;
    struct http_exchange *exchange;
    struct stream_fill fill;
    /* result; the spans are valid until the next read */
    struct span bytes; /* the bytes that were received, with their framing */
    struct span data;  /* the part of the body in them; may be empty */
    bool last;         /* the body is complete */
};

/* Reads the next piece of the body, as much as has arrived. Raises the errors of the
 * stream; AIO_INCOMPLETE_READ when the peer closes before the end of the body;
 * AIO_BAD_MESSAGE when the framing is malformed (RFC 9112 6 and 7). */
struct coro *http_read(struct http_read *self, struct http_exchange *exchange);

/* Returns, after the last piece, whether the connection can carry another exchange (RFC
 * 9112 9.3). It cannot when more bytes have arrived: they answer no request. */
bool http_reusable(const struct http_exchange *exchange);

#endif
