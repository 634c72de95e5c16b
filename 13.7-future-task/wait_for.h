/*
 * wait_for.h - asyncio.wait_for(): awaits one thing, with a timeout in seconds.
 *
 *     AWAIT_CATCH(err, async_wait_for(&self->limited, page(&self->page), 2.0));
 *
 * It is the timeout of 13.3 around an await, in the same task. Next: task_group.h.
 */
#ifndef WAIT_FOR_H
#define WAIT_FOR_H

#include "timeout.h"

struct async_wait_for {
    struct async_timeout limit; /* for a timeout above 0 */
    struct coro hold;           /* the same, for a future: awaits it */
    struct future *future;      /* what is awaited; NULL: `inner` */
    /* for a timeout of 0 or less */
    struct coro co;
    struct coro *inner;
    struct task task;     /* `inner`, which never starts */
    struct future waiter; /* the task awaits this until `future` is done */
    struct handle done;   /* completes it */
};

/* asyncio.wait_for(): awaits `x`, a coroutine, future or task, and cancels it when it
 * has not ended after `timeout` seconds; TIMEOUT_NONE is no limit. Then it waits until
 * `x` has ended: ECANCELED is raised as ETIMEDOUT, any other outcome stands. With a
 * timeout of 0 or less a coroutine is never started, and a future that is done gives
 * its outcome. Raises what `x` raises, ENOMEM, and EINVAL for a NaN. Returns a struct
 * coro *. */
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
