/* wait.c - checks of wait. */
#include "timed_jobs.h"

static co_status wait_mode(struct coro *co, enum return_when until, double timeout,
                           int error)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start(self, 0, job(&self->job[0], "a", .3));
        start(self, 1, job(&self->job[1], "b", .1));
        start(self, 2, job_fails(&self->job[2], "c", .2, error));
        AWAIT(async_wait(&self->wait, self->item, 3, timeout, until));
        mark("wait=%d/%d", self->wait.done, 3 - self->wait.done);
        EXPECT(ring_empty(&self->task[0].future.callbacks));
        memset(&self->wait, 0xee, sizeof self->wait);
        AWAIT(async_wait(&self->rest, self->item, 3, TIMEOUT_NONE, ALL_COMPLETED));
    }
    return co_done(co);
}

STAGE(wait_first, "a+:1@0.00 b+:1@0.00 c+:1@0.00 b.:3@0.10 wait=1/2:5@0.10 c!:8@0.20"
                  " a.:11@0.30")
{
    return wait_mode(co, FIRST_COMPLETED, TIMEOUT_NONE, EIO);
}

STAGE(wait_exception, "a+:1@0.00 b+:1@0.00 c+:1@0.00 b.:3@0.10 c!:6@0.20"
                      " wait=2/1:8@0.20 a.:11@0.30")
{
    return wait_mode(co, FIRST_EXCEPTION, TIMEOUT_NONE, EIO);
}

STAGE(wait_exception_none, "a+:1@0.00 b+:1@0.00 c+:1@0.00 b.:3@0.10 c.:6@0.20"
                           " a.:9@0.30 wait=3/0:11@0.30")
{
    return wait_mode(co, FIRST_EXCEPTION, TIMEOUT_NONE, 0);
}

STAGE(wait_all, "a+:1@0.00 b+:1@0.00 c+:1@0.00 b.:3@0.10 c!:6@0.20 a.:9@0.30"
                " wait=3/0:11@0.30")
{
    return wait_mode(co, ALL_COMPLETED, TIMEOUT_NONE, EIO);
}

STAGE(wait_timeout, "a+:1@0.00 b+:1@0.00 c+:1@0.00 b.:3@0.10 wait=1/2:6@0.15 c!:9@0.20"
                    " a.:12@0.30")
{
    return wait_mode(co, ALL_COMPLETED, .15, EIO);
}

STAGE(wait_timeout_zero, "a+:1@0.00 b+:1@0.00 c+:1@0.00 wait=0/3:2@0.00 b.:4@0.10"
                         " c!:7@0.20 a.:10@0.30")
{
    return wait_mode(co, ALL_COMPLETED, 0, EIO);
}

static void cancel_b(struct handle *h)
{
    task_cancel(&container_of(h, struct stage, timer.handle)->task[1], NULL);
}

STAGE(wait_exception_cancel, "a+:1@0.00 b+:1@0.00 c+:1@0.00 b-CE:3@0.05 c.:6@0.20"
                             " a.:9@0.30 wait=3/0:11@0.30")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start(self, 0, job(&self->job[0], "a", .3));
        start(self, 1, job(&self->job[1], "b", .1));
        start(self, 2, job(&self->job[2], "c", .2));
        timer_init(&self->timer);
        loop_call_later(&loop, &self->timer, .05, cancel_b);
        AWAIT(async_wait(&self->wait, self->item, 3, TIMEOUT_NONE, FIRST_EXCEPTION));
        mark("wait=%d/%d", self->wait.done, 3 - self->wait.done);
    }
    return co_done(co);
}

STAGE(wait_cancelled, "a+:1@0.00 b+:1@0.00 waiter=ECANCELED:4@0.05 pending pending"
                      " b.:7@0.10 a.:10@0.30")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start(self, 0, job(&self->job[0], "a", .3));
        start(self, 1, job(&self->job[1], "b", .1));
        start_waiter(self, "waiter",
                     async_wait(&self->wait, self->item, 2, 1, ALL_COMPLETED), NULL);
        AWAIT(async_sleep(&self->sleep, .05));
        task_cancel(&self->waiter_task, NULL);
        AWAIT(&self->waiter_task);
        note_states(self, 2);
        EXPECT(ring_empty(&self->task[0].future.callbacks));
        memset(&self->wait, 0xee, sizeof self->wait);
        AWAIT(async_wait(&self->rest, self->item, 2, TIMEOUT_NONE, ALL_COMPLETED));
    }
    return co_done(co);
}

STAGE(wait_done_already, "wait=1/1:2@0.00")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        future_init(&self->f, &loop);
        future_init(&self->g, &loop);
        future_set_result(&self->f, NULL);
        self->item[0].future = &self->g;
        self->item[1].future = &self->f;
        AWAIT(async_wait(&self->wait, self->item, 2, TIMEOUT_NONE, FIRST_COMPLETED));
        mark("wait=%d/%d", self->wait.done, 2 - self->wait.done);
    }
    return co_done(co);
}

STAGE(wait_for_nothing, "")
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        AWAIT_CATCH(err, async_wait(&self->wait, NULL, 0, 1, ALL_COMPLETED));
        EXPECT_INT(err, EINVAL);
        start(self, 0, job(&self->job[0], "a", .1));
        AWAIT_CATCH(err, async_wait(&self->wait, self->item, 1, NAN, ALL_COMPLETED));
        EXPECT_INT(err, EINVAL);
        EXPECT(ring_empty(&self->task[0].future.callbacks));
        AWAIT(&self->task[0]);
        trace_reset();
    }
    return co_done(co);
}

CHECK_MAIN({ "wait: FIRST_COMPLETED", wait_first },
           { "wait: FIRST_EXCEPTION", wait_exception },
           { "wait: FIRST_EXCEPTION without one", wait_exception_none },
           { "wait: ALL_COMPLETED", wait_all },
           { "wait: a timeout is no error", wait_timeout },
           { "wait: a timeout of 0", wait_timeout_zero },
           { "wait: a cancelled one is no exception", wait_exception_cancel },
           { "wait: cancelled, the tasks go on", wait_cancelled },
           { "wait: one that is done already", wait_done_already },
           { "wait: for nothing, and for NaN seconds", wait_for_nothing })
