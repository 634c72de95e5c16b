/* shield.c - asyncio's shield(): two futures, and a done callback of each. */
#include "shield.h"

/* _inner_done_callback: gives the outcome of `inner` to `outer`. */
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

/* _outer_done_callback. It is the first callback of `outer`; after it, no ring contains a
 * handle of the shield. When `inner` has ended in the same pass as `outer`, its outcome
 * counts as read. When `inner` fails later, its error counts as unread. */
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
