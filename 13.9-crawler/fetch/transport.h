/*
 * transport.h - the one place where a connection to a host is made: the name is looked
 * up, the addresses are checked, and one of the checked addresses is connected to.
 *
 * Only addresses are checked, never the text of a URL, and the name is not looked up
 * again between check and connect. So a name that changes its address in between gains
 * nothing (DNS rebinding). Next: connector.h.
 */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include "connect.h"
#include "semaphores.h"
#include "tls.h"
#include "url.h"

struct endpoint { /* scheme, host and port that connections lead to */
    struct link in_bucket;
    struct link unused; /* its place in connector->unused; next NULL: it is in use */
    int users;          /* connections and waiting connector_get()s */
    bool https;
    bool trusted;                    /* the user named the host: any address is allowed */
    struct host_addresses addresses; /* host, port; the addresses once they are known */
    struct semaphore places;         /* limit_per_host, less the lent connections */
    struct link idle;                /* struct connection.of_host, the latest last */
    int open;                        /* connections, lent, idle or being opened */
};

enum { TRANSPORT_WHY_MAX = 192 };

/* Connects `stream`, the caller's, to the host of `endpoint`, for https through `tls`.
 * The endpoint keeps the addresses as long as connecting to them works. Raises what
 * open_connection_staggered() and tls_open() raise; EACCES when an address is special
 * (address_special()), the endpoint is not `trusted` and `any` is false: self->why
 * names it. */
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
