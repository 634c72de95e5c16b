/*
 * client.h - one HTTP request and its response, on a connection that stands.
 *
 *     AWAIT(http_request(&self->exchange, &self->stream, "GET", text, n));
 *     ... self->exchange.head.status ...
 *     do {
 *         AWAIT(http_read(&self->read, &self->exchange));
 *         ... self->read.data ...
 *     } while (!self->read.last);
 *
 * The request is text that the caller has built from a parsed URL (http_request_head());
 * the response's body passes through in pieces and is never held. Next: server.h.
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
    struct http_head head; /* its spans are good until the first http_read() */
    struct span bytes;     /* the head as it was received; as long as its spans */
    struct http_body body; /* how far the body is */
    double answered;       /* loop time at which the first byte came, 0: none has */
    const char *why;       /* AIO_BAD_MESSAGE: what was malformed, a constant */
};

/* Send the request and read the response's head, past any 1xx. Raises what the stream
 * raises; ECONNRESET when the peer closes without a byte, as a server does that had
 * closed a kept connection; AIO_INCOMPLETE_READ when it closes inside the head;
 * AIO_BAD_MESSAGE for what is no HTTP/1.x response, or is over a limit: other limits
 * than the usual ones are set in self->head.limits before this is awaited, and the
 * stream has one of its own. */
struct coro *http_request(struct http_exchange *self, struct stream *stream,
                          const char *method, const char *request, size_t n);

/* The next piece of the body, as it comes. Raises what the stream raises,
 * AIO_INCOMPLETE_READ when the peer closes before the end, AIO_BAD_MESSAGE. */
struct http_read {
    struct coro co;
    struct http_exchange *exchange;
    struct stream_fill fill;
    /* result; the spans are good until the next read */
    struct span bytes; /* what was received, with its framing */
    struct span data;  /* the payload in it, may be empty */
    bool last;         /* the body is complete */
};
struct coro *http_read(struct http_read *self, struct http_exchange *exchange);

/* After the last piece: may the connection carry another exchange? RFC 9112 9.3; never
 * when bytes are left over, for nobody has asked for them. */
bool http_reusable(const struct http_exchange *exchange);

#endif
