/*
 * exchange.h - performs one exchange: gets a connection from the caller's function, sends
 * a request and receives its response within time limits, and makes a second attempt when
 * the server had closed an idle connection.
 *
 *     static const struct http_perform_calls calls = { connect, connected, discard,
 *                                                     on_head, on_data };
 *
 *     self->perform.method = "GET"; ... request, request_n, idempotent ...
 *     AWAIT_CATCH(err, http_perform(&self->perform, &calls, &patience));
 *     if (err == ETIMEDOUT && self->perform.clocks.expired != HTTP_NO_CLOCK)
 *         ... http_clocks_reason(&self->perform.clocks, text) ...
 *
 * The function `connect` hides where connections come from: build/fetch keeps one, and
 * the crawler's connector keeps many. Call http_perform() on the loop's thread only.
 * Next: redirect.h.
 */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "client.h"
#include "clocks.h"

struct http_perform;

/* The functions of the caller. container_of() converts `self` to the caller's struct. */
struct http_perform_calls {
    /* Returns a coroutine that gets a connection, a new one when self->again is set. The
     * caller's code enters the phases of self->clocks up to HTTP_PHASE_CONNECT. */
    struct coro *(*connect)(struct http_perform *self);
    /* Called after `connect` has succeeded. Sets self->stream and self->reused. */
    void (*connected)(struct http_perform *self);
    /* Closes a connection that the server had closed while it was idle. */
    void (*discard)(struct http_perform *self);
    /* `on_head` is called with the head in self->exchange, then `on_data` with each piece
     * of the body in self->read. Both return 0, or the error that the exchange raises. */
    int (*on_head)(struct http_perform *self);
    int (*on_data)(struct http_perform *self);
};

struct http_perform {
    struct coro suite; /* runs under the clocks */
    const struct http_perform_calls *calls;
    /* set and owned by the caller; valid until the coroutine has ended */
    const char *method;
    const char *request; /* the request's bytes, head and body */
    size_t request_n;
    bool idempotent; /* repeating the request has no further effect (RFC 9110 9.2.2) */
    /* set by `connected` */
    struct stream *stream;
    bool reused; /* the connection has carried an exchange before */
    /* set by `on_data` */
    bool enough; /* the rest of the body is not wanted */
    /* frames, which also hold results */
    struct http_clocks clocks;
    struct http_exchange exchange;
    struct http_read read;
    double asked; /* result: loop time at which the request was sent */
    bool again;   /* second attempt: the server had closed the idle connection */
};

/* Performs one exchange. `patience` is copied. Raises the errors of `connect`, `on_head`,
 * `on_data`, http_request() and http_read(), and ETIMEDOUT when a limit of `patience` is
 * exceeded: see http_clocks(). A request is repeated once, on a new connection, when it
 * is idempotent, the connection was reused, and the server closed the connection without
 * sending a byte. */
struct coro *http_perform(struct http_perform *self,
                          const struct http_perform_calls *calls,
                          const struct http_patience *patience);

#endif
