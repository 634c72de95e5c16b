/*
 * lock.h - asyncio.Lock: one task at a time, over its awaits.
 *
 * A coroutine that takes a lock gives it back in its FINALLY, if it has it:
 *
 *     async with lock:            AWAIT(lock_acquire(&self->acquire, lock));
 *         suite                   suite
 *                             FINALLY:
 *                                 if (self->acquire.taken)
 *                                     lock_release(lock);
 *
 * Next: event.h.
 */
#ifndef LOCK_H
#define LOCK_H

#include "task.h"
#include "waiters.h"

struct lock {
    bool locked;
    unsigned holder; /* locked: the number of the task that took it; only to be shown */
    struct waiters waiters;
};

struct lock_acquire {
    struct coro co;
    struct lock *lock;
    struct waiter waiter;
    bool taken; /* result: the lock is ours */
};

extern const struct future_kind lock_kind; /* "a lock" */

/* asyncio.Lock(): unlocked. Nothing to release. */
void lock_init(struct lock *lock);

/* Lock.acquire(): wait for the lock and take it. First come, first served: nobody
 * overtakes one who waits. Raises ECANCELED, and AIO_OTHER_LOOP. */
struct coro *lock_acquire(struct lock_acquire *self, struct lock *lock);

/* Lock.release(): open the lock and wake the first in line, who takes it a pass later.
 * Any task may do it. 0; AIO_RELEASED when it is not locked. */
int lock_release(struct lock *lock);

static inline bool lock_locked(const struct lock *lock)
{
    return lock->locked;
}

enum { WAIT_REASON_MAX = 80 };

/* What `task` waits for, as task_waits_for() names it, and for a lock who has it: "a
 * lock held by Task-2". Made up in `buffer`; a long name is cut. NULL: it waits not. */
const char *task_wait_reason(const struct task *task, char buffer[WAIT_REASON_MAX]);

#endif
