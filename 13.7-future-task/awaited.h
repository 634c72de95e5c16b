/*
 * awaited.h - an array of futures that a coroutine waits for together.
 *
 *     for (i = 0; i < 3; i++)
 *         self->item[i].future = async_ensure_future(&self->task[i], page(...));
 *     AWAIT(async_gather(&self->all, self->item, 3, 0));
 *
 * The caller owns the array, sets `future` in each item, and reads the outcomes from
 * these futures. They must stay valid while the array is in use, so a detached task
 * (section 13.1), which frees itself, cannot be an item. Next: gather.h.
 */
#ifndef AWAITED_H
#define AWAITED_H

#include "task.h"

struct awaited {
    struct future *future; /* what is waited for; set by the caller */
    struct handle done;    /* the done callback of `future` */
    void *owner;           /* what `done` notifies: a struct gather, for example */
};

/* Initializes the items for `owner`. Adds no callback yet. */
void awaited_init(struct awaited *items, int count, void *owner);

/* Future.add_done_callback() for each item: calls fn(&item->done) one pass after the
 * item's future is done. */
void awaited_watch(struct awaited *items, int count, void (*fn)(struct handle *));

/* Removes the callbacks that have not run. The futures are not changed. */
void awaited_leave(struct awaited *items, int count);

/* asyncio.ensure_future(): returns a struct future *, which is `x` itself when `x` is a
 * future, and the future in `x` when `x` is a task. When `x` is a coroutine, makes it a
 * task in `room` (a struct task *, owned by the caller) on the running loop or, when none
 * runs, on the loop set for this thread, which must exist. When that loop is closed, the
 * task is done at once with the error AIO_LOOP_CLOSED. */
#define async_ensure_future(room, x)               \
    _Generic((x), struct coro *                    \
             : ensure_future_coro, struct task *   \
             : ensure_future_task, struct future * \
             : ensure_future_itself)(room, x)

/* The three forms of async_ensure_future(). For the macro only. */
struct future *ensure_future_coro(struct task *task, struct coro *co);
struct future *ensure_future_task(struct task *unused, struct task *task);
struct future *ensure_future_itself(struct task *unused, struct future *f);

#endif
