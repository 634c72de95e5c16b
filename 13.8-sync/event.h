/*
 * event.h - asyncio.Event: a flag that any number of tasks can wait for.
 *
 * Next: condition.h.
 */
#ifndef EVENT_H
#define EVENT_H

#include "coro.h"
#include "waiters.h"

struct event {
    bool set;
    struct waiters waiters;
};

struct event_wait {
    struct coro co;
    struct event *event;
    struct waiter waiter;
};

/* asyncio.Event(): not set. Nothing to release. */
void event_init(struct event *event);

/* Event.wait(): wait until the flag is set; at once when it is. Raises ECANCELED, and
 * AIO_OTHER_LOOP. */
struct coro *event_wait(struct event_wait *self, struct event *event);

/* Event.set(): wake all who wait, in the order in which they came; a clear that follows
 * at once does not take that back. */
void event_set(struct event *event);

/* Event.clear(), is_set(). */
static inline void event_clear(struct event *event)
{
    event->set = false;
}

static inline bool event_is_set(const struct event *event)
{
    return event->set;
}

#endif
