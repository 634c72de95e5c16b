/*
 * lock.h - asyncio.Lock: one task holds it at a time, across its awaits.
 *
 * A coroutine that asks for a lock releases it in FINALLY, but only if it got the lock:
 *
 *     async with lock:            AWAIT(lock_acquire(&self->acquire, lock));
 *         suite                   suite
 *                             FINALLY:
 *                                 if (self->acquire.taken)
 *                                     lock_release(lock);
 *
 * Call every function on the loop's thread only. Next: event.h.
 */
#ifndef LOCK_H
#define LOCK_H

#include "task.h"
#include "waiters.h"

struct lock {
    bool locked;
    unsigned holder; /* the number of the task that holds it, for display only */
    struct waiters waiters;
};

struct lock_acquire {
    struct coro co;
    struct lock *lock;
    struct waiter waiter;
    bool taken; /* result: the task holds the lock */
};

extern const struct future_kind lock_kind; /* the kind of a lock's waiters */

/* asyncio.Lock(): initializes an unlocked lock. It owns nothing that must be released. */
void lock_init(struct lock *lock);

/* Lock.acquire(): waits until the lock is free, and takes it. Tasks get the lock in
 * the order in which they asked for it. Raises ECANCELED when the task is cancelled;
 * AIO_OTHER_LOOP when tasks of another loop have waited for this lock. */
struct coro *lock_acquire(struct lock_acquire *self, struct lock *lock);

/* Lock.release(): unlocks the lock and wakes the first waiter, which takes the lock in
 * the next pass of the loop. Any task may call it. Returns 0; AIO_RELEASED when
 * the lock is not locked. */
int lock_release(struct lock *lock);

/* Lock.locked(): returns true while a task holds the lock. A lock that was released for a
 * waiter is free until that waiter runs. */
static inline bool lock_locked(const struct lock *lock)
{
    return lock->locked;
}

enum { WAIT_REASON_MAX = 80 };

/* Returns what `task` waits for: the text of task_waits_for(), with the holder added for
 * a lock, such as "a lock held by Task-2". Only the text with a holder is written to
 * `buffer`; a name that is too long is cut. Returns NULL when the task is not waiting. */
const char *task_wait_reason(const struct task *task, char buffer[WAIT_REASON_MAX]);

#endif
