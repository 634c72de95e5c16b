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
    int todo;             /* not finished yet */
    int left;             /* not asked for yet */
    struct link finished; /* items by their `done`, in the order they finished */
    bool timed_out;
    struct timer timer;
    struct future waiter; /* what the task waits at, when it does */
    struct awaited *item; /* result: the one that finished */
};

/* asyncio.as_completed(): start to watch. The items (each future in one of them only) are
 * the caller's until as_completed_end(). 0; or EINVAL for a NaN, ENOMEM. */
int async_as_completed(struct as_completed *self, struct awaited *items, int count,
                       double timeout);

/* How often as_completed_next() is still to be asked. */
int as_completed_left(const struct as_completed *self);

/* The next one that finishes, in self->item; its outcome is read there. Raises ETIMEDOUT
 * for each that had not finished in time. One task at a time may ask. */
struct coro *as_completed_next(struct as_completed *self);

/* Take back what it left at the futures. They run on. */
void as_completed_end(struct as_completed *self);

#endif
