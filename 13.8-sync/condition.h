/*
 * condition.h - asyncio.Condition: a task releases a lock and waits until another task
 * notifies it of a change.
 *
 *     AWAIT(lock_acquire(&self->acquire, condition->lock));
 *     AWAIT(condition_wait_for(&self->wait, condition, is_ready, context));
 *
 * Call every function on the loop's thread only. Next: semaphores.h.
 */
#ifndef CONDITION_H
#define CONDITION_H

#include "lock.h"

struct condition {
    struct lock *lock; /* the lock that a caller must hold */
    struct lock own;   /* used when the caller brought no lock */
    struct waiters waiters;
};

struct condition_wait {
    struct coro co;
    struct condition *condition;
    struct waiter waiter;
    struct lock_acquire acquire;
    int error; /* the latest error, raised once the lock is held again */
};

struct condition_wait_for {
    struct coro co;
    struct condition *condition;
    bool (*predicate)(void *context);
    void *context;
    struct condition_wait wait;
};

/* asyncio.Condition(lock): initializes a condition, which must not be moved and owns
 * nothing that must be released. The caller owns `lock`; when `lock` is NULL, the
 * condition uses a lock of its own. */
void condition_init(struct condition *condition, struct lock *lock);

/* Condition.wait(): releases the lock, waits for a notification and takes the lock again.
 * The lock is held when the wait ends, also when it ends with ECANCELED. The wait can end
 * although nothing has changed, so the caller must check again. Raises AIO_NOT_OWNER when
 * nobody holds the lock; ECANCELED when the task is cancelled; AIO_OTHER_LOOP when tasks
 * of another loop have waited for the condition. */
struct coro *condition_wait(struct condition_wait *self, struct condition *condition);

/* Condition.wait_for(): waits until predicate(context) returns true. Raises the same
 * errors as condition_wait(). */
struct coro *condition_wait_for(struct condition_wait_for *self,
                                struct condition *condition,
                                bool (*predicate)(void *context), void *context);

/* Condition.notify(n) and notify_all(): wake the first `n` waiters, or all of them. A
 * woken waiter continues when it gets the lock. Both return 0; AIO_NOT_OWNER when
 * nobody holds the lock. */
int condition_notify(struct condition *condition, size_t n);
int condition_notify_all(struct condition *condition);

#endif
