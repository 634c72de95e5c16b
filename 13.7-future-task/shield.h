/*
 * shield.h - asyncio.shield(): await a future without the right to cancel it.
 *
 * Next: as_completed.h.
 */
#ifndef SHIELD_H
#define SHIELD_H

#include "task.h"

struct shield {
    struct future outer;      /* what is awaited; a cancel ends it and goes no further */
    struct future *inner;     /* what is shielded */
    struct handle inner_done; /* at `inner`: passes the outcome on */
    struct handle outer_done; /* at `outer`: lets go of `inner` */
};

/* asyncio.shield(): a future with the outcome of `x`, a future or task. To cancel it, or
 * the task that awaits it, does not touch `x`. If `x` is done it is `x` itself. `self` is
 * the caller's and has to stay until the future is done and a pass has gone by: who
 * awaits it may let go when it wakes. Returns a struct future *. */
#define async_shield(self, x) shield_future(self, as_future(x))

struct future *shield_future(struct shield *self, struct future *inner);

#endif
