/* gather.c - asyncio's gather() and _GatheringFuture. */
#include "gather.h"

/* _GatheringFuture.cancel(): ask every child, in the order of the arguments. The gather
 * ends when they do. */
static bool cancel(struct future *f, const char *message)
{
    struct gather *self = container_of(f, struct gather, future);
    bool taken = false;

    for (int i = 0; i < self->count; i++)
        if (future_cancel(self->items[i].future, message))
            taken = true;
    if (taken)
        self->cancel_requested = true;
    return taken;
}

const struct future_kind future_gather = { .what = "gather",
                                           .cancel = cancel,
                                           .passes_on = true };

/* From here on the gather listens to nobody. What the children still bring counts as
 * read: who gathered them has had the answer. `of` tells the message of an ECANCELED. */
static void end(struct gather *self, int error, const struct future *of)
{
    awaited_leave(self->items, self->count);
    for (int i = 0; i < self->count; i++)
        self->items[i].future->retrieved = true;
    future_finish(&self->future, error, NULL);
    if (error == ECANCELED)
        self->future.message = of->error == ECANCELED ? of->message : NULL;
}

/* A child that stands in two items is heard twice, one right after the other, which is
 * the same as to hear it once. */
static void hear(struct gather *self, struct future *child)
{
    self->finished++;
    if (!self->return_exceptions) {
        child->retrieved = true;
        if (child->error != 0) {
            end(self, child->error, child);
            return;
        }
    }
    if (self->finished == self->count)
        end(self, self->cancel_requested ? ECANCELED : 0,
            self->items[self->count - 1].future);
}

static void child_done(struct handle *h)
{
    struct awaited *item = container_of(h, struct awaited, done);

    hear(item->owner, item->future);
}

/* Children that are done already are heard at once, after all others are watched: a
 * gather of nothing but these is done when it is made. */
static void start(struct gather *self)
{
    for (int i = 0; i < self->count; i++)
        if (!self->items[i].future->done)
            awaited_watch(&self->items[i], 1, child_done);
    for (int i = 0; i < self->count && !self->future.done; i++)
        if (self->items[i].future->done)
            hear(self, self->items[i].future);
}

struct future *async_gather(struct gather *self, struct awaited *items, int count,
                            int flags)
{
    struct loop *loop = count > 0 ? items[0].future->loop : get_event_loop();

    future_init_kind(&self->future, loop, &future_gather);
    self->items = items;
    self->count = count;
    self->finished = 0;
    self->return_exceptions = (flags & GATHER_RETURN_EXCEPTIONS) != 0;
    self->cancel_requested = false;
    awaited_init(items, count, self);
    for (int i = 1; i < count; i++)
        if (items[i].future->loop != loop) {
            future_finish(&self->future, AIO_OTHER_LOOP, NULL);
            return &self->future;
        }
    if (count == 0)
        future_finish(&self->future, 0, NULL);
    else
        start(self);
    return &self->future;
}
