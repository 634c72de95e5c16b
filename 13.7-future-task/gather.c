/* gather.c - asyncio's gather() and _GatheringFuture. */
#include "gather.h"

/* _GatheringFuture.cancel(): cancels every child, in the order of the items. The gather
 * ends when the children do. */
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

/* Ends the gather and removes its callbacks from the children. Their outcomes count as
 * read, because the gather has its own outcome now. An ECANCELED takes its message from
 * the child `of`. */
static void end(struct gather *self, int error, const struct future *of)
{
    awaited_leave(self->items, self->count);
    for (int i = 0; i < self->count; i++)
        self->items[i].future->retrieved = true;
    future_finish(&self->future, error, NULL);
    if (error == ECANCELED)
        self->future.message = of->error == ECANCELED ? of->message : NULL;
}

/* gather's _done_callback. A child that is in two items is counted twice, one directly
 * after the other, so the effect is the same as counting it once. */
static void count_outcome(struct gather *self, struct future *child)
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

    count_outcome(item->owner, item->future);
}

/* Adds the callbacks first, then counts the children that are done already. When all are
 * done, the gather is done at once. */
static void start(struct gather *self)
{
    for (int i = 0; i < self->count; i++)
        if (!self->items[i].future->done)
            awaited_watch(&self->items[i], 1, child_done);
    for (int i = 0; i < self->count && !self->future.done; i++)
        if (self->items[i].future->done)
            count_outcome(self, self->items[i].future);
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
