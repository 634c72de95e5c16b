/*
 * connect.h - connects to a host: asyncio.open_connection(), with "Happy Eyeballs".
 *
 *     AWAIT(open_connection(&self->open, &self->stream, &self->addresses));
 *
 * A host often has IPv6 and IPv4 addresses, and one family can be unreachable. A client
 * therefore tries addresses of both families in turn (RFC 8305), and starts each attempt
 * a short time after the one before. The code follows asyncio's staggered_race() and
 * _interleave_addrinfos(). Call these functions on the loop's thread only. Next:
 * server.h.
 */
#ifndef CONNECT_H
#define CONNECT_H

#include "resolve.h"
#include "stream.h"

#define STAGGERED_DELAY 0.25 /* seconds: RFC 8305, section 5 */

/* An attempt at one address. It owns `sock`; the winner's moves to the stream. */
struct staggered_attempt {
    struct open_connection_staggered *race;
    struct task task; /* runs only `connect` */
    struct handle ended;
    struct sock sock;
    struct sock_connect connect;
    int i;     /* index in addresses->address[] */
    int error; /* result of the attempt; valid when it has ended */
};

struct open_connection_staggered {
    struct coro co;
    struct stream *stream;
    struct host_addresses *addresses;
    double delay;
    struct async_resolve resolve;
    struct staggered_attempt attempt[ADDRESSES_MAX]; /* in the order of their start */
    int count, started, live;         /* addresses; started attempts; running attempts */
    struct staggered_attempt *winner; /* first attempt that connected, or NULL */
    struct timer timer;               /* starts the next attempt */
    struct future changed; /* completed when an attempt ends or the delay is over */
};

/* asyncio.open_connection(happy_eyeballs_delay=delay): connects `stream`, owned by the
 * caller, to one of `addresses`, and resolves them first if their count is 0. The next
 * attempt starts when the latest one has failed, or `delay` seconds after it started.
 * The first attempt that connects becomes self->winner, and the others are cancelled.
 * The coroutine ends only after the other sockets are closed. After a cancel, it closes
 * all sockets before it ends. When all attempts fail, it raises the error of the first
 * one; attempt[0] to attempt[started - 1] hold the error of each (asyncio joins them to
 * "Multiple exceptions: ..."). Also raises the errors of async_resolve(); AIO_NAME when
 * there is no address; ENOMEM; EINVAL when delay is a NaN. */
struct coro *open_connection_staggered(struct open_connection_staggered *self,
                                       struct stream *stream,
                                       struct host_addresses *addresses, double delay);

/* asyncio.open_connection(): connects `stream`, owned by the caller, to the first of
 * `addresses` that accepts, and resolves them first if their count is 0. Addresses of
 * one family are tried in order. Addresses of two families race, as in
 * open_connection_staggered() with STAGGERED_DELAY. When all attempts fail, it raises
 * the error of the last address, or the error of the first attempt of a race. Also
 * raises the errors of async_resolve() and ENOMEM. */
struct open_connection {
    struct coro co;
    struct stream *stream;
    struct host_addresses *addresses;
    int i; /* result: connected to addresses->address[i] */
    struct async_resolve resolve;
    union { /* only one is in use */
        struct sock_connect connect;
        struct open_connection_staggered race;
    };
};
struct coro *open_connection(struct open_connection *self, struct stream *stream,
                             struct host_addresses *addresses);

#endif
