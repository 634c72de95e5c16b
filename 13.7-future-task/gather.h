/*
 * gather.h - asyncio.gather(): one future for the outcomes of several.
 *
 *     AWAIT(async_gather(&self->all, self->item, 3, 0));
 *     ... future_result(self->item[0].future, &value) ...
 *
 * It is a future of its own kind: cancelling it cancels its children. Next: async_wait.h.
 */
#ifndef GATHER_H
#define GATHER_H

#include "awaited.h"

extern const struct future_kind future_gather;

struct gather {
    struct future future;  /* first: a gather is a future */
    struct awaited *items; /* its children, in the order of the arguments */
    int count;
    int finished;           /* children that are done */
    bool return_exceptions; /* a child's error does not end the gather */
    bool cancel_requested;  /* the gather was cancelled, and a child was asked */
};

enum gather_flags { GATHER_RETURN_EXCEPTIONS = 1 };

/* asyncio.gather(): returns a future that is done when all children are, at once when
 * `count` is 0. The caller reads the outcomes in items[i].future. The first error of a
 * child becomes the error of the gather immediately; the other children run on, and
 * their errors count as read. With GATHER_RETURN_EXCEPTIONS the gather has no error,
 * except ECANCELED when it was itself cancelled. Children of several loops:
 * AIO_OTHER_LOOP, at once. The same future may be in several items.
 *
 * The caller owns everything. It may free `self` and the items when the gather is
 * done, and children that are tasks when they are done themselves. */
struct future *async_gather(struct gather *self, struct awaited *items, int count,
                            int flags);

#endif
