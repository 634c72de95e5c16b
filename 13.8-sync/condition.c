/* condition.c - asyncio's locks.py, Condition. */
#include "condition.h"

#include <stdint.h>

static const struct future_kind condition_kind = { .what = "a condition",
                                                   .cancel = future_end_cancelled };

void condition_init(struct condition *condition, struct lock *lock)
{
    lock_init(&condition->own);
    condition->lock = lock != NULL ? lock : &condition->own;
    waiters_init(&condition->waiters);
}

static void wake(struct condition *condition, size_t n)
{
    while (n > 0 && waiters_pop(&condition->waiters))
        n--;
}

/* Whether or not the wait was cancelled, the coroutine takes the lock again before it
 * ends. A cancel that arrives during that second wait does not stop it; the latest
 * error is raised at the end. A coroutine that ends with an error may have used up a
 * notification, so it notifies the next waiter. */
static co_status condition_wait_body(struct coro *co)
{
    struct condition_wait *self = co_self(co, struct condition_wait);
    struct condition *condition = self->condition;
    int err;

    ASYNC (co) {
        if (!condition->lock->locked)
            return co_raise(co, AIO_NOT_OWNER);
        err = waiters_join(&condition->waiters, &self->waiter, &condition_kind);
        if (err != 0)
            return co_raise(co, err);
        lock_release(condition->lock);
        AWAIT_CATCH_ALL(self->error, &self->waiter.future);
        waiter_leave(&self->waiter);
        do {
            AWAIT_CATCH_ALL(err, lock_acquire(&self->acquire, condition->lock));
            if (err != 0)
                self->error = err;
        } while (err == ECANCELED);
        if (self->error != 0)
            wake(condition, 1);
        return co_raise(co, self->error);
    }
    return co_done(co);
}

struct coro *condition_wait(struct condition_wait *self, struct condition *condition)
{
    self->condition = condition;
    return co_init(&self->co, condition_wait_body);
}

static co_status condition_wait_for_body(struct coro *co)
{
    struct condition_wait_for *self = co_self(co, struct condition_wait_for);

    ASYNC (co) {
        while (!self->predicate(self->context))
            AWAIT(condition_wait(&self->wait, self->condition));
    }
    return co_done(co);
}

struct coro *condition_wait_for(struct condition_wait_for *self,
                                struct condition *condition,
                                bool (*predicate)(void *context), void *context)
{
    self->condition = condition;
    self->predicate = predicate;
    self->context = context;
    return co_init(&self->co, condition_wait_for_body);
}

int condition_notify(struct condition *condition, size_t n)
{
    if (!condition->lock->locked)
        return AIO_NOT_OWNER;
    wake(condition, n);
    return 0;
}

int condition_notify_all(struct condition *condition)
{
    return condition_notify(condition, SIZE_MAX);
}
