/*
 * transport.h - the one place where a connection to a host is made: its name is looked up,
 * its addresses are judged, and one of those that were judged is connected to.
 *
 * The text of a URL is never compared and no name is asked for twice, so a name that stands
 * for another address a moment later gains nothing. Next: shelf/transport.c.
 */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include "connect.h"
#include "semaphores.h"
#include "tls.h"
#include "url.h"

struct endpoint { /* scheme, host and port: what connections lead to */
    struct link in_bucket;
    struct link unused; /* its place among connector->unused; next NULL: it is used */
    int users;          /* connections, and connector_get()s that wait */
    bool https;
    bool trusted;                    /* the user has named it: any address will do */
    struct host_addresses addresses; /* host, port; the addresses when they are known */
    struct semaphore places;         /* how many more connections may be lent */
    struct link idle;                /* struct connection.of_host, the latest last */
    int open;                        /* connections, lent, idle or being opened */
};

enum { TRANSPORT_WHY_MAX = 192 };

/* Connect `stream`, the caller's, to the host of `endpoint`, whose addresses are kept while
 * they lead to it; for https through `tls`, which is left alone else. Raises what
 * open_connection_staggered() and tls_open() raise; EACCES when one of the addresses is special (address.h) and the endpoint
 * is not `trusted` nor `any` address allowed: self->why says which. */
struct open_transport {
    struct coro co;
    struct stream *stream;
    struct tls *tls;
    struct endpoint *endpoint;
    bool any;
    struct host_addresses addresses; /* our copy: what was judged is what is used */
    struct async_resolve resolve;
    struct open_connection_staggered open;
    struct tls_open open_tls;
    char why[TRANSPORT_WHY_MAX]; /* EACCES: "forbidden-address: 10.0.0.1 is private" */
};
struct coro *open_transport(struct open_transport *self, struct stream *stream,
                            struct tls *tls, struct endpoint *endpoint, bool any);

#endif
