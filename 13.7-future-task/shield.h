/*
 * shield.h - asyncio.shield(): awaits a future without passing a cancel on to it.
 *
 *     AWAIT(async_shield(&self->shield, &self->task));
 *
 * Next: as_completed.h.
 */
#ifndef SHIELD_H
#define SHIELD_H

#include "task.h"

struct shield {
    struct future outer;      /* what the caller awaits; a cancel ends only this */
    struct future *inner;     /* what is shielded */
    struct handle inner_done; /* callback of `inner`: passes the outcome on */
    struct handle outer_done; /* callback of `outer`: removes inner_done */
};

/* asyncio.shield(): returns a struct future * with the outcome of `x`, a future or
 * task. Cancelling it, or the task that awaits it, does not affect `x`. If `x` is
 * done, it is `x` itself. `self` is the caller's and must stay until one pass after
 * the future is done; a task that awaits it may free it when it wakes. */
#define async_shield(self, x) shield_future(self, as_future(x))

struct future *shield_future(struct shield *self, struct future *inner);

#endif
