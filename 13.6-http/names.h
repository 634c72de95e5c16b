/*
 * names.h - from a host's name to addresses, off the loop; and from there to a connection.
 *
 * Next: client.h.
 */
#ifndef NAMES_H
#define NAMES_H

#include "run_in_executor.h"
#include "stream.h"

enum { HOST_MAX = 253, ADDRESSES_MAX = 16 };

struct host_addresses {
    char host[HOST_MAX + 1];
    unsigned port;
    int count;                             /* 0: not known yet */
    struct address address[ADDRESSES_MAX]; /* in the resolver's order */
};

/* What looks names up, in a thread: fills address[] and count for host and port. 0 or an
 * error, AIO_NAME for a name that has no address. getaddrinfo() by default; a check may
 * put another in its place before the first lookup. */
extern int (*names_lookup)(struct host_addresses *addresses);

/* loop.getaddrinfo(): fill `addresses`, whose host and port are set. A numeric host costs
 * no thread. Raises AIO_NAME, ENOMEM, or what the executor says. */
struct async_resolve {
    struct coro co;
    struct host_addresses *addresses; /* the caller's; result */
    struct run_in_executor run;
};
struct coro *async_resolve(struct async_resolve *self, struct host_addresses *addresses);

/* asyncio.open_connection() to the first of `addresses` that answers, resolving them if
 * their count is 0. `stream` is the caller's. Raises the last address's error. */
struct open_connection {
    struct coro co;
    struct stream *stream;
    struct host_addresses *addresses;
    int i;
    struct async_resolve resolve;
    struct sock_connect connect;
};
struct coro *open_connection(struct open_connection *self, struct stream *stream,
                             struct host_addresses *addresses);

#endif
