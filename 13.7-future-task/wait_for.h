/*
 * wait_for.h - asyncio.wait_for(): one thing, and no longer than so many seconds.
 *
 * It is the timeout of 13.3 around an await, in the same task. Next: task_group.h.
 */
#ifndef WAIT_FOR_H
#define WAIT_FOR_H

#include "timeout.h"

struct async_wait_for {
    struct async_timeout limit; /* for a timeout above 0 this is all of it ... */
    struct coro hold;           /* ... and this, which awaits `future`, for a future */
    struct future *future;      /* what is waited for, NULL: `inner` */
    /* for a timeout that is over before it begins */
    struct coro co;
    struct coro *inner;
    struct task task;     /* `inner`, which never starts */
    struct future waiter; /* what the task waits at until `future` has ended */
    struct handle done;   /* completes it */
};

/* asyncio.wait_for(): await `x`, a coroutine, future or task, and cancel it when it has
 * not ended after `timeout` seconds (TIMEOUT_NONE: wait for ever). That is waited for: an
 * ECANCELED that comes of it is raised as ETIMEDOUT, any other outcome stands. With a
 * timeout of 0 or less a coroutine is never started, and a future that is done is read.
 * Raises what `x` raises, ENOMEM, EINVAL for a NaN. Returns a struct coro *. */
#define async_wait_for(self, x, timeout)      \
    _Generic((x), struct coro *               \
             : wait_for_coro, struct task *   \
             : wait_for_task, struct future * \
             : wait_for_future)(self, x, timeout)

struct coro *wait_for_coro(struct async_wait_for *self, struct coro *x, double timeout);
struct coro *wait_for_task(struct async_wait_for *self, struct task *x, double timeout);
struct coro *wait_for_future(struct async_wait_for *self, struct future *x,
                             double timeout);

#endif
