/*
 * gather.h - asyncio.gather(): one future that waits for several, its children.
 *
 *     AWAIT(async_gather(&self->all, self->item, 3, 0));
 *     ... future_result(self->item[0].future, &value) ...
 *
 * A gather is a future; cancelling it cancels its children instead. Next: async_wait.h.
 */
#ifndef GATHER_H
#define GATHER_H

#include "awaited.h"

extern const struct future_kind future_gather;

struct gather {
    struct future future;  /* first member: a gather is a future */
    struct awaited *items; /* its children, in the order of the arguments */
    int count;
    int finished;           /* children whose outcome was counted */
    bool return_exceptions; /* an error of a child does not end the gather */
    bool cancel_requested;  /* a child accepted the cancel of the gather */
};

enum gather_flags { GATHER_RETURN_EXCEPTIONS = 1 };

/* asyncio.gather(): returns a future that is done when all children are done; for a count
 * of 0 it is done at once. The outcomes are in items[i].future. The first error of a
 * child, ECANCELED included, ends the gather with that error at once; the other children
 * continue, and their errors are not reported as unread. With GATHER_RETURN_EXCEPTIONS,
 * no error of a child ends the gather. After a cancel that a child accepted, the gather
 * ends with ECANCELED, unless an error of a child ends it first. When the children belong
 * to several loops, the gather ends at once with AIO_OTHER_LOOP.
 *
 * Several items may hold the same future. The caller owns `self`, the items and the
 * futures, and keeps them until the gather is done. A child that is a task must stay
 * valid until the task itself is done. */
struct future *async_gather(struct gather *self, struct awaited *items, int count,
                            int flags);

#endif
