/* timeout.c - asyncio's timeouts.py: enter() is __aenter__, on_deadline() is _on_timeout,
 * leave() is __aexit__. */
#include "timeout.h"

#include "cancel.h"

static void on_deadline(struct handle *h)
{
    struct async_timeout *self = container_of(h, struct async_timeout, timer.handle);

    task_cancel(self->task, NULL);
    self->asked = true;
}

/* For a deadline that has passed already, the callback runs in the next pass. */
static int arm(struct async_timeout *self, double when)
{
    struct loop *loop = self->task->future.loop;

    timer_cancel(loop, &self->timer);
    self->when = when;
    if (when == TIMEOUT_NONE)
        return 0;
    if (when <= loop_time(loop))
        return loop_call_soon(loop, &self->timer.handle, on_deadline);
    return loop_call_at(loop, &self->timer, when, on_deadline);
}

static int enter(struct async_timeout *self)
{
    self->task = task_current();
    self->cancelling = task_cancelling(self->task);
    if (self->relative && self->when != TIMEOUT_NONE)
        self->when += loop_time(self->task->future.loop);
    return arm(self, self->when);
}

/* Takes back the request that the deadline made. The error becomes ETIMEDOUT only when
 * the suite ended with ECANCELED and no request is left that was made since enter(). */
static int leave(struct async_timeout *self, int err)
{
    self->left = true;
    if (!self->asked)
        return err;
    if (task_uncancel(self->task) <= self->cancelling && err == ECANCELED)
        return ETIMEDOUT;
    return err;
}

static co_status async_timeout_body(struct coro *co)
{
    struct async_timeout *self = co_self(co, struct async_timeout);
    int err;

    ASYNC (co) {
        err = enter(self);
        if (err != 0)
            return co_raise(co, err);
        AWAIT_CATCH_ALL(err, self->suite);
        timer_cancel(self->task->future.loop, &self->timer);
        return co_raise(co, leave(self, err));
    }
    return co_done(co);
}

static struct coro *build(struct async_timeout *self, double when, struct coro *suite)
{
    self->suite = suite;
    self->when = when;
    self->task = NULL;
    self->asked = self->left = false;
    timer_init(&self->timer);
    return co_init(&self->co, async_timeout_body);
}

struct coro *async_timeout(struct async_timeout *self, double delay, struct coro *suite)
{
    self->relative = true;
    return build(self, delay, suite);
}

struct coro *async_timeout_at(struct async_timeout *self, double when, struct coro *suite)
{
    self->relative = false;
    return build(self, when, suite);
}

int timeout_reschedule(struct async_timeout *self, double when)
{
    if (self->task == NULL || self->asked || self->left)
        return AIO_INVALID_STATE;
    return arm(self, when);
}

bool timeout_expired(const struct async_timeout *self)
{
    return self->asked;
}
