/* open_connection.c - a name, its addresses, and the first of them that answers. */
#include "names.h"

static bool two_families(const struct host_addresses *a)
{
    for (int i = 1; i < a->count; i++)
        if (a->address[i].any.sa_family != a->address[0].any.sa_family)
            return true;
    return false;
}

static co_status open_connection_body(struct coro *co)
{
    struct open_connection *self = co_self(co, struct open_connection);
    struct host_addresses *a = self->addresses;
    int err;

    ASYNC (co) {
        stream_init(self->stream, get_running_loop());
        if (a->count == 0)
            AWAIT(async_resolve(&self->resolve, a));
        if (two_families(a)) {
            AWAIT(
                open_connection_staggered(&self->race, self->stream, a, STAGGERED_DELAY));
            self->i = self->race.winner->i;
            return co_done(co);
        }
        for (self->i = 0; self->i < a->count; self->i++) {
            AWAIT_CATCH(err, sock_connect(&self->connect, &self->stream->sock,
                                          &a->address[self->i]));
            if (err == 0 || self->i + 1 == a->count)
                return co_raise(co, err);
        }
    }
    return co_done(co);
}

struct coro *open_connection(struct open_connection *self, struct stream *stream,
                             struct host_addresses *addresses)
{
    self->stream = stream;
    self->addresses = addresses;
    return co_init(&self->co, open_connection_body);
}
