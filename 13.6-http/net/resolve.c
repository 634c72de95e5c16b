/*
 * resolve.c - names that are looked up, and who waits for them. Read async_resolve_body()
 * first. What is known already is resolver.c's.
 */
#include "resolver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct future_kind answer_kind = { .what = "a name",
                                                .cancel = future_end_cancelled };

static void hand_out(const struct name *name, struct host_addresses *to)
{
    to->count = name->count;
    if (name->count > 0)
        memcpy(to->address, name->address, (size_t)name->count * sizeof to->address[0]);
}

static int take_answer(struct name *name, const struct host_addresses *answer, int err)
{
    size_t size = (size_t)answer->count * sizeof answer->address[0];

    name->count = 0;
    if (err == 0 && answer->count == 0)
        err = AIO_NAME;
    if (err != 0)
        return err;
    name->address = malloc(size);
    if (name->address == NULL)
        return ENOMEM;
    memcpy(name->address, answer->address, size);
    name->count = answer->count;
    return 0;
}

static void on_landed(struct handle *h)
{
    struct flight *flight = container_of(h, struct flight, done);
    struct name *name = flight->name;
    const struct names_settings *settings = &name->resolver->settings;
    int err = take_answer(name, &flight->answer, future_error(&flight->run.future));

    name->error = err;
    name->flight = NULL;
    while (!ring_empty(&flight->waiters)) {
        struct async_resolve *each =
            container_of(flight->waiters.next, struct async_resolve, in_line);

        ring_remove(&each->in_line);
        each->name = NULL;
        hand_out(name, each->addresses);
        if (err != 0)
            future_set_exception(&each->answer, err);
        else
            future_set_result(&each->answer, NULL);
    }
    free(flight);
    resolver_keep(name, err == 0          ? settings->ttl
                        : err == AIO_NAME ? settings->negative_ttl
                                          : 0);
}

static int lookup_in_thread(void *addresses)
{
    return names_lookup(addresses);
}

/* Have a thread look `name` up. 0 or an error; then the name is forgotten. */
static int take_off(struct name *name)
{
    struct flight *flight = malloc(sizeof *flight);
    int err = flight != NULL ? 0 : ENOMEM;

    if (err == 0) {
        flight->name = name;
        ring_init(&flight->waiters);
        handle_init(&flight->done);
        strcpy(flight->answer.host, name->host);
        flight->answer.port = name->port;
        flight->answer.count = 0;
        err = loop_run_in_executor(&flight->run, name->resolver->ex, lookup_in_thread,
                                   &flight->answer, sizeof flight->answer)
                  ->error;
    }
    if (err == 0)
        err = future_add_done_callback(&flight->run.future, &flight->done, on_landed);
    name->flight = flight;
    return err;
}

/* The name, which is kept and fresh, or under way. */
static int look_up(struct resolver *r, const struct host_addresses *a,
                   struct name **found)
{
    struct name *name = resolver_find(r, a->host, a->port);
    int err;

    if (name != NULL && name->flight == NULL && loop_time(r->loop) >= name->expires) {
        resolver_forget(name);
        name = NULL;
    }
    *found = name;
    if (name != NULL)
        return 0;
    *found = name = resolver_add(r, a->host, a->port);
    if (name == NULL)
        return ENOMEM;
    err = take_off(name);
    if (err != 0)
        resolver_forget(name);
    return err;
}

/* 0 and the addresses, if they are known; 0 and self->name, to be waited for; an
 * error. */
static int ask(struct async_resolve *self)
{
    struct loop *loop = get_running_loop();
    struct resolver *r = resolver_of(loop);
    struct name *name = NULL;
    int err = r != NULL ? 0 : resolver_make(loop, &r);

    if (err == 0)
        err = look_up(r, self->addresses, &name);
    if (err != 0)
        return err;
    if (name->flight == NULL) {
        resolver_touch(name);
        hand_out(name, self->addresses);
        return name->error;
    }
    self->name = name;
    future_init_kind(&self->answer, loop, &answer_kind);
    ring_append(&name->flight->waiters, &self->in_line);
    return 0;
}

static co_status async_resolve_body(struct coro *co)
{
    struct async_resolve *self = co_self(co, struct async_resolve);
    struct host_addresses *a = self->addresses;
    int err;

    ASYNC (co) {
        a->count = 0;
        if (address_from_text(&a->address[0], a->host, a->port)) {
            a->count = 1;
            return co_done(co);
        }
        err = ask(self);
        if (err != 0)
            return co_raise(co, err);
        if (self->name != NULL)
            AWAIT(&self->answer);

    FINALLY:
        ring_remove(&self->in_line);
        if (self->name != NULL && ring_empty(&self->name->flight->waiters))
            resolver_call_off(self->name);
    }
    return co_done(co);
}

struct coro *async_resolve(struct async_resolve *self, struct host_addresses *addresses)
{
    self->addresses = addresses;
    self->name = NULL;
    self->in_line.next = NULL;
    return co_init(&self->co, async_resolve_body);
}
