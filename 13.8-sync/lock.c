/* lock.c - asyncio's locks.py, Lock. */
#include "lock.h"

#include <stdio.h>

#include "cancel.h"

const struct future_kind lock_kind = { .what = "a lock", .cancel = future_end_cancelled };

void lock_init(struct lock *lock)
{
    lock->locked = false;
    lock->holder = 0;
    waiters_init(&lock->waiters);
}

static void take(struct lock_acquire *self)
{
    self->lock->locked = self->taken = true;
    self->lock->holder = task_current()->id;
}

/* Wakes the first waiter, as Lock._wake_up_first does. A first waiter that is already
 * done needs nothing: it has been woken, or it was cancelled and wakes the next waiter
 * when it leaves. */
static void wake_first(struct lock *lock)
{
    struct link *first = lock->waiters.ring.next;

    if (first != &lock->waiters.ring)
        future_set_result(&container_of(first, struct waiter, link)->future, NULL);
}

/* A task that is woken and then cancelled must not keep its turn: unless another task
 * has taken the lock meanwhile, it wakes the next waiter. */
static co_status lock_acquire_body(struct coro *co)
{
    struct lock_acquire *self = co_self(co, struct lock_acquire);
    struct lock *lock = self->lock;
    int err;

    ASYNC (co) {
        if (!lock->locked && waiters_all_cancelled(&lock->waiters)) {
            take(self);
            return co_done(co);
        }
        err = waiters_join(&lock->waiters, &self->waiter, &lock_kind);
        if (err != 0)
            return co_raise(co, err);
        AWAIT_CATCH_ALL(err, &self->waiter.future);
        waiter_leave(&self->waiter);
        if (err == 0)
            take(self);
        else if (!lock->locked)
            wake_first(lock);
        return co_raise(co, err);
    }
    return co_done(co);
}

struct coro *lock_acquire(struct lock_acquire *self, struct lock *lock)
{
    self->lock = lock;
    self->taken = false;
    return co_init(&self->co, lock_acquire_body);
}

int lock_release(struct lock *lock)
{
    if (!lock->locked)
        return AIO_RELEASED;
    lock->locked = false;
    wake_first(lock);
    return 0;
}

/* The lock stores the holder's number and no pointer, because the task may have ended.
 * This function searches for the task with that number. */
static const char *holder_name(struct loop *loop, unsigned id, char name[TASK_NAME_MAX])
{
    for (struct task *t = task_next(loop, NULL); t != NULL; t = task_next(loop, t))
        if (t->id == id)
            return task_name(t, name);
    snprintf(name, TASK_NAME_MAX, "Task-%u, ended", id);
    return name;
}

const char *task_wait_reason(const struct task *task, char buffer[WAIT_REASON_MAX])
{
    const char *what = task_waits_for(task);
    struct lock_acquire *frame;
    char name[TASK_NAME_MAX];

    if (what == NULL || task->waiting->kind != &lock_kind)
        return what;
    frame = container_of(task->waiting, struct lock_acquire, waiter.future);
    if (!frame->lock->locked)
        return what;
    snprintf(buffer, WAIT_REASON_MAX, "%s held by %s", what,
             holder_name(task->future.loop, frame->lock->holder, name));
    return buffer;
}
