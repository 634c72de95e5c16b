/* shield.c - checks of shield. */
#include "timed_jobs.h"

STAGE(shield_outer, "a+:1@0.00 waiter=ECANCELED:4@0.10 a.:7@0.30 0")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start(self, 0, job(&self->job[0], "a", .3));
        start_waiter(self, "waiter", NULL, async_shield(&self->shield, &self->task[0]));
        AWAIT(async_sleep(&self->sleep, .1));
        task_cancel(&self->waiter_task, NULL);
        AWAIT(&self->waiter_task);
        memset(&self->shield, 0xee, sizeof self->shield);
        AWAIT(&self->task[0]);
        note_states(self, 1);
    }
    return co_done(co);
}

STAGE(shield_inner, "a+:1@0.00 a-CE:4@0.10 waiter=ECANCELED:6@0.10 b+:8@0.10"
                    " b!:10@0.40 error=EIO:12@0.40 c+:13@0.40 c.:15@0.70 c True")
{
    struct stage *self = co_self(co, struct stage);
    struct task *t = &self->task[0];
    int err;

    ASYNC (co) {
        start(self, 0, job(&self->job[0], "a", .3));
        start_waiter(self, "waiter", NULL, async_shield(&self->shield, t));
        AWAIT(async_sleep(&self->sleep, .1));
        task_cancel(t, NULL);
        AWAIT(&self->waiter_task);
        start(self, 0, job_fails(&self->job[0], "b", .3, EIO));
        AWAIT_CATCH_ALL(err, async_shield(&self->shield, t));
        told("error", err);
        start(self, 0, job(&self->job[0], "c", .3));
        AWAIT(async_shield(&self->shield, t));
        trace("%s", self->job[0].name);
        note_bool(async_shield(&self->shield, t) == &t->future);
    }
    return co_done(co);
}

STAGE(shield_unread, "a+:1@0.00 waiter=ECANCELED:4@0.10 a!:7@0.30 True")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start(self, 0, job_fails(&self->job[0], "a", .3, EIO));
        start_waiter(self, "waiter", NULL, async_shield(&self->shield, &self->task[0]));
        AWAIT(async_sleep(&self->sleep, .1));
        task_cancel(&self->waiter_task, NULL);
        AWAIT(&self->waiter_task);
        AWAIT(async_sleep(&self->sleep, 1));
        note_bool(unread(&self->task[0].future));
    }
    return co_done(co);
}

/* Both end in one pass; the shield is gone when the waiter has woken. */
STAGE(shield_both, "waiter=ECANCELED:4@0.10 False waiter=ECANCELED:11@0.30 False")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        for (self->i = 0; self->i < 2; self->i++) {
            future_init(&self->f, &loop);
            start_waiter(self, "waiter", NULL, async_shield(&self->shield, &self->f));
            AWAIT(async_sleep(&self->sleep, .1));
            if (self->i == 1)
                future_set_exception(&self->f, EIO);
            task_cancel(&self->waiter_task, NULL);
            if (self->i == 0)
                future_set_exception(&self->f, EIO);
            AWAIT(&self->waiter_task);
            memset(&self->shield, 0xee, sizeof self->shield);
            AWAIT(async_sleep(&self->sleep, .1));
            note_bool(unread(&self->f));
        }
    }
    return co_done(co);
}

CHECK_MAIN({ "shield: the waiter is cancelled, the task goes on", shield_outer },
           { "shield: the outcome passes through", shield_inner },
           { "shield: a later error is unread", shield_unread },
           { "shield: both end in one pass", shield_both })
