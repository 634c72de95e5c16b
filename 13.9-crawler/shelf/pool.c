/* pool.c - the idle ones stand in a line; the latest is lent first, it is the likeliest
 * to live. */
#include "pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void pool_init(struct pool *pool, struct loop *loop, const struct url *url)
{
    struct span host = url_host_name(url);

    *pool = (struct pool){ .loop = loop };
    ring_init(&pool->idle);
    if (host.n <= HOST_MAX) /* a longer name stays empty, and cannot be resolved */
        memcpy(pool->addresses.host, host.at, host.n);
    pool->addresses.port = url->port;
}

static void end(struct pool *pool, struct connection *connection)
{
    stream_close(&connection->stream);
    free(connection);
    pool->open--;
}

void pool_close(struct pool *pool)
{
    while (!ring_empty(&pool->idle)) {
        struct link *first = pool->idle.next;

        ring_remove(first);
        end(pool, container_of(first, struct connection, idle));
    }
}

/* The latest one that is young enough and at which nothing has arrived, which could only
 * be its end or what nobody asked for; the others are closed on the way. */
static struct connection *take_idle(struct pool *pool)
{
    while (!ring_empty(&pool->idle)) {
        struct link *last = pool->idle.prev;
        struct connection *connection = container_of(last, struct connection, idle);

        ring_remove(last);
        if (connection->stream.sock.drained &&
            loop_time(pool->loop) - connection->since < POOL_KEEP_SECONDS)
            return connection;
        end(pool, connection);
    }
    return NULL;
}

static co_status pool_get_body(struct coro *co)
{
    struct pool_get *self = co_self(co, struct pool_get);
    struct pool *pool = self->pool;

    ASYNC (co) {
        self->connection = self->fresh ? NULL : take_idle(pool);
        if (self->connection != NULL) {
            pool->reused++;
            return co_done(co);
        }
        self->connection = calloc(1, sizeof *self->connection);
        if (self->connection == NULL)
            return co_raise(co, ENOMEM);
        stream_init(&self->connection->stream, pool->loop);
        pool->open++;
        AWAIT(open_connection(&self->open, &self->connection->stream, &pool->addresses));
        pool->opened++;

    FINALLY:
        if (co->error != 0 && self->connection != NULL) {
            end(pool, self->connection);
            self->connection = NULL;
        }
    }
    return co_done(co);
}

struct coro *pool_get(struct pool_get *self, struct pool *pool, bool fresh)
{
    self->pool = pool;
    self->fresh = fresh;
    self->connection = NULL;
    return co_init(&self->co, pool_get_body);
}

void pool_put(struct pool *pool, struct connection *connection, bool reusable)
{
    if (connection == NULL)
        return;
    connection->exchanges++;
    connection->since = loop_time(pool->loop);
    if (!reusable) {
        end(pool, connection);
        return;
    }
    /* A word that may be under way tells of bytes that have been read: take_idle() must
     * not take it for the end. What comes after them is told anew. */
    handle_cancel(&connection->stream.sock.readable);
    ring_append(&pool->idle, &connection->idle);
}
