/* event.c - asyncio's locks.py, Event. */
#include "event.h"

static const struct future_kind event_kind = { .what = "an event",
                                               .cancel = future_end_cancelled };

void event_init(struct event *event)
{
    event->set = false;
    waiters_init(&event->waiters);
}

static co_status event_wait_body(struct coro *co)
{
    struct event_wait *self = co_self(co, struct event_wait);
    int err;

    ASYNC (co) {
        if (self->event->set)
            return co_done(co);
        err = waiters_join(&self->event->waiters, &self->waiter, &event_kind);
        if (err != 0)
            return co_raise(co, err);
        AWAIT(&self->waiter.future);

    FINALLY:
        waiter_leave(&self->waiter);
    }
    return co_done(co);
}

struct coro *event_wait(struct event_wait *self, struct event *event)
{
    self->event = event;
    self->waiter.link.next = NULL;
    return co_init(&self->co, event_wait_body);
}

void event_set(struct event *event)
{
    event->set = true;
    while (waiters_pop(&event->waiters))
        ;
}
