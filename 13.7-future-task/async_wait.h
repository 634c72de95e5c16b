/*
 * async_wait.h - asyncio.wait(): look on until enough of several futures are done.
 *
 * Where gather is about the outcomes, wait is about the moment: it raises no child's
 * error, cancels no child, and never times out with an error. Next: wait_for.h.
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
    int left;             /* items that have not been heard of */
    struct future waiter; /* what the task waits at */
    struct timer timer;
    int done; /* result: how many items are done */
};

/* asyncio.wait(): ends when all are done, or the first is, or the first with an error is
 * (a cancelled one does not count), or `timeout` seconds have passed. Which ones are done
 * is then read in items[i].future. Raises EINVAL for no items, ENOMEM, and ECANCELED when
 * it is cancelled itself. `items` is the caller's and free again afterwards. */
struct coro *async_wait(struct async_wait *self, struct awaited *items, int count,
                        double timeout, enum return_when until);

#endif
