/*
 * gather.h - asyncio.gather(): one future for the outcomes of several.
 *
 * It is a future of a kind of its own: to cancel it is to ask its children.
 * Next: async_wait.h.
 */
#ifndef GATHER_H
#define GATHER_H

#include "awaited.h"

extern const struct future_kind future_gather;

struct gather {
    struct future future;  /* first: a gather is a future */
    struct awaited *items; /* its children, in the order of the arguments */
    int count;
    int finished;           /* children that have told their outcome */
    bool return_exceptions; /* errors are outcomes like any other */
    bool cancel_requested;  /* a child took a request to cancel the gather */
};

enum gather_flags { GATHER_RETURN_EXCEPTIONS = 1 };

/* asyncio.gather(): a future that is done when all children are; at once for count 0.
 * Their outcomes are read in items[i].future. The first error of a child becomes that of
 * the gather, at once: the other children run on, and their errors count as read. With
 * GATHER_RETURN_EXCEPTIONS it has no error, unless it was itself asked to cancel:
 * ECANCELED then. AIO_OTHER_LOOP, at once, for children of several loops.
 * The same future may stand in several items.
 * All is the caller's. `self` and the items may go when the gather is done; children that
 * are tasks still have to stay until they are done themselves. */
struct future *async_gather(struct gather *self, struct awaited *items, int count,
                            int flags);

#endif
