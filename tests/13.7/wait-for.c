/* wait-for.c - checks of wait_for. */
#include "timed_jobs.h"

STAGE(wait_for_timeout, "a+:1@0.00 a-CE:3@0.10 a-clean:5@0.30"
                        " wait_for=ETIMEDOUT:6@0.30 cancelled")
{
    struct stage *self = co_self(co, struct stage);
    struct task *t = &self->task[0];
    int err;

    ASYNC (co) {
        start(self, 0, job_cleans(&self->job[0], "a", 1, .2));
        AWAIT_CATCH_ALL(err, async_wait_for(&self->wait_for, t, .1));
        told("wait_for", err);
        note_states(self, 1);
    }
    return co_done(co);
}

STAGE(wait_for_coro_timeout, "a+:0@0.00 a-CE:2@0.10 a-clean:4@0.30"
                             " wait_for=ETIMEDOUT:4@0.30")
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, async_wait_for(&self->wait_for,
                                            job_cleans(&self->job[0], "a", 1, .2), .1));
        told("wait_for", err);
    }
    return co_done(co);
}

STAGE(wait_for_in_time, "a+:0@0.00 a.:2@0.10 coro=0:2@0.10 b+:3@0.10 b.:5@0.20"
                        " task=0:6@0.20 c+:7@0.20 c!:9@0.30 error=EIO:10@0.30"
                        " d+:10@0.30 d.:12@0.40 forever=0:12@0.40")
{
    struct stage *self = co_self(co, struct stage);
    struct task *t = &self->task[0];
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err,
                        async_wait_for(&self->wait_for, job(&self->job[0], "a", .1), 1));
        told("coro", err);
        start(self, 0, job(&self->job[0], "b", .1));
        AWAIT_CATCH_ALL(err, async_wait_for(&self->wait_for, t, 1));
        told("task", err);
        start(self, 0, job_fails(&self->job[0], "c", .1, EIO));
        AWAIT_CATCH_ALL(err, async_wait_for(&self->wait_for, t, 1));
        told("error", err);
        AWAIT_CATCH_ALL(err, async_wait_for(&self->wait_for, job(&self->job[0], "d", .1),
                                            TIMEOUT_NONE));
        told("forever", err);
    }
    return co_done(co);
}

STAGE(wait_for_late, "coro=ETIMEDOUT:3@0.00 coro=ETIMEDOUT:6@0.00 done=0:6@0.00"
                     " failed=EIO:6@0.00 cancelled=ECANCELED:6@0.00"
                     " pending=ETIMEDOUT:8@0.00 True")
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err,
                        async_wait_for(&self->wait_for, job(&self->job[0], "a", .1), 0));
        told("coro", err);
        AWAIT_CATCH_ALL(err,
                        async_wait_for(&self->wait_for, job(&self->job[0], "a", .1), -1));
        told("coro", err);
        future_init(&self->f, &loop);
        future_set_result(&self->f, NULL);
        AWAIT_CATCH_ALL(err, async_wait_for(&self->wait_for, &self->f, 0));
        told("done", err);
        future_init(&self->f, &loop);
        future_set_exception(&self->f, EIO);
        AWAIT_CATCH_ALL(err, async_wait_for(&self->wait_for, &self->f, 0));
        told("failed", err);
        future_init(&self->f, &loop);
        future_cancel(&self->f, NULL);
        AWAIT_CATCH_ALL(err, async_wait_for(&self->wait_for, &self->f, 0));
        told("cancelled", err);
        future_init(&self->f, &loop);
        AWAIT_CATCH_ALL(err, async_wait_for(&self->wait_for, &self->f, 0));
        told("pending", err);
        note_bool(future_cancelled(&self->f));
    }
    return co_done(co);
}

STAGE(wait_for_late_tasks, "t+:1@0.00 t-CE:2@0.00 t-clean:4@0.20 task=ETIMEDOUT:6@0.20"
                           " cancelled u+:7@0.20 u-CE:8@0.20 u-clean:10@0.40"
                           " stubborn=0:12@0.40 0 v+:13@0.40 v-CE:14@0.40"
                           " v-clean:16@0.60 angry=EIO:18@0.60")
{
    struct stage *self = co_self(co, struct stage);
    struct task *t = &self->task[0];
    int err;

    ASYNC (co) {
        start(self, 0, job_cleans(&self->job[0], "t", 1, .2));
        YIELD();
        AWAIT_CATCH_ALL(err, async_wait_for(&self->wait_for, t, 0));
        told("task", err);
        note_states(self, 1);
        start(self, 0, job_answers(&self->job[0], "u", 1, 0, .2, 0));
        YIELD();
        AWAIT_CATCH_ALL(err, async_wait_for(&self->wait_for, t, 0));
        told("stubborn", err);
        note_states(self, 1);
        start(self, 0, job_answers(&self->job[0], "v", 1, 0, .2, EIO));
        YIELD();
        AWAIT_CATCH_ALL(err, async_wait_for(&self->wait_for, t, 0));
        told("angry", err);
    }
    return co_done(co);
}

STAGE(wait_for_late_cancelled, "a+:1@0.00 a-CE:3@0.00 waiter=ECANCELED:6@0.10 pending"
                               " a-clean:9@0.50")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start(self, 0, job_cleans(&self->job[0], "a", 1, .5));
        YIELD();
        start_waiter(self, "waiter", async_wait_for(&self->wait_for, &self->task[0], 0),
                     NULL);
        AWAIT(async_sleep(&self->sleep, .1));
        task_cancel(&self->waiter_task, NULL);
        AWAIT(&self->waiter_task);
        memset(&self->wait_for, 0xee, sizeof self->wait_for);
        note_states(self, 1);
    }
    return co_done(co);
}

STAGE(wait_for_answers, "a+:1@0.00 a-CE:3@0.10 value=0:4@0.10 b+:5@0.10 b-CE:7@0.20"
                        " error=EIO:8@0.20 c+:8@0.20 c-CE:10@0.30 c-clean:12@0.40"
                        " value=0:12@0.40 d+:12@0.40 d-CE:14@0.50 error=EIO:14@0.50")
{
    struct stage *self = co_self(co, struct stage);
    struct task *t = &self->task[0];
    struct job *j = &self->job[0];
    int err;

    ASYNC (co) {
        start(self, 0, job_answers(j, "a", 1, 0, 0, 0));
        AWAIT_CATCH_ALL(err, async_wait_for(&self->wait_for, t, .1));
        told("value", err);
        start(self, 0, job_answers(j, "b", 1, 0, 0, EIO));
        AWAIT_CATCH_ALL(err, async_wait_for(&self->wait_for, t, .1));
        told("error", err);
        AWAIT_CATCH_ALL(
            err, async_wait_for(&self->wait_for, job_answers(j, "c", 1, 0, .1, 0), .1));
        told("value", err);
        AWAIT_CATCH_ALL(
            err, async_wait_for(&self->wait_for, job_answers(j, "d", 1, 0, 0, EIO), .1));
        told("error", err);
    }
    return co_done(co);
}

STAGE(wait_for_race, "True waiter=ECANCELED:4@0.10")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        future_init(&self->f, &loop);
        start_waiter(self, "waiter", async_wait_for(&self->wait_for, &self->f, 1), NULL);
        AWAIT(async_sleep(&self->sleep, .1));
        future_set_result(&self->f, NULL);
        note_bool(task_cancel(&self->waiter_task, NULL));
        AWAIT(&self->waiter_task);
    }
    return co_done(co);
}

static struct task *expected_task;

static co_status who_body(struct coro *co)
{
    ASYNC (co) {
        note_bool(task_current() == expected_task);
    }
    return co_done(co);
}

STAGE(wait_for_same_task, "True")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        expected_task = task_current();
        AWAIT(async_wait_for(&self->wait_for, co_init(&self->job[0].co, who_body), 1));
    }
    return co_done(co);
}

STAGE(wait_for_outer_cancel, "a+:1@0.00 a-CE:4@0.10 a-clean:6@0.20"
                             " waiter=ECANCELED:7@0.20 cancelled")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start(self, 0, job_cleans(&self->job[0], "a", 1, .1));
        start_waiter(self, "waiter", async_wait_for(&self->wait_for, &self->task[0], .5),
                     NULL);
        AWAIT(async_sleep(&self->sleep, .1));
        task_cancel(&self->waiter_task, NULL);
        AWAIT(&self->waiter_task);
        note_states(self, 1);
    }
    return co_done(co);
}

CHECK_MAIN({ "wait_for: a timeout waits for the clean-up", wait_for_timeout },
           { "wait_for: a coroutine, the same", wait_for_coro_timeout },
           { "wait_for: in time", wait_for_in_time },
           { "wait_for: no time at all", wait_for_late },
           { "wait_for: no time for a task that runs", wait_for_late_tasks },
           { "wait_for: cancelled while it cancels", wait_for_late_cancelled },
           { "wait_for: the answer to the cancel stands", wait_for_answers },
           { "wait_for: result and cancel in one pass", wait_for_race },
           { "wait_for: in the same task", wait_for_same_task },
           { "wait_for: cancelled from outside", wait_for_outer_cancel })
