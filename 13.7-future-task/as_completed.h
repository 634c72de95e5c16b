/*
 * as_completed.h - asyncio.as_completed(): returns several futures one by one, in the
 * order in which they finish.
 *
 *     async_as_completed(&self->each, items, 3, TIMEOUT_NONE);
 *     while (as_completed_left(&self->each) > 0) {    async for f in as_completed(tasks):
 *         AWAIT(as_completed_next(&self->each));
 *         ... self->each.item->future ...                 ... f ...
 *     }
 * FINALLY:
 *     as_completed_end(&self->each);
 *
 * For the loop's thread only. Next: main.c.
 */
#ifndef AS_COMPLETED_H
#define AS_COMPLETED_H

#include "awaited.h"
#include "timeout.h"

struct as_completed {
    struct coro co; /* the coroutine of as_completed_next() */
    struct loop *loop;
    struct awaited *items;
    int count;
    int todo;             /* items whose done callback has not run */
    int left;             /* calls of as_completed_next() that are still to come */
    struct link finished; /* the `done` links of finished items, the earliest first */
    bool timed_out;       /* the timeout has passed */
    struct timer timer;   /* sets `timed_out` */
    struct future waiter; /* what as_completed_next() waits for */
    struct awaited *item; /* result: the item that finished */
};

/* asyncio.as_completed(): starts to watch the futures, for at most `timeout` seconds, or
 * without limit for TIMEOUT_NONE. A future may be in one item only. The caller owns
 * `self` and `items`, and keeps both until as_completed_end(). Returns 0; or, with a
 * limit, EINVAL when `timeout` is a NaN; ENOMEM; AIO_LOOP_CLOSED. */
int async_as_completed(struct as_completed *self, struct awaited *items, int count,
                       double timeout);

/* Returns how many more times as_completed_next() must be called to get all items. */
int as_completed_left(const struct as_completed *self);

/* Waits for the next future that finishes and sets self->item to its item; read the
 * outcome in self->item->future. Raises ETIMEDOUT, once for each future that did not
 * finish in time; ECANCELED when the waiting task is cancelled. Call it only while
 * as_completed_left() is above 0, and from one task at a time. */
struct coro *as_completed_next(struct as_completed *self);

/* Removes the timer, and the callbacks from the futures. Does not cancel the futures. */
void as_completed_end(struct as_completed *self);

#endif
