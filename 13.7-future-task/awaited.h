/*
 * awaited.h - one of several futures that are awaited together.
 *
 *     for (i = 0; i < 3; i++)
 *         self->item[i].future = async_ensure_future(&self->task[i], page(...));
 *     AWAIT(async_gather(&self->all, self->item, 3, 0));
 *
 * The caller owns the array and sets `future` in each item. It reads the outcomes there,
 * in the order of the arguments. The futures must stay while the array is in use, so a
 * detached task (13.1), which frees itself, cannot be an item. Next: gather.h.
 */
#ifndef AWAITED_H
#define AWAITED_H

#include "task.h"

struct awaited {
    struct future *future; /* the awaited future, the caller's */
    struct handle done;    /* its place among the future's done callbacks */
    void *owner;           /* the gather or wait that `done` notifies */
};

/* Initialises the items for `owner`. They watch nothing yet. */
void awaited_init(struct awaited *items, int count, void *owner);

/* Calls `fn` with each item's `done` in a later pass, once its future is done. */
void awaited_watch(struct awaited *items, int count, void (*fn)(struct handle *));

/* Removes the callbacks that have not run. Does not change the futures. */
void awaited_leave(struct awaited *items, int count);

/* asyncio.ensure_future(): returns a struct future *. A future or task is returned
 * itself, and `room` is not used. A coroutine becomes a task in `room`, a struct task
 * * of the caller's, on the running loop or else this thread's. If that loop is
 * closed, the task is done with AIO_LOOP_CLOSED. */
#define async_ensure_future(room, x)               \
    _Generic((x), struct coro *                    \
             : ensure_future_coro, struct task *   \
             : ensure_future_task, struct future * \
             : ensure_future_itself)(room, x)

struct future *ensure_future_coro(struct task *task, struct coro *co);
struct future *ensure_future_task(struct task *unused, struct task *task);
struct future *ensure_future_itself(struct task *unused, struct future *f);

#endif
