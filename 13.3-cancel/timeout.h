/*
 * timeout.h - asyncio.timeout(): a deadline on a coroutine, built on task_cancel() and
 * task_uncancel().
 *
 *     async with asyncio.timeout(1.5):        AWAIT(async_timeout(&self->limit, 1.5,
 *         await page(5)                                           page(&self->page, 5)));
 *
 * Next: runner.h.
 */
#ifndef TIMEOUT_H
#define TIMEOUT_H

#include <math.h>

#include "task.h"

#define TIMEOUT_NONE ((double)INFINITY) /* asyncio's None: no deadline */

struct async_timeout {
    struct coro co;
    struct coro *suite; /* the coroutine under the deadline, run in the same task */
    double when;        /* the deadline in loop time, or TIMEOUT_NONE */
    bool relative;      /* before entry, `when` is a delay in seconds */
    struct timer timer; /* cancels the task at the deadline */
    struct task *task;  /* the task that entered it; NULL before entry */
    int cancelling;     /* task_cancelling() at entry */
    bool asked;         /* the deadline has come, and `timer` has cancelled the task */
    bool left;          /* the suite has ended */
};

/* asyncio.timeout(): returns a coroutine that runs `suite` and cancels it after `delay`
 * seconds. When this cancel ends the suite with ECANCELED, the coroutine raises
 * ETIMEDOUT. A cancel by other code stays ECANCELED. A suite without an await never times
 * out. The coroutine also raises the errors of the suite, ENOMEM, and EINVAL for a NaN.
 * The caller owns `self` and keeps it until the coroutine has ended. */
struct coro *async_timeout(struct async_timeout *self, double delay, struct coro *suite);

/* asyncio.timeout_at(): does the same with a deadline in loop time. */
struct coro *async_timeout_at(struct async_timeout *self, double when,
                              struct coro *suite);

/* Timeout.reschedule(): moves the deadline to loop time `when`; TIMEOUT_NONE removes it.
 * Returns 0; AIO_INVALID_STATE when the suite does not run or the timeout has expired;
 * ENOMEM; or EINVAL for a NaN. */
int timeout_reschedule(struct async_timeout *self, double when);

/* Timeout.expired(): returns true once the deadline has come. */
bool timeout_expired(const struct async_timeout *self);

#endif
