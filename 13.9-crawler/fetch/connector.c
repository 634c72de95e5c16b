/*
 * connector.c - the list of endpoints, and the connections that are lent and taken back.
 *
 * An idle connection is in two lists. The list of its host lends the latest one first,
 * because the server is least likely to have closed it. The list of all hosts closes the
 * longest idle one first.
 *
 * The two limits are held in different ways: - The callers must keep to `limit`. Each
 * worker of a crawl has one connection at a time, and `limit` is the number of workers.
 * So the connector counts and asserts.
 * - `limit_per_host` needs a semaphore. The frontier counts the pages of a host, and a
 *   redirect of a page is a new page of its target's host. But a redirect of robots.txt
 *   is followed at once, to any host (RFC 9309 2.3.1.2), and counts at the host that it
 *   came from. Such a request can find all places of the other host taken, and waits.
 *
 * An idle connection holds no place. So a request within both limits always finds room:
 * it gets an idle connection, or an idle one is closed for it. Next: transport.c.
 */
#include "connector.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- endpoints: those in use, and the latest of those that were ---- */

static void forget(struct connector *connector, struct endpoint *endpoint)
{
    connector->unused_count -= endpoint->unused.next != NULL;
    ring_remove(&endpoint->unused);
    ring_remove(&endpoint->in_connector);
    free(endpoint);
}

static void endpoints_free(struct connector *connector)
{
    struct link *list = &connector->endpoints;

    while (!ring_empty(list))
        forget(connector, container_of(list->next, struct endpoint, in_connector));
}

static bool leads_to(const struct endpoint *endpoint, const struct url *url,
                     struct span host)
{
    const struct host_addresses *a = &endpoint->addresses;

    return a->port == url->port && endpoint->https == url_is_https(url) &&
           strlen(a->host) == host.n && memcmp(a->host, host.at, host.n) == 0;
}

static struct endpoint *new_endpoint(struct connector *connector, const struct url *url,
                                     struct span host)
{
    struct endpoint *endpoint = calloc(1, sizeof *endpoint);

    if (endpoint == NULL)
        return NULL;
    endpoint->https = url_is_https(url);
    memcpy(endpoint->addresses.host, host.at, host.n);
    endpoint->addresses.port = url->port;
    bounded_semaphore_init(&endpoint->places, connector->limit_per_host);
    ring_init(&endpoint->idle);
    return endpoint;
}

/* Finds the endpoint of the URL's host, or makes one. The list is short: the hosts of the
 * start pages, those of connections, and at most CONNECTOR_UNUSED_MAX without a user. */
static int endpoint_find(struct connector *connector, const struct url *url,
                         struct endpoint **endpoint)
{
    struct span host = url_host_name(url);
    struct link *list = &connector->endpoints;

    if (host.n > HOST_MAX)
        return AIO_NAME;
    for (struct link *l = list->next; l != list; l = l->next) {
        *endpoint = container_of(l, struct endpoint, in_connector);
        if (leads_to(*endpoint, url, host))
            return 0;
    }
    *endpoint = new_endpoint(connector, url, host);
    if (*endpoint == NULL)
        return ENOMEM;
    ring_append(list, &(*endpoint)->in_connector);
    return 0;
}

static void endpoint_hold(struct connector *connector, struct endpoint *endpoint)
{
    endpoint->users++;
    connector->unused_count -= endpoint->unused.next != NULL;
    ring_remove(&endpoint->unused);
}

static void endpoint_release(struct connector *connector, struct endpoint *endpoint)
{
    if (--endpoint->users > 0)
        return;
    ring_append(&connector->unused, &endpoint->unused);
    if (++connector->unused_count > CONNECTOR_UNUSED_MAX)
        forget(connector, container_of(connector->unused.next, struct endpoint, unused));
}

struct endpoint *connector_keep(struct connector *connector, const struct url *url)
{
    struct endpoint *endpoint;

    if (endpoint_find(connector, url, &endpoint) != 0)
        return NULL;
    endpoint_hold(connector, endpoint);
    return endpoint;
}

/* ---- connections ---- */

void connector_init(struct connector *connector, struct loop *loop, int limit,
                    int limit_per_host)
{
    *connector = (struct connector){
        .loop = loop,
        .keep = CONNECTOR_KEEP,
        .limit = limit > 0 ? (unsigned)limit : UINT_MAX,
        .limit_per_host = limit_per_host > 0 ? (unsigned)limit_per_host : UINT_MAX,
    };
    ring_init(&connector->idle);
    ring_init(&connector->endpoints);
    ring_init(&connector->unused);
}

/* Closes a connection that is in no list. */
static void close_connection(struct connector *connector, struct connection *connection)
{
    stream_close(&connection->stream);
    tls_close(&connection->tls);
    connection->endpoint->open--;
    connector->open--;
    endpoint_release(connector, connection->endpoint);
    free(connection);
}

static void leave_lists(struct connection *connection)
{
    ring_remove(&connection->of_host);
    ring_remove(&connection->of_all);
}

/* Closes the connection that has been idle longest: of `endpoint`, or of all endpoints
 * when it is NULL. */
static void close_oldest(struct connector *connector, struct endpoint *endpoint)
{
    struct connection *oldest =
        endpoint != NULL ? container_of(endpoint->idle.next, struct connection, of_host)
                         : container_of(connector->idle.next, struct connection, of_all);

    assert(!ring_empty(endpoint != NULL ? &endpoint->idle : &connector->idle));
    leave_lists(oldest);
    close_connection(connector, oldest);
}

/* Closes the connections that have been idle too long. No timer does this: each get and
 * put calls it. */
static void close_too_old(struct connector *connector)
{
    double now = loop_time(connector->loop);

    while (!ring_empty(&connector->idle) &&
           now - container_of(connector->idle.next, struct connection, of_all)->since >=
               connector->keep)
        close_oldest(connector, NULL);
}

void connector_close(struct connector *connector)
{
    while (!ring_empty(&connector->idle))
        close_oldest(connector, NULL);
    endpoints_free(connector);
}

/* Takes the latest idle connection on which nothing has arrived. Anything that arrived
 * is the end of the stream or bytes that no request asked for, so such connections are
 * closed. */
static struct connection *take_idle(struct connector *connector,
                                    struct endpoint *endpoint)
{
    while (!ring_empty(&endpoint->idle)) {
        struct connection *latest =
            container_of(endpoint->idle.prev, struct connection, of_host);

        leave_lists(latest);
        if (latest->stream.sock.drained)
            return latest;
        close_connection(connector, latest);
    }
    return NULL;
}

/* Makes a connection that is not open yet. The request is within both limits, so when a
 * limit is reached, one of the connections is idle. The oldest idle one is then closed.
 * Returns NULL when memory is short. */
static struct connection *new_connection(struct connector *connector,
                                         struct endpoint *endpoint)
{
    struct connection *connection;

    if ((unsigned)endpoint->open >= connector->limit_per_host)
        close_oldest(connector, endpoint);
    if ((unsigned)connector->open >= connector->limit)
        close_oldest(connector, NULL);
    connection = calloc(1, sizeof *connection);
    if (connection == NULL)
        return NULL;
    stream_init(&connection->stream, connector->loop);
    tls_init(&connection->tls, &connector->tls);
    connection->endpoint = endpoint;
    endpoint->open++;
    connector->open++;
    endpoint_hold(connector, endpoint);
    return connection;
}

/* Counts a request that has a place of its host. The callers keep to the total limit. */
static void enter(struct connector *connector)
{
    assert((unsigned)connector->lent < connector->limit);
    connector->lent++;
}

/* Gives back a place of `endpoint`, which goes to the next request that waits. */
static void leave(struct connector *connector, struct endpoint *endpoint)
{
    connector->lent--;
    semaphore_release(&endpoint->places);
}

static void undo(struct connector_get *self)
{
    if (self->connection != NULL)
        close_connection(self->connector, self->connection);
    self->connection = NULL;
    if (self->place.taken)
        leave(self->connector, self->endpoint);
}

static co_status connector_get_body(struct coro *co)
{
    struct connector_get *self = co_self(co, struct connector_get);
    struct connector *connector = self->connector;
    int err;

    ASYNC (co) {
        err = endpoint_find(connector, self->url, &self->endpoint);
        if (err != 0)
            return co_raise(co, err);
        endpoint_hold(connector, self->endpoint);
        AWAIT(semaphore_acquire(&self->place, &self->endpoint->places));
        enter(connector);
        close_too_old(connector);
        self->connection = self->fresh ? NULL : take_idle(connector, self->endpoint);
        if (self->connection != NULL) {
            connector->reused++;
            return co_done(co);
        }
        self->connection = new_connection(connector, self->endpoint);
        if (self->connection == NULL)
            return co_raise(co, ENOMEM);
        if (self->on_open != NULL)
            self->on_open(self);
        AWAIT(open_transport(&self->open, &self->connection->stream,
                             &self->connection->tls, self->endpoint,
                             connector->allow_private));
        connector->opened++;

    FINALLY:
        if (co->error != 0)
            undo(self);
        if (self->endpoint != NULL)
            endpoint_release(connector, self->endpoint);
    }
    return co_done(co);
}

struct coro *connector_get(struct connector_get *self, struct connector *connector,
                           const struct url *url, bool fresh)
{
    self->connector = connector;
    self->url = url;
    self->fresh = fresh;
    self->on_open = NULL;
    self->endpoint = NULL;
    self->place.taken = false;
    self->open.why[0] = '\0';
    self->connection = NULL;
    return co_init(&self->co, connector_get_body);
}

void connector_put(struct connector *connector, struct connection *connection,
                   bool reusable)
{
    if (connection == NULL)
        return;
    connection->exchanges++;
    connection->since = loop_time(connector->loop);
    leave(connector, connection->endpoint);
    if (reusable) {
        /* A readiness callback that is already queued is about bytes that were read:
         * take_idle() must not take it for the end. Later bytes are reported anew. */
        handle_cancel(&connection->stream.sock.readable);
        ring_append(&connection->endpoint->idle, &connection->of_host);
        ring_append(&connector->idle, &connection->of_all);
    } else {
        close_connection(connector, connection);
    }
    close_too_old(connector);
}
