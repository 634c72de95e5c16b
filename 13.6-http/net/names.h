/*
 * names.h - from a host's name to a connection: asyncio.open_connection(). Next:
 * client.h.
 */
#ifndef NAMES_H
#define NAMES_H

#include "staggered.h"

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
