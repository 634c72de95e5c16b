/*
 * connect.h - a connection to whichever of a host's addresses answers first: "Happy
 * Eyeballs", RFC 8305, after asyncio's staggered_race() and _interleave_addrinfos().
 *
 * A host often has IPv6 and IPv4 addresses, and one family may lead nowhere. So the
 * families take turns, and nobody waits long for the one before. Next: server.h.
 */
#ifndef CONNECT_H
#define CONNECT_H

#include "resolve.h"
#include "stream.h"

#define STAGGERED_DELAY 0.25 /* seconds: RFC 8305, section 5 */

struct staggered_attempt { /* one address; its socket is its own until it has won */
    struct open_connection_staggered *race;
    struct task task; /* runs `connect` and nothing else */
    struct handle ended;
    struct sock sock;
    struct sock_connect connect;
    int i;     /* its place in addresses->address[] */
    int error; /* what it came to; good when it has ended */
};

struct open_connection_staggered {
    struct coro co;
    struct stream *stream;
    struct host_addresses *addresses;
    double delay;
    struct async_resolve resolve;
    struct staggered_attempt
        attempt[ADDRESSES_MAX];       /* in the order in which they start */
    int count, started, live;         /* addresses; attempts begun; not ended yet */
    struct staggered_attempt *winner; /* who connected first, or NULL */
    struct timer timer;               /* starts the next attempt */
    struct future changed;            /* what it waits at */
};

/* asyncio.open_connection(happy_eyeballs_delay=delay): connect `stream`, the caller's,
 * to one of `addresses`, resolving them if their count is 0. The next attempt starts
 * when the one before has failed, or `delay` seconds after it started; the first to
 * connect is self->winner, and the others are cancelled. Ends when all sockets but the
 * winner's are closed, also on a cancel. When all fail it raises the first one's error:
 * attempt[0 .. started) hold each one's (asyncio joins them to "Multiple exceptions:
 * ..."). Raises also what async_resolve() raises, ENOMEM, EINVAL for a delay that is a
 * NaN. */
struct coro *open_connection_staggered(struct open_connection_staggered *self,
                                       struct stream *stream,
                                       struct host_addresses *addresses, double delay);

/* asyncio.open_connection() to the first of `addresses` that answers, resolving them if
 * their count is 0. `stream` is the caller's. Addresses of one family are tried in order;
 * when there are two families they race, as open_connection_staggered() with
 * STAGGERED_DELAY. Raises the error of the last address, of a race the first one's. */
struct open_connection {
    struct coro co;
    struct stream *stream;
    struct host_addresses *addresses;
    int i; /* result: it is connected to addresses->address[i] */
    struct async_resolve resolve;
    union { /* one or the other */
        struct sock_connect connect;
        struct open_connection_staggered race;
    };
};
struct coro *open_connection(struct open_connection *self, struct stream *stream,
                             struct host_addresses *addresses);

#endif
