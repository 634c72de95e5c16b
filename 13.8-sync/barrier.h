/*
 * barrier.h - asyncio.Barrier: nobody goes on before all have arrived.
 *
 * The work is done on the shelf. Next: queue.h.
 */
#ifndef BARRIER_H
#define BARRIER_H

#include "condition.h"

enum barrier_state {
    BARRIER_FILLING,   /* tasks arrive and wait */
    BARRIER_DRAINING,  /* all came and leave; who comes now waits for the end of it */
    BARRIER_RESETTING, /* those who waited leave with an error */
    BARRIER_BROKEN,    /* for good, or until reset */
};

struct barrier {
    unsigned parties; /* how many make it open */
    unsigned count;   /* how many are inside */
    enum barrier_state state;
    struct condition changed; /* count or state did */
};

struct barrier_wait {
    struct coro co;
    struct barrier *barrier;
    struct lock_acquire acquire;
    struct condition_wait_for wait;
    bool inside;    /* it counts */
    unsigned index; /* result: how many were there before, 0 to parties - 1 */
};

struct barrier_change {
    struct coro co;
    struct barrier *barrier;
    bool breaks; /* abort, not reset */
    struct lock_acquire acquire;
};

/* asyncio.Barrier(parties): 0; EINVAL for no parties. It must not move. */
int barrier_init(struct barrier *barrier, unsigned parties);

/* Barrier.wait(): wait until all parties do. Raises AIO_BROKEN_BARRIER when it is broken
 * or reset; ECANCELED. */
struct coro *barrier_wait(struct barrier_wait *self, struct barrier *barrier);

/* Barrier.reset(): those who wait get AIO_BROKEN_BARRIER, then it is as new.
 * Barrier.abort(): they do, and whoever comes later does. */
struct coro *barrier_reset(struct barrier_change *self, struct barrier *barrier);
struct coro *barrier_abort(struct barrier_change *self, struct barrier *barrier);

/* Barrier.n_waiting, Barrier.broken. */
unsigned barrier_n_waiting(const struct barrier *barrier);
bool barrier_broken(const struct barrier *barrier);

#endif
