/*
 * semaphores.h - asyncio.Semaphore and BoundedSemaphore: only a limited number of tasks
 * hold a permit at a time.
 *
 *     AWAIT(semaphore_acquire(&self->acquire, semaphore));
 * FINALLY:
 *     if (self->acquire.taken)
 *         semaphore_release(semaphore);
 *
 * Call every function on the loop's thread only. Next: barrier.h.
 */
#ifndef SEMAPHORES_H
#define SEMAPHORES_H

#include "coro.h"
#include "waiters.h"

struct semaphore {
    unsigned value; /* permits that no task holds */
    unsigned bound; /* the greatest value that semaphore_release() allows */
    struct waiters waiters;
};

struct semaphore_acquire {
    struct coro co;
    struct semaphore *semaphore;
    struct waiter waiter;
    bool taken; /* result: the task holds a permit and must release it in FINALLY */
};

/* asyncio.Semaphore(value) and BoundedSemaphore(value): initialize a semaphore with
 * `value` permits. It owns nothing that must be released. */
void semaphore_init(struct semaphore *semaphore, unsigned value);
void bounded_semaphore_init(struct semaphore *semaphore, unsigned value);

/* Semaphore.acquire(): waits for a permit and takes it. Tasks get permits in the order in
 * which they asked. Raises ECANCELED when the task is cancelled; AIO_OTHER_LOOP when
 * tasks of another loop have waited for this semaphore. */
struct coro *semaphore_acquire(struct semaphore_acquire *self,
                               struct semaphore *semaphore);

/* Semaphore.release(): gives back a permit; when a task waits, the first waiter gets it.
 * Returns 0; AIO_RELEASED when a bounded semaphore would get more permits than it began
 * with. */
int semaphore_release(struct semaphore *semaphore);

/* Semaphore.locked(): returns true when semaphore_acquire() would have to wait. */
bool semaphore_locked(const struct semaphore *semaphore);

#endif
