/* as_completed.c - asyncio's _AsCompletedIterator: a ring of the items that have
 * finished. */
#include "as_completed.h"

static const struct future_kind next_kind = { .what = "as_completed",
                                              .cancel = future_end_cancelled };

/* _handle_completion. The handle has run, so its link is in no ring and can be appended
 * to `finished`. */
static void item_done(struct handle *h)
{
    struct awaited *item = container_of(h, struct awaited, done);
    struct as_completed *self = item->owner;

    item->owner = NULL;
    ring_append(&self->finished, &h->link);
    if (--self->todo == 0)
        timer_cancel(self->loop, &self->timer);
    future_set_result(&self->waiter, NULL);
}

/* _handle_timeout: items that finished in time stay in the ring. The callbacks of the
 * others are removed, even one that is in the ready queue already. */
static void too_late(struct handle *h)
{
    struct as_completed *self = container_of(h, struct as_completed, timer.handle);

    self->timed_out = true;
    for (int i = 0; i < self->count; i++)
        if (self->items[i].owner != NULL)
            handle_cancel(&self->items[i].done);
    future_set_result(&self->waiter, NULL);
}

int async_as_completed(struct as_completed *self, struct awaited *items, int count,
                       double timeout)
{
    int err = 0;

    self->loop = get_event_loop();
    self->items = items;
    self->count = self->todo = self->left = count;
    self->timed_out = false;
    self->item = NULL;
    ring_init(&self->finished);
    timer_init(&self->timer);
    future_init(&self->waiter, self->loop);
    awaited_init(items, count, self);
    if (count > 0 && timeout != TIMEOUT_NONE)
        err = loop_call_later(self->loop, &self->timer, timeout, too_late);
    if (err == 0)
        awaited_watch(items, count, item_done);
    return err;
}

int as_completed_left(const struct as_completed *self)
{
    return self->left;
}

static struct future *next_one(struct as_completed *self)
{
    future_init_kind(&self->waiter, self->loop, &next_kind);
    return &self->waiter;
}

static co_status as_completed_next_body(struct coro *co)
{
    struct as_completed *self = co_self(co, struct as_completed);
    struct link *first;

    ASYNC (co) {
        self->left--;
        while (ring_empty(&self->finished) && !self->timed_out)
            AWAIT(next_one(self));
        first = self->finished.next;
        if (ring_empty(&self->finished))
            return co_raise(co, ETIMEDOUT);
        ring_remove(first);
        self->item = container_of(first, struct awaited, done.link);
    }
    return co_done(co);
}

struct coro *as_completed_next(struct as_completed *self)
{
    return co_init(&self->co, as_completed_next_body);
}

void as_completed_end(struct as_completed *self)
{
    timer_cancel(self->loop, &self->timer);
    awaited_leave(self->items, self->count);
}
