/*
 * awaited.h - one of several futures that are waited for together.
 *
 *     for (i = 0; i < 3; i++)
 *         self->item[i].future = async_ensure_future(&self->task[i], page(...));
 *     AWAIT(async_gather(&self->all, self->item, 3, 0));
 *
 * The caller owns the array and sets `future` in each item; the same array then tells the
 * outcomes, in the order of the arguments. The futures have to stay while the array is in
 * use: a detached task (13.1) dies by itself, so it has no place here. Next: gather.h.
 */
#ifndef AWAITED_H
#define AWAITED_H

#include "task.h"

struct awaited {
    struct future *future; /* the caller's: what is waited for */
    struct handle done;    /* its place among the future's done callbacks */
    void *owner;           /* the gather or wait that is told */
};

/* Make the items ready for `owner`; they stand nowhere yet. */
void awaited_init(struct awaited *items, int count, void *owner);

/* Have `fn` called with each item's `done`, in a later pass, once its future is done. */
void awaited_watch(struct awaited *items, int count, void (*fn)(struct handle *));

/* Take back what is left of that; the futures are not touched. */
void awaited_leave(struct awaited *items, int count);

/* asyncio.ensure_future(): a future or task is itself, and `room` is not used; a
 * coroutine becomes a task in `room`, a struct task * of the caller's, on the running (or
 * this thread's) loop. If that is closed the task is done with AIO_LOOP_CLOSED. Returns
 * the struct future *. */
#define async_ensure_future(room, x)               \
    _Generic((x), struct coro *                    \
             : ensure_future_coro, struct task *   \
             : ensure_future_task, struct future * \
             : ensure_future_itself)(room, x)

struct future *ensure_future_coro(struct task *task, struct coro *co);
struct future *ensure_future_task(struct task *unused, struct task *task);
struct future *ensure_future_itself(struct task *unused, struct future *f);

#endif
