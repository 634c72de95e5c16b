/*
 * barrier.h - asyncio.Barrier: no task continues before all parties have arrived.
 *
 *     barrier_init(&barrier, 3);
 *     AWAIT(barrier_wait(&self->wait, &barrier));
 *
 * Call every function on the loop's thread only. Next: queue.h.
 */
#ifndef BARRIER_H
#define BARRIER_H

#include "condition.h"

enum barrier_state {
    BARRIER_FILLING,   /* tasks arrive and wait */
    BARRIER_DRAINING,  /* all parties arrived and are leaving; new tasks wait */
    BARRIER_RESETTING, /* the waiting tasks leave with an error */
    BARRIER_BROKEN,    /* aborted: every wait fails until a reset */
};

struct barrier {
    unsigned parties; /* how many tasks must arrive before any continues */
    unsigned count;   /* tasks that have arrived and have not left yet */
    enum barrier_state state;
    struct condition changed; /* notified when count or state changes */
};

struct barrier_wait {
    struct coro co;
    struct barrier *barrier;
    struct lock_acquire acquire;
    struct condition_wait_for wait;
    bool inside;    /* the task is counted in barrier->count */
    unsigned index; /* result: how many tasks arrived before, 0 to parties - 1 */
};

struct barrier_change {
    struct coro co;
    struct barrier *barrier;
    bool breaks; /* true: abort; false: reset */
    struct lock_acquire acquire;
};

/* asyncio.Barrier(parties): initializes a barrier, which must not be moved. Returns 0;
 * EINVAL when `parties` is 0. */
int barrier_init(struct barrier *barrier, unsigned parties);

/* Barrier.wait(): waits until `parties` tasks have called it. Raises AIO_BROKEN_BARRIER
 * when the barrier is broken or reset; ECANCELED when the task is cancelled;
 * AIO_OTHER_LOOP when tasks of another loop have waited at this barrier. */
struct coro *barrier_wait(struct barrier_wait *self, struct barrier *barrier);

/* Barrier.reset(): raises AIO_BROKEN_BARRIER in the waiting tasks; afterwards the barrier
 * can be used again. Barrier.abort(): raises it in the waiting tasks and in all tasks
 * that call barrier_wait() later, until a reset. Both raise ECANCELED when the calling
 * task is cancelled. */
struct coro *barrier_reset(struct barrier_change *self, struct barrier *barrier);
struct coro *barrier_abort(struct barrier_change *self, struct barrier *barrier);

/* Barrier.n_waiting: returns the number of tasks that wait for the others to arrive.
 * Barrier.broken: returns true after an abort, until a reset. */
unsigned barrier_n_waiting(const struct barrier *barrier);
bool barrier_broken(const struct barrier *barrier);

#endif
