/*
 * wait_for.h - asyncio.wait_for(): awaits a coroutine, future or task, with a timeout.
 *
 *     AWAIT_CATCH(err, async_wait_for(&self->limited, page(&self->page), 2.0));
 *
 * For a timeout above 0, it is section 13.3's async_timeout() around the await, in the
 * same task. Call it on the loop's thread only. Next: task_group.h.
 */
#ifndef WAIT_FOR_H
#define WAIT_FOR_H

#include "timeout.h"

struct async_wait_for {
    /* for a timeout above 0 */
    struct async_timeout limit; /* the timeout, around the coroutine or `awaiting` */
    struct coro awaiting;       /* awaits `future` */
    /* for any timeout */
    struct future *future; /* what is waited for; NULL: a coroutine without a task */
    /* for a timeout of 0 or less */
    struct coro co;
    struct coro *inner;   /* the coroutine; not used for a future */
    struct task task;     /* runs `inner`; cancelled before it starts */
    struct future waiter; /* what `co` waits for until `future` is done */
    struct handle done;   /* callback of `future`: completes `waiter` */
};

/* asyncio.wait_for(): returns a struct coro * that awaits `x`, a coroutine, future or
 * task. When `x` has not ended after `timeout` seconds (TIMEOUT_NONE: no limit), it
 * cancels `x` and waits for the end of `x`. An ECANCELED that this cancel causes is
 * raised as ETIMEDOUT; any other outcome of `x` stands. With a timeout of 0 or less, a
 * coroutine never starts, and the outcome of a future that is done already stands. Raises
 * the errors of `x`; ENOMEM; EINVAL when `timeout` is a NaN. The caller owns `self` and
 * keeps it until the coroutine has ended. */
#define async_wait_for(self, x, timeout)      \
    _Generic((x), struct coro *               \
             : wait_for_coro, struct task *   \
             : wait_for_task, struct future * \
             : wait_for_future)(self, x, timeout)

/* The three forms of async_wait_for(). For the macro only. */
struct coro *wait_for_coro(struct async_wait_for *self, struct coro *x, double timeout);
struct coro *wait_for_task(struct async_wait_for *self, struct task *x, double timeout);
struct coro *wait_for_future(struct async_wait_for *self, struct future *x,
                             double timeout);

#endif
