/* transport.c - looks a name up, checks the addresses, and connects. Next:
 * connector.c. */
#include "transport.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "address.h"

/* One special address among public ones is enough for a refusal: only an attack or an
 * error in the name server's data makes such a mixture. */
static bool is_forbidden(struct open_transport *self)
{
    for (int i = 0; i < self->addresses.count; i++) {
        const struct address *address = &self->addresses.address[i];
        const char *what = address_special(address);
        char text[ADDRESS_TEXT_MAX];

        if (what == NULL)
            continue;
        address_text(address, text);
        text[strrchr(text, ':') - text] = '\0'; /* without its port */
        snprintf(self->why, sizeof self->why, "forbidden-address: %s is %s", text, what);
        return true;
    }
    return false;
}

/* The addresses are known and checked: neither coroutine looks the name up. */
static struct coro *connect_to(struct open_transport *self)
{
    if (self->endpoint->https)
        return tls_open(&self->open_tls, self->tls, self->stream, &self->addresses);
    return open_connection_staggered(&self->open, self->stream, &self->addresses,
                                     STAGGERED_DELAY);
}

static co_status open_transport_body(struct coro *co)
{
    struct open_transport *self = co_self(co, struct open_transport);
    struct endpoint *endpoint = self->endpoint;
    int err;

    ASYNC (co) {
        self->addresses = endpoint->addresses;
        if (self->addresses.count == 0)
            AWAIT(async_resolve(&self->resolve, &self->addresses));
        if (!self->any && !endpoint->trusted && is_forbidden(self))
            return co_raise(co, EACCES);
        AWAIT_CATCH(err, connect_to(self));
        if (err != 0) /* the host may have moved: the next request asks the system */
            resolve_forget(get_running_loop(), self->addresses.host,
                           self->addresses.port);
        return co_raise(co, err);
    }
    return co_done(co);
}

struct coro *open_transport(struct open_transport *self, struct stream *stream,
                            struct tls *tls, struct endpoint *endpoint, bool any)
{
    self->stream = stream;
    self->tls = tls;
    self->endpoint = endpoint;
    self->any = any;
    self->why[0] = '\0';
    return co_init(&self->co, open_transport_body);
}
