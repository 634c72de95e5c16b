/*
 * connector.h - a pool of connections to any number of hosts: a connection is kept open
 * and used again. aiohttp calls this TCPConnector.
 *
 *     AWAIT(connector_get(&self->get, connector, &self->url, false));
 *     ... an exchange over self->get.connection->stream ...
 *     connector_put(connector, self->get.connection, reusable);
 *
 * A connection is lent, idle, or being opened. A request waits until its host's limit
 * allows another connection. It never waits for the limit of all hosts together, which
 * the callers must keep to. An idle connection never keeps a request waiting: it is
 * closed when a limit is reached. Call all functions on the loop's thread only. Next:
 * transport.h, then page_fetch.h.
 */
#ifndef CONNECTOR_H
#define CONNECTOR_H

#include "semaphores.h"
#include "transport.h"

#define CONNECTOR_KEEP 15.0 /* seconds; aiohttp's keepalive_timeout */
enum { CONNECTOR_UNUSED_MAX = 256 };

struct connection {
    struct stream stream;
    struct tls tls;              /* for https: the child process behind the stream */
    struct endpoint *endpoint;   /* the host that it leads to */
    struct link of_host, of_all; /* idle: its places in endpoint->idle, connector->idle */
    int exchanges;               /* requests that it has carried */
    double since;                /* loop time at which it became idle */
};

struct connector {
    struct loop *loop;
    /* settings, to be changed before the first connector_get() only */
    double keep;             /* seconds that a connection may be idle */
    bool allow_private;      /* connect to any address, see address.h */
    struct tls_settings tls; /* a struct of zeros: https raises AIO_TLS_MISSING */
    /* limits and counts */
    unsigned limit, limit_per_host; /* connections at a time; UINT_MAX: no limit */
    int open;                       /* connections that exist: at most `limit` */
    int lent;                       /* of these, the lent and those being opened */
    struct link idle;               /* connections to all hosts, the longest idle first */
    /* hosts */
    struct link endpoints; /* all endpoints */
    struct link unused;    /* of these, the ones without a user, the latest last */
    int unused_count;      /* at most CONNECTOR_UNUSED_MAX */
    /* statistics */
    unsigned long opened, reused;
    unsigned long stale; /* idle connections that turned out to be closed when used */
};

/* TCPConnector(limit, limit_per_host): prepares a connector for at most `limit`
 * connections at a time, and at most `limit_per_host` to one host; 0 means no limit. The
 * callers must not have more than `limit` requests and lent connections together. This
 * connector asserts that, while aiohttp's waits for a free connection. The caller ends
 * the connector with connector_close(). */
void connector_init(struct connector *connector, struct loop *loop, int limit,
                    int limit_per_host);

/* TCPConnector.close(): closes all idle connections and forgets all hosts. Every
 * connection that was lent must have been put back before. */
void connector_close(struct connector *connector);

/* Returns the endpoint of the host of `url` and keeps it until connector_close(). The
 * caller may mark it `trusted` (any address is allowed) or fill in its `addresses`
 * (the name is never looked up). Returns NULL when memory is short or the host's name
 * is too long. */
struct endpoint *connector_keep(struct connector *connector, const struct url *url);

/* TCPConnector.connect(): lends a connection to the host of `url`. Waits until fewer than
 * `limit_per_host` connections to the host are lent or being opened. Requests to a host
 * are served in the order in which they were made. Among the idle connections that were
 * idle for less than `keep` seconds and on which nothing has arrived, lends the one that
 * became idle last. If there is none, or if `fresh` is set, opens a new one. Raises what
 * open_transport() raises; ENOMEM; AIO_NAME when the host's name is too long. A cancel at
 * any time leaves no connection open and no place taken. */
struct connector_get {
    struct coro co;
    struct connector *connector;
    const struct url *url; /* the caller's, until the coroutine has ended */
    bool fresh;
    /* Called when the request has its place and a new connection is about to be opened,
     * like aiohttp's on_connection_create_start. Set it before the first step, or leave
     * it NULL. */
    void (*on_open)(struct connector_get *self);
    struct endpoint *endpoint;      /* held while this runs; NULL: not yet found */
    struct semaphore_acquire place; /* a place of endpoint->places */
    struct open_transport open;     /* open.why: why an address was refused */
    struct connection *connection;  /* result; the caller's until connector_put() */
};
struct coro *connector_get(struct connector_get *self, struct connector *connector,
                           const struct url *url, bool fresh);

/* Returns the error to report for an exchange over `connection` that ended with `err`
 * (0 or an error): see tls_error(). */
static inline int connection_error(struct connection *connection, int err)
{
    return tls_error(&connection->tls, &connection->stream, err);
}

/* Takes a lent connection back and gives its place to the next request. A `reusable`
 * connection becomes idle; any other is closed. Does nothing when `connection` is
 * NULL. */
void connector_put(struct connector *connector, struct connection *connection,
                   bool reusable);

#endif
