/* wait_for.c - asyncio's wait_for() and _cancel_and_wait(). */
#include "wait_for.h"

#include "awaited.h"

static const struct future_kind wait_kind = { .what = "wait_for",
                                              .cancel = future_end_cancelled };

static co_status awaiting_body(struct coro *co)
{
    struct async_wait_for *self = container_of(co, struct async_wait_for, awaiting);

    ASYNC (co) {
        AWAIT(self->future);
    }
    return co_done(co);
}

/* The callback of `future`: completes `waiter`. */
static void wake(struct handle *h)
{
    future_set_result(&container_of(h, struct async_wait_for, done)->waiter, NULL);
}

/* _cancel_and_wait(). The task waits for `waiter` and not for `future`, so that a
 * cancel of this task is raised at once, even when `future` is a task that ignores its
 * cancel. */
static struct future *cancel_and_wait(struct async_wait_for *self)
{
    future_init_kind(&self->waiter, self->future->loop, &wait_kind);
    future_add_done_callback(self->future, &self->done, wake);
    future_cancel(self->future, NULL);
    return &self->waiter;
}

/* Runs for a timeout of 0 or less. */
static co_status too_late_body(struct coro *co)
{
    struct async_wait_for *self = co_self(co, struct async_wait_for);
    int err;

    ASYNC (co) {
        if (self->future == NULL)
            self->future = async_ensure_future(&self->task, self->inner);
        if (self->future->done) {
            AWAIT(self->future);
            return co_done(co);
        }
        AWAIT(cancel_and_wait(self));
        AWAIT_CATCH_ALL(err, self->future);
        return co_raise(co, err == ECANCELED ? ETIMEDOUT : err);

    FINALLY:
        handle_cancel(&self->done);
    }
    return co_done(co);
}

static struct coro *too_late(struct async_wait_for *self)
{
    handle_init(&self->done);
    return co_init(&self->co, too_late_body);
}

struct coro *wait_for_coro(struct async_wait_for *self, struct coro *x, double timeout)
{
    self->future = NULL;
    self->inner = x;
    return timeout <= 0 ? too_late(self) : async_timeout(&self->limit, timeout, x);
}

struct coro *wait_for_future(struct async_wait_for *self, struct future *x,
                             double timeout)
{
    self->future = x;
    if (timeout <= 0)
        return too_late(self);
    return async_timeout(&self->limit, timeout, co_init(&self->awaiting, awaiting_body));
}

struct coro *wait_for_task(struct async_wait_for *self, struct task *x, double timeout)
{
    return wait_for_future(self, &x->future, timeout);
}
