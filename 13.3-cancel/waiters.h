/*
 * waiters.h - a list of coroutines, each waiting for a future in its own frame.
 *
 *     err = waiters_join(&list, &self->waiter, &kind);
 *     AWAIT(&self->waiter.future);
 *     FINALLY: waiter_leave(&self->waiter);
 *
 * The list tolerates a cancel at any time: a waiter whose future is done is skipped, and
 * a coroutine leaves the list when it wakes. Call these functions on the loop's thread
 * only. Next: runner.h.
 */
#ifndef WAITERS_H
#define WAITERS_H

#include "future.h"

struct waiters {
    struct link ring;  /* of struct waiter, in the order of arrival */
    struct loop *loop; /* loop of the waiters; NULL until the first one */
};

struct waiter {
    struct link link;     /* its place in the list; next == NULL: it is in none */
    struct future future; /* what the task waits for: completed, or cancelled */
};

/* Initializes an empty list. */
static inline void waiters_init(struct waiters *line)
{
    ring_init(&line->ring);
    line->loop = NULL;
}

/* Appends `w` to the list with a new future of `kind`. Returns 0, or AIO_OTHER_LOOP when
 * the list belongs to a loop that is not the running one (asyncio's _LoopBoundMixin). */
int waiters_join(struct waiters *line, struct waiter *w, const struct future_kind *kind);

/* Removes `w` from its list. Does nothing when it is in none. A frame that can call this
 * before waiters_join() sets w->link.next to NULL first. */
static inline void waiter_leave(struct waiter *w)
{
    ring_remove(&w->link);
}

/* Removes and returns the first waiter whose future is pending, or returns NULL when
 * there is none. Also removes the waiters before it: their futures are done, because
 * their tasks were cancelled. The caller completes the future. */
struct waiter *waiters_take(struct waiters *line);

/* Completes the future of the waiter that waiters_take() returns. Returns false when
 * there is none. */
bool waiters_pop(struct waiters *line);

/* Returns true when the list is empty, or when every waiter in it is cancelled and leaves
 * the list as soon as its task runs. */
bool waiters_all_cancelled(const struct waiters *line);

#endif
