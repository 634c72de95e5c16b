/*
 * event.h - asyncio.Event: a flag that any number of tasks can wait for.
 *
 *     AWAIT(event_wait(&self->wait, &ready));     event_set(&ready);
 *
 * Call every function on the loop's thread only. Next: condition.h.
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

/* asyncio.Event(): initializes an event that is not set. It owns nothing that must be
 * released. */
void event_init(struct event *event);

/* Event.wait(): waits until the flag is set, and returns at once when it is set
 * already. Raises ECANCELED when the task is cancelled; AIO_OTHER_LOOP when tasks of
 * another loop have waited for this event. */
struct coro *event_wait(struct event_wait *self, struct event *event);

/* Event.set(): sets the flag and wakes all waiters in the order in which they began to
 * wait. They stay woken even when event_clear() follows at once. */
void event_set(struct event *event);

/* Event.clear(): resets the flag. Event.is_set(): returns the flag. */
static inline void event_clear(struct event *event)
{
    event->set = false;
}

static inline bool event_is_set(const struct event *event)
{
    return event->set;
}

#endif
