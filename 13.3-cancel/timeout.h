/*
 * timeout.h - a deadline on a piece of work, made of nothing but cancel and uncancel.
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
    struct coro *suite; /* what runs under the deadline, in the same task */
    double when;        /* the deadline in loop time, or TIMEOUT_NONE */
    bool relative;      /* `when` counts from when it is entered */
    struct timer timer; /* asks the task to cancel at the deadline */
    struct task *task;  /* who entered, NULL before */
    int cancelling;     /* the task's count of requests at that time */
    bool asked;         /* the deadline came: we have made a request of our own */
    bool left;          /* the suite has ended */
};

/* asyncio.timeout(): run `suite`, and when it has not ended after `delay` seconds cancel
 * it; the ECANCELED that this brings out of the suite is raised as ETIMEDOUT. A cancel
 * from elsewhere stays one. A suite without an await never times out. Raises what the
 * suite raises, too, and ENOMEM. */
struct coro *async_timeout(struct async_timeout *self, double delay, struct coro *suite);

/* asyncio.timeout_at(): the same with a deadline in loop time. */
struct coro *async_timeout_at(struct async_timeout *self, double when,
                              struct coro *suite);

/* Timeout.reschedule(): move the deadline of a timeout that has been entered;
 * TIMEOUT_NONE disarms it. 0; AIO_INVALID_STATE outside its suite or when it has expired;
 * ENOMEM. */
int timeout_reschedule(struct async_timeout *self, double when);

/* Timeout.expired(): true from the moment at which the deadline has come. */
bool timeout_expired(const struct async_timeout *self);

#endif
