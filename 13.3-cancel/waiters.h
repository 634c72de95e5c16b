/*
 * waiters.h - a line of coroutines, each waiting at a future that lies in its own frame.
 *
 * All of this section is made of it. Who gives something away completes the future of one
 * who waits; who wakes takes himself out of the line. Next: lock.h.
 */
#ifndef WAITERS_H
#define WAITERS_H

#include "future.h"

struct waiters {
    struct link ring;  /* of struct waiter, first come first */
    struct loop *loop; /* of those who wait; NULL until somebody did */
};

struct waiter {
    struct link link;     /* its place in line; next == NULL: it stands in none */
    struct future future; /* what its task waits at */
};

static inline void waiters_init(struct waiters *line)
{
    ring_init(&line->ring);
    line->loop = NULL;
}

/* Make `w` wait at the end of the line, at a new future of `kind`. 0; AIO_OTHER_LOOP when
 * the line belongs to another loop than the running one (asyncio's _LoopBoundMixin). */
int waiters_join(struct waiters *line, struct waiter *w, const struct future_kind *kind);

static inline void waiter_leave(struct waiter *w)
{
    ring_remove(&w->link);
}

/* Removes and returns the first waiter whose future is pending, or returns NULL when there is
 * none. Also removes the waiters before it, whose tasks were cancelled. The caller completes
 * the future. */
struct waiter *waiters_take(struct waiters *line);

/* Take waiters out of the front of the line up to the first whose future is pending, and
 * complete that one. False when there was none. */
bool waiters_pop(struct waiters *line);

/* True when nobody is in the line, or only waiters who were cancelled and have not had
 * their turn yet to leave it. */
bool waiters_all_cancelled(const struct waiters *line);

#endif
