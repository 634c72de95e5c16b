/*
 * pool.h - the connector: connections to any number of hosts, kept open and used again, and
 * never more of them than asked for. What aiohttp calls TCPConnector.
 *
 * A connection is lent, idle, or being opened. Who wants one waits in line for a place, first
 * at its host and then at the connector; an idle one of some other host is closed when its
 * place is needed. Next: transport.h, then fetch.h.
 */
#ifndef POOL_H
#define POOL_H

#include "semaphores.h"
#include "transport.h"

#define CONNECTOR_KEEP 15.0 /* seconds; aiohttp's keepalive_timeout */

enum { CONNECTOR_BUCKETS = 256, CONNECTOR_UNUSED_MAX = 256 };

struct connection {
    struct stream stream;
    struct tls tls; /* https: the child that the stream leads to */
    struct endpoint *endpoint;
    struct link of_host,
        of_all;    /* idle: its places among endpoint->idle, connector->idle */
    int exchanges; /* requests it has carried */
    double since;  /* loop time at which it came back */
};

struct connector {
    struct loop *loop;
    /* to be changed, if at all, before the first connector_get() */
    double keep;             /* seconds that a connection may be idle */
    bool allow_private;      /* connect wherever a name leads, see address.h */
    struct tls_settings tls; /* for https; as it is, there is none */
    /* places */
    unsigned limit, limit_per_host; /* how many connections; UINT_MAX: any number */
    struct semaphore places;        /* as many as may be lent now, of all hosts */
    int open, lent;                 /* connections; of those, lent */
    struct link idle;               /* connections of all hosts, the longest idle first */
    /* hosts */
    struct link buckets[CONNECTOR_BUCKETS]; /* endpoints, by their hash */
    struct link unused;                     /* those that nobody uses, the latest last */
    int unused_count;                       /* never more than CONNECTOR_UNUSED_MAX */
    /* so far */
    unsigned long opened, reused;
    unsigned long stale; /* kept connections that were found closed when they were used */
};

/* TCPConnector(limit, limit_per_host): at most so many connections at a time, in all and to
 * one host; 0: any number. End it with connector_close(). */
void connector_init(struct connector *connector, struct loop *loop, int limit,
                    int limit_per_host);

/* TCPConnector.close(): close what is idle and forget all hosts. Everything that was lent
 * must have come back. */
void connector_close(struct connector *connector);

/* The entry of the host of `url`, kept until the end, to say that somebody who may has
 * named it (`trusted`) or where it is (`addresses`). NULL: no memory, or no host's name. */
struct endpoint *connector_keep(struct connector *connector, const struct url *url);

/* TCPConnector.connect(): lend a connection to the host of `url`: the one that came back
 * last, if it is young enough and nothing has arrived at it, and `fresh` is not asked for;
 * else a new one. First come, first served. Raises what open_transport() raises, ENOMEM, and
 * AIO_NAME for a name that is too long. A cancel at any time leaves nothing behind. */
struct connector_get {
    struct coro co;
    struct connector *connector;
    const struct url *url; /* the caller's, until the coroutine has ended */
    bool fresh;
    /* called when the wait for a place is over and a connection is to be opened, or NULL;
     * to be set before the first step, as aiohttp's on_connection_create_start */
    void (*on_open)(struct connector_get *self);
    struct endpoint *endpoint; /* NULL: not held yet */
    struct semaphore_acquire at_host, at_all;
    struct open_transport open;    /* open.why: why the host was refused */
    struct connection *connection; /* result, the caller's until connector_put() */
};
struct coro *connector_get(struct connector_get *self, struct connector *connector,
                           const struct url *url, bool fresh);

/* An exchange over it has ended with `err`, 0 or not: what to report, see tls_error(). */
static inline int connection_error(struct connection *connection, int err)
{
    return tls_error(&connection->tls, &connection->stream, err);
}

/* Take it back, to be used again or to be closed, and give its place to the next in line.
 * NULL is fine. */
void connector_put(struct connector *connector, struct connection *connection,
                   bool reusable);

#endif
