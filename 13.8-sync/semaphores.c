/* semaphores.c - asyncio's locks.py, Semaphore and BoundedSemaphore. */
#include "semaphores.h"

#include <limits.h>

static const struct future_kind semaphore_kind = { .what = "a semaphore",
                                                   .cancel = future_end_cancelled };

void bounded_semaphore_init(struct semaphore *semaphore, unsigned value)
{
    semaphore->value = semaphore->bound = value;
    waiters_init(&semaphore->waiters);
}

void semaphore_init(struct semaphore *semaphore, unsigned value)
{
    bounded_semaphore_init(semaphore, value);
    semaphore->bound = UINT_MAX;
}

bool semaphore_locked(const struct semaphore *semaphore)
{
    return semaphore->value == 0 || !waiters_all_cancelled(&semaphore->waiters);
}

/* Wakes the next waiter, as Semaphore._wake_up_next does. It takes the permit on
 * behalf of the waiter, so no other task can take it before the woken task runs. The
 * woken task stays in the ring until it runs: a task that arrives meanwhile sees that
 * others were first. */
static bool wake_next(struct semaphore *semaphore)
{
    struct link *ring = &semaphore->waiters.ring;

    for (struct link *l = ring->next; l != ring; l = l->next)
        if (future_set_result(&container_of(l, struct waiter, link)->future, NULL) == 0) {
            semaphore->value--;
            return true;
        }
    return false;
}

static co_status semaphore_acquire_body(struct coro *co)
{
    struct semaphore_acquire *self = co_self(co, struct semaphore_acquire);
    struct semaphore *semaphore = self->semaphore;
    int err;

    ASYNC (co) {
        if (!semaphore_locked(semaphore)) {
            semaphore->value--;
            self->taken = true;
            return co_done(co);
        }
        err = waiters_join(&semaphore->waiters, &self->waiter, &semaphore_kind);
        if (err != 0)
            return co_raise(co, err);
        AWAIT_CATCH_ALL(err, &self->waiter.future);
        waiter_leave(&self->waiter);
        self->taken = err == 0;
        if (!self->taken && !future_cancelled(&self->waiter.future))
            semaphore->value++; /* gives back the permit that wake_next() took for it */
        while (semaphore->value > 0 && wake_next(semaphore))
            ;
        return co_raise(co, err);
    }
    return co_done(co);
}

struct coro *semaphore_acquire(struct semaphore_acquire *self,
                               struct semaphore *semaphore)
{
    self->semaphore = semaphore;
    self->taken = false;
    return co_init(&self->co, semaphore_acquire_body);
}

int semaphore_release(struct semaphore *semaphore)
{
    if (semaphore->value >= semaphore->bound)
        return AIO_RELEASED;
    semaphore->value++;
    wake_next(semaphore);
    return 0;
}
