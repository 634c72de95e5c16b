/* async_wait.c - asyncio's _wait(): one future to wait for, and a done callback of each
 * item's future. */
#include "async_wait.h"

#include "outcome.h"

static const struct future_kind wait_kind = { .what = "wait",
                                              .cancel = future_end_cancelled };

/* _release_waiter: the timeout has passed. */
static void release(struct handle *h)
{
    struct async_wait *self = container_of(h, struct async_wait, timer.handle);

    future_set_result(&self->waiter, NULL);
}

static bool failed(struct future *f)
{
    int error;

    return future_exception(f, &error) == 0 && error != 0;
}

/* _on_completion: completes the waiter when enough futures are done. */
static void item_done(struct handle *h)
{
    struct awaited *item = container_of(h, struct awaited, done);
    struct async_wait *self = item->owner;

    self->left--;
    if (self->left > 0 && self->until != FIRST_COMPLETED &&
        !(self->until == FIRST_EXCEPTION && failed(item->future)))
        return;
    timer_cancel(self->waiter.loop, &self->timer);
    future_set_result(&self->waiter, NULL);
}

static int start(struct async_wait *self)
{
    struct loop *loop = get_running_loop();
    int err = 0;

    future_init_kind(&self->waiter, loop, &wait_kind);
    timer_init(&self->timer);
    awaited_init(self->items, self->count, self);
    self->left = self->count;
    if (self->timeout != TIMEOUT_NONE)
        err = loop_call_later(loop, &self->timer, self->timeout, release);
    if (err == 0)
        awaited_watch(self->items, self->count, item_done);
    return err;
}

/* Removes the timer and the callbacks, and counts the futures that are done. */
static void leave(struct async_wait *self)
{
    timer_cancel(self->waiter.loop, &self->timer);
    awaited_leave(self->items, self->count);
    for (int i = 0; i < self->count; i++)
        self->done += self->items[i].future->done;
}

static co_status async_wait_body(struct coro *co)
{
    struct async_wait *self = co_self(co, struct async_wait);
    int err;

    ASYNC (co) {
        err = self->count > 0 ? start(self) : EINVAL;
        if (err != 0)
            return co_raise(co, err);
        AWAIT(&self->waiter);

    FINALLY:
        if (self->count > 0)
            leave(self);
    }
    return co_done(co);
}

struct coro *async_wait(struct async_wait *self, struct awaited *items, int count,
                        double timeout, enum return_when until)
{
    self->items = items;
    self->count = count;
    self->timeout = timeout;
    self->until = until;
    self->done = 0;
    return co_init(&self->co, async_wait_body);
}
