/*
 * async_wait.h - asyncio.wait(): waits until enough of several futures are done.
 *
 *     AWAIT(async_wait(&self->wait, self->item, 3, 2.0, FIRST_COMPLETED));
 *     ... self->wait.done, future_done(self->item[0].future) ...
 *
 * Unlike gather it raises no child's error and cancels no child. Its timeout is no error.
 * Next: wait_for.h.
 */
#ifndef ASYNC_WAIT_H
#define ASYNC_WAIT_H

#include "awaited.h"
#include "timeout.h"

enum return_when { ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION };

struct async_wait {
    struct coro co;
    struct awaited *items;
    int count;
    double timeout; /* seconds, or TIMEOUT_NONE */
    enum return_when until;
    int left;             /* items whose callback has not run */
    struct future waiter; /* what the task awaits */
    struct timer timer;
    int done; /* result: the number of items that are done */
};

/* asyncio.wait(): waits until all items are done, or the first one, or the first one
 * with an error (a cancelled one does not count), or until `timeout` seconds have
 * passed. The caller then asks items[i].future. Raises EINVAL for no items, ENOMEM,
 * and ECANCELED when it is cancelled itself. `items` is the caller's, and unused
 * afterwards. */
struct coro *async_wait(struct async_wait *self, struct awaited *items, int count,
                        double timeout, enum return_when until);

#endif
