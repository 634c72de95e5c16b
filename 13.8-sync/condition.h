/*
 * condition.h - asyncio.Condition: wait, without the lock, until somebody who has it says
 * that something changed.
 *
 * Next: semaphore.h.
 */
#ifndef CONDITION_H
#define CONDITION_H

#include "lock.h"

struct condition {
    struct lock *lock; /* the one to hold */
    struct lock own;   /* that one, unless the user brought one */
    struct waiters waiters;
};

struct condition_wait {
    struct coro co;
    struct condition *condition;
    struct waiter waiter;
    struct lock_acquire acquire;
    int error; /* the latest error, raised once the lock is ours again */
};

struct condition_wait_for {
    struct coro co;
    struct condition *condition;
    bool (*predicate)(void *context);
    void *context;
    struct condition_wait wait;
};

/* asyncio.Condition(lock): `lock` may be NULL, then it has one of its own, and the struct
 * must not move. Nothing to release. */
void condition_init(struct condition *condition, struct lock *lock);

/* Condition.wait(): give the lock back, wait to be notified, take the lock again. It has
 * the lock when it ends, however it ends. It may wake without reason: look again. Raises
 * AIO_NOT_OWNER when nobody holds the lock; ECANCELED, and AIO_OTHER_LOOP. */
struct coro *condition_wait(struct condition_wait *self, struct condition *condition);

/* Condition.wait_for(): wait until predicate(context) is true. Raises as the above. */
struct coro *condition_wait_for(struct condition_wait_for *self,
                                struct condition *condition,
                                bool (*predicate)(void *context), void *context);

/* Condition.notify(n), notify_all(): wake the first `n`, or all, of those who wait. They
 * go on when they get the lock. 0; AIO_NOT_OWNER when nobody holds the lock. */
int condition_notify(struct condition *condition, size_t n);
int condition_notify_all(struct condition *condition);

#endif
