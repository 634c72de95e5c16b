/*
 * transport.h - makes a connection to a host: looks the name up, checks the addresses,
 * and connects to one of the checked addresses. No other file of the crawler does this.
 *
 *     AWAIT(open_transport(&self->open, &stream, &tls, endpoint, false));
 *
 * Only addresses are checked, never the text of a URL. The name is not looked up between
 * check and connect, and each connection is checked. So a name whose address changes in
 * between gets no connection to a forbidden address (DNS rebinding). The resolver caches
 * the addresses (resolve.h). Next: connector.h.
 */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include "connect.h"
#include "semaphores.h"
#include "tls.h"
#include "url.h"

struct endpoint {             /* a scheme, host and port to which connections lead */
    struct link in_connector; /* its place in connector->endpoints */
    struct link unused; /* its place in connector->unused; next NULL: it is in use */
    int users;          /* how many connections, connector_get()s and connector_keep()s */
    bool https;
    bool trusted;                    /* the user named the host: any address is allowed */
    struct host_addresses addresses; /* host and port; count 0: the name is looked up */
    struct semaphore places;         /* limit_per_host, less those lent or being opened */
    struct link idle;                /* struct connection.of_host, the latest last */
    int open;                        /* connections that are lent, idle or being opened */
};

enum { TRANSPORT_WHY_MAX = 192 };

/* Connects `stream`, owned by the caller, to the host of `endpoint`; for https, through
 * `tls`. When no connection can be made, the resolver forgets the name's addresses.
 * Raises what async_resolve(), open_connection_staggered() and tls_open() raise. When the
 * endpoint is not `trusted` and `any` is false, one special address among the host's
 * addresses (address_special()) raises EACCES, and self->why names it. */
struct open_transport {
    struct coro co;
    struct stream *stream;
    struct tls *tls;
    struct endpoint *endpoint;
    bool any;
    struct host_addresses addresses; /* our copy: the addresses that were checked */
    struct async_resolve resolve;
    struct open_connection_staggered open;
    struct tls_open open_tls;
    char why[TRANSPORT_WHY_MAX]; /* EACCES: "forbidden-address: 10.0.0.1 is private" */
};
struct coro *open_transport(struct open_transport *self, struct stream *stream,
                            struct tls *tls, struct endpoint *endpoint, bool any);

#endif
