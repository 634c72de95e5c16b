/*
 * pool.c - connections that are lent and taken back. The idle ones stand in two lines: at
 * their host the latest is lent first, it is the likeliest to live; among all the one that
 * is idle for the longest is closed first.
 *
 * Who has a connection has two places, one of its host's and one of all. An idle connection
 * has none, so whoever gets a place finds a way: it is lent, or closed. Next: endpoints.c.
 */
#include "connector.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "endpoints.h"

void connector_init(struct connector *connector, struct loop *loop, int limit,
                    int limit_per_host)
{
    *connector = (struct connector){
        .loop = loop,
        .keep = CONNECTOR_KEEP,
        .limit = limit > 0 ? (unsigned)limit : UINT_MAX,
        .limit_per_host = limit_per_host > 0 ? (unsigned)limit_per_host : UINT_MAX,
    };
    bounded_semaphore_init(&connector->places, connector->limit);
    ring_init(&connector->idle);
    endpoints_init(connector);
}

/* Close a connection that stands in no line. */
static void end(struct connector *connector, struct connection *connection)
{
    stream_close(&connection->stream);
    tls_close(&connection->tls);
    connection->endpoint->open--;
    connector->open--;
    endpoint_release(connector, connection->endpoint);
    free(connection);
}

static void leave_lines(struct connection *connection)
{
    ring_remove(&connection->of_host);
    ring_remove(&connection->of_all);
}

/* The one that is idle for the longest: at `endpoint`, or NULL: at all. */
static void end_oldest(struct connector *connector, struct endpoint *endpoint)
{
    struct connection *oldest =
        endpoint != NULL ? container_of(endpoint->idle.next, struct connection, of_host)
                         : container_of(connector->idle.next, struct connection, of_all);

    leave_lines(oldest);
    end(connector, oldest);
}

/* Nobody has a timer for this: what is too old is closed when somebody comes or goes. */
static void end_too_old(struct connector *connector)
{
    double now = loop_time(connector->loop);

    while (!ring_empty(&connector->idle) &&
           now - container_of(connector->idle.next, struct connection, of_all)->since >=
               connector->keep)
        end_oldest(connector, NULL);
}

void connector_close(struct connector *connector)
{
    while (!ring_empty(&connector->idle))
        end_oldest(connector, NULL);
    endpoints_free(connector);
}

/* The latest at which nothing has arrived, which could only be its end or what nobody
 * asked for; the others are closed on the way. */
static struct connection *take_idle(struct connector *connector,
                                    struct endpoint *endpoint)
{
    while (!ring_empty(&endpoint->idle)) {
        struct connection *latest =
            container_of(endpoint->idle.prev, struct connection, of_host);

        leave_lines(latest);
        if (latest->stream.sock.drained)
            return latest;
        end(connector, latest);
    }
    return NULL;
}

/* A connection that is not open yet, once there is room for it: our places say that an
 * idle one is what is in the way. NULL: no memory. */
static struct connection *new_connection(struct connector *connector,
                                         struct endpoint *endpoint)
{
    struct connection *connection;

    if ((unsigned)endpoint->open >= connector->limit_per_host)
        end_oldest(connector, endpoint);
    if ((unsigned)connector->open >= connector->limit)
        end_oldest(connector, NULL);
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

/* Give back a place, which is the next one's in line. */
static void leave_place(struct semaphore_acquire *place)
{
    if (place->taken)
        semaphore_release(place->semaphore);
    place->taken = false;
}

static void undo(struct connector_get *self)
{
    if (self->connection != NULL)
        end(self->connector, self->connection);
    self->connection = NULL;
    leave_place(&self->at_all);
    leave_place(&self->at_host);
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
        AWAIT(semaphore_acquire(&self->at_host, &self->endpoint->places));
        AWAIT(semaphore_acquire(&self->at_all, &connector->places));
        end_too_old(connector);
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
        connector->lent += self->connection != NULL;
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
    self->at_host.taken = self->at_all.taken = false;
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
    connector->lent--;
    semaphore_release(&connection->endpoint->places);
    semaphore_release(&connector->places);
    if (reusable) {
        /* A word that may be under way tells of bytes that have been read: take_idle()
         * must not take it for the end. What comes after them is told anew. */
        handle_cancel(&connection->stream.sock.readable);
        ring_append(&connection->endpoint->idle, &connection->of_host);
        ring_append(&connector->idle, &connection->of_all);
    } else {
        end(connector, connection);
    }
    end_too_old(connector);
}
