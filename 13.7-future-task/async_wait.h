/*
 * async_wait.h - asyncio.wait(): waits until enough of several futures are done.
 *
 *     AWAIT(async_wait(&self->wait, self->item, 3, 2.0, FIRST_COMPLETED));
 *     ... self->wait.done, future_done(self->item[0].future) ...
 *
 * Unlike gather, it neither raises the futures' errors nor cancels them, and a timeout
 * raises no error. Next: wait_for.h.
 */
#ifndef ASYNC_WAIT_H
#define ASYNC_WAIT_H

#include "awaited.h"
#include "timeout.h"

/* asyncio.wait()'s return_when. */
enum return_when { ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION };

struct async_wait {
    struct coro co;
    struct awaited *items;
    int count;
    double timeout; /* seconds, or TIMEOUT_NONE */
    enum return_when until;
    int left;             /* items whose done callback has not run */
    struct future waiter; /* what the task waits for */
    struct timer timer;   /* completes `waiter` after `timeout` */
    int done;             /* result: how many items are done */
};

/* asyncio.wait(): waits until all futures are done (ALL_COMPLETED), until one is done
 * (FIRST_COMPLETED), or until one has ended with an error or all are done
 * (FIRST_EXCEPTION; a cancel is no error here). It waits for at most `timeout` seconds.
 * Afterwards, future_done(items[i].future) tells which ones are done. Raises EINVAL when
 * there are no items or `timeout` is a NaN; ENOMEM; ECANCELED when the waiting task is
 * cancelled. The caller owns `self` and `items`, and may use them again when the
 * coroutine has ended. */
struct coro *async_wait(struct async_wait *self, struct awaited *items, int count,
                        double timeout, enum return_when until);

#endif
