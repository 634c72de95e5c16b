/* shield.c - asyncio's shield(): two futures, each with a callback at the other. */
#include "shield.h"

static void inner_done(struct handle *h)
{
    struct shield *self = container_of(h, struct shield, inner_done);

    self->inner->retrieved = true;
    if (self->inner->error == ECANCELED)
        future_cancel(&self->outer, NULL);
    else if (self->inner->error != 0)
        future_set_exception(&self->outer, self->inner->error);
    else
        future_set_result(&self->outer, self->inner->value);
}

/* First of the callbacks of `outer`: after it nothing points at the shield any more. If
 * both ended in one pass, the outcome of `inner` was still on its way and counts as
 * read; an error that comes later does not. */
static void outer_done(struct handle *h)
{
    struct shield *self = container_of(h, struct shield, outer_done);

    if (self->inner->done)
        self->inner->retrieved = true;
    handle_cancel(&self->inner_done);
}

struct future *shield_future(struct shield *self, struct future *inner)
{
    if (inner->done)
        return inner;
    future_init(&self->outer, inner->loop);
    self->inner = inner;
    handle_init(&self->inner_done);
    handle_init(&self->outer_done);
    future_add_done_callback(inner, &self->inner_done, inner_done);
    future_add_done_callback(&self->outer, &self->outer_done, outer_done);
    return &self->outer;
}
