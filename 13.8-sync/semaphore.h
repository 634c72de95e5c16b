/*
 * semaphore.h - asyncio.Semaphore and BoundedSemaphore: at most so many tasks at a time.
 *
 * Next: barrier.h.
 */
#ifndef SEMAPHORE_H
#define SEMAPHORE_H

#include "coro.h"
#include "waiters.h"

struct semaphore {
    unsigned value; /* permits that nobody has */
    unsigned bound; /* never more than this many */
    struct waiters waiters;
};

struct semaphore_acquire {
    struct coro co;
    struct semaphore *semaphore;
    struct waiter waiter;
    bool taken; /* result: a permit is ours, to be given back in FINALLY */
};

/* asyncio.Semaphore(value), BoundedSemaphore(value). Nothing to release. */
void semaphore_init(struct semaphore *semaphore, unsigned value);
void bounded_semaphore_init(struct semaphore *semaphore, unsigned value);

/* Semaphore.acquire(): wait for a permit and take it; first come, first served. Raises
 * ECANCELED, and AIO_OTHER_LOOP. */
struct coro *semaphore_acquire(struct semaphore_acquire *self,
                               struct semaphore *semaphore);

/* Semaphore.release(): give a permit back, or to the first in line. 0; AIO_RELEASED when
 * that would be one more than a bounded semaphore began with. */
int semaphore_release(struct semaphore *semaphore);

/* Semaphore.locked(): true when acquiring would have to wait. */
bool semaphore_locked(const struct semaphore *semaphore);

#endif
