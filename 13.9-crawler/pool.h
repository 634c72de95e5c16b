/*
 * pool.h - connections to one host, kept open and used again.
 *
 * How many there are at a time is the frontier's concern, which hands out only so many
 * pages of a host; here they are opened, lent, and taken back. Next: fetch.h.
 */
#ifndef POOL_H
#define POOL_H

#include "names.h"
#include "url.h"

#define POOL_KEEP_SECONDS 15.0 /* aiohttp's keepalive_timeout */

struct connection {
    struct stream stream;
    struct link idle; /* its place among pool->idle */
    int exchanges;    /* requests it has carried */
    double since;     /* loop time at which it came back */
};

struct pool {
    struct loop *loop;
    struct host_addresses addresses;
    struct link idle;             /* connections that wait, the latest last */
    int open;                     /* connections, lent or idle */
    unsigned long opened, reused; /* so far */
};

/* A pool of connections to the host of `url`; end it with pool_close(). */
void pool_init(struct pool *pool, struct loop *loop, const struct url *url);

/* Close what is idle. */
void pool_close(struct pool *pool);

/* Lend a connection: the one that came back last, if it is not too old and `fresh` is not
 * asked for, else a new one. Raises what open_connection() raises, and ENOMEM. */
struct pool_get {
    struct coro co;
    struct pool *pool;
    bool fresh;
    struct open_connection open;
    struct connection *connection; /* result, the caller's until pool_put() */
};
struct coro *pool_get(struct pool_get *self, struct pool *pool, bool fresh);

/* Take it back: to be used again, or to be closed. NULL is fine. */
void pool_put(struct pool *pool, struct connection *connection, bool reusable);

#endif
