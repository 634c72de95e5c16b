/*
 * shield.h - asyncio.shield(): awaits a future without passing a cancel on to it.
 *
 *     AWAIT(async_shield(&self->shield, &self->task));
 *
 * For the loop's thread only. Next: as_completed.h.
 */
#ifndef SHIELD_H
#define SHIELD_H

#include "task.h"

struct shield {
    struct future outer;      /* what is awaited; a cancel ends only this one */
    struct future *inner;     /* what is shielded */
    struct handle inner_done; /* callback of `inner`: copies the outcome to `outer` */
    struct handle outer_done; /* callback of `outer`: removes `inner_done` */
};

/* asyncio.shield(): returns a struct future * that gets the outcome of `x`, a future or a
 * task. Cancelling that future, or the task that awaits it, does not affect `x`. When `x`
 * is done already, returns the future of `x` itself. The caller owns `self` and keeps it
 * until one pass after the future is done. In that pass the shield's callback runs first,
 * so a task that awaits the future may release `self` as soon as it wakes. */
#define async_shield(self, x) shield_future(self, as_future(x))

/* For the macro only. */
struct future *shield_future(struct shield *self, struct future *inner);

#endif
