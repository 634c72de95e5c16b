/*
 * as_completed.h - asyncio.as_completed(): several futures, one by one as they finish.
 *
 *     async_as_completed(&self->each, items, 3, TIMEOUT_NONE);
 *     while (as_completed_left(&self->each) > 0) {    async for f in as_completed(tasks):
 *         AWAIT(as_completed_next(&self->each));
 *         ... self->each.item->future ...                 ... f ...
 *     }
 * FINALLY:
 *     as_completed_end(&self->each);
 *
 * Next: main.c.
 */
#ifndef AS_COMPLETED_H
#define AS_COMPLETED_H

#include "awaited.h"
#include "timeout.h"

struct as_completed {
    struct coro co; /* the await of the next one */
    struct loop *loop;
    struct awaited *items;
    int count;
    int todo;             /* items that have not finished */
    int left;             /* items that as_completed_next() has not returned */
    struct link finished; /* items by their `done`, in the order they finished */
    bool timed_out;
    struct timer timer;
    struct future waiter; /* what the task awaits when none has finished */
    struct awaited *item; /* result: the one that finished */
};

/* asyncio.as_completed(): starts to watch the items. The caller owns them and leaves
 * them alone until as_completed_end(); a future may be in one item only. Returns 0,
 * EINVAL for a NaN, or ENOMEM. */
int async_as_completed(struct as_completed *self, struct awaited *items, int count,
                       double timeout);

/* Returns how many items as_completed_next() has not returned yet. */
int as_completed_left(const struct as_completed *self);

/* Waits for the next item that finishes and stores it in self->item; its future has the
 * outcome. Raises ETIMEDOUT for each item that has not finished in time. One task at a
 * time may await it. */
struct coro *as_completed_next(struct as_completed *self);

/* Removes the callbacks from the futures, which run on. Harmless twice. */
void as_completed_end(struct as_completed *self);

#endif
