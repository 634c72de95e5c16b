/* names.c - getaddrinfo() blocks, so it runs in a thread of the executor (13.5). */
#include "names.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

static int error_of(int eai)
{
    switch (eai) {
    case EAI_MEMORY:
        return ENOMEM;
    case EAI_SYSTEM:
        return errno != 0 ? errno : AIO_NAME;
    default:
        return AIO_NAME;
    }
}

static int lookup(struct host_addresses *a)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *list, *item;
    char port[8];
    int eai;

    snprintf(port, sizeof port, "%u", a->port);
    eai = getaddrinfo(a->host, port, &hints, &list);
    if (eai != 0)
        return error_of(eai);
    for (item = list; item != NULL && a->count < ADDRESSES_MAX; item = item->ai_next)
        if (item->ai_addrlen <= sizeof(struct address))
            memcpy(&a->address[a->count++], item->ai_addr, item->ai_addrlen);
    freeaddrinfo(list);
    return a->count > 0 ? 0 : AIO_NAME;
}

int (*names_lookup)(struct host_addresses *addresses) = lookup;

static int lookup_in_thread(void *addresses)
{
    return names_lookup(addresses);
}

static co_status async_resolve_body(struct coro *co)
{
    struct async_resolve *self = co_self(co, struct async_resolve);
    struct host_addresses *a = self->addresses;

    ASYNC (co) {
        a->count = 0;
        if (address_from_text(&a->address[0], a->host, a->port)) {
            a->count = 1;
            return co_done(co);
        }
        AWAIT(to_thread(&self->run, lookup_in_thread, a, sizeof *a));
    }
    return co_done(co);
}

struct coro *async_resolve(struct async_resolve *self, struct host_addresses *addresses)
{
    self->addresses = addresses;
    return co_init(&self->co, async_resolve_body);
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
