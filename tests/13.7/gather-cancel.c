/* gather-cancel.c - checks of gather: cancels of the gather and of its children. */
#include "timed_jobs.h"

static void cancel_b(struct handle *h)
{
    struct stage *self = container_of(h, struct stage, timer.handle);

    task_cancel(&self->task[1], "why");
}

/* A gather that ended with ECANCELED was not itself cancelled, and says so. */
static void note_gather(struct future *f)
{
    int error = -1;

    note_bool(future_exception(f, &error) != 0);
    if (f->message != NULL)
        trace("%s(%s)", error_name(error), f->message);
    else
        trace("%s", error_name(error));
}

STAGE(gather_child_cancelled, "a+:1@0.00 b+:1@0.00 b-CE:3@0.05"
                              " gather=ECANCELED(why):5@0.05 False ECANCELED(why)"
                              " a.:7@0.30")
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        start(self, 0, job(&self->job[0], "a", .3));
        start(self, 1, job(&self->job[1], "b", .1));
        timer_init(&self->timer);
        loop_call_later(&loop, &self->timer, .05, cancel_b);
        AWAIT_CATCH_ALL(err, async_gather(&self->gather, self->item, 2, 0));
        told("gather", err);
        note_gather(&self->gather.future);
        AWAIT(&self->task[0]);
    }
    return co_done(co);
}

static co_status cancel_gather(struct coro *co, int flags)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start(self, 0, job_cleans(&self->job[0], "a", 1, .2));
        start(self, 1, job(&self->job[1], "b", 1));
        start(self, 2, job_cleans(&self->job[2], "c", 1, .1));
        start_waiter(self, "waiter", NULL,
                     async_gather(&self->gather, self->item, 3, flags));
        AWAIT(async_sleep(&self->sleep, .1));
        note_bool(task_cancel(&self->waiter_task, "msg"));
        note_bool(self->gather.future.done);
        AWAIT(&self->waiter_task);
        note_gather(&self->gather.future);
        note_states(self, 3);
        AWAIT(async_wait(&self->rest, self->item, 3, TIMEOUT_NONE, ALL_COMPLETED));
    }
    return co_done(co);
}

STAGE(gather_cancelled, "a+:1@0.00 b+:1@0.00 c+:1@0.00 True False a-CE:4@0.10"
                        " b-CE:4@0.10 c-CE:4@0.10 waiter=ECANCELED(msg):6@0.10 False"
                        " ECANCELED(msg) pending cancelled pending c-clean:10@0.20"
                        " a-clean:13@0.30")
{
    return cancel_gather(co, 0);
}

STAGE(gather_cancelled_outcomes, "a+:1@0.00 b+:1@0.00 c+:1@0.00 True False a-CE:4@0.10"
                                 " b-CE:4@0.10 c-CE:4@0.10 c-clean:7@0.20"
                                 " a-clean:10@0.30 waiter=ECANCELED(msg):12@0.30 False"
                                 " ECANCELED(msg) cancelled cancelled cancelled")
{
    return cancel_gather(co, GATHER_RETURN_EXCEPTIONS);
}

STAGE(gather_cancel_too_late, "a+:1@0.00 b+:1@0.00 a!:3@0.10 gather=EIO:5@0.10 False"
                              " b.:7@0.20")
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        start(self, 0, job_fails(&self->job[0], "a", .1, EIO));
        start(self, 1, job(&self->job[1], "b", .2));
        AWAIT_CATCH_ALL(err, async_gather(&self->gather, self->item, 2, 0));
        told("gather", err);
        note_bool(future_cancel(&self->gather.future, NULL));
        AWAIT(&self->task[1]);
    }
    return co_done(co);
}

STAGE(gather_stubborn, "a+:1@0.00 b+:1@0.00 a-CE:4@0.10 b-CE:4@0.10 a-clean:7@0.20"
                       " gather=ECANCELED:9@0.20")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start(self, 0, job_answers(&self->job[0], "a", 1, 0, .1, 0));
        start(self, 1, job_answers(&self->job[1], "b", 1, 0, 0, 0));
        start_waiter(self, "gather", NULL, async_gather(&self->gather, self->item, 2, 0));
        AWAIT(async_sleep(&self->sleep, .1));
        task_cancel(&self->waiter_task, NULL);
        AWAIT(&self->waiter_task);
    }
    return co_done(co);
}

/* The message is that of the last child, which was not cancelled here. */
STAGE(gather_last_message, "a+:1@0.00 b+:1@0.00 a-CE:4@0.10 b-CE:4@0.10"
                           " gather=ECANCELED:6@0.10")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start(self, 0, job(&self->job[0], "a", 1));
        start(self, 1, job_answers(&self->job[1], "b", 1, 0, 0, 0));
        start_waiter(
            self, "gather", NULL,
            async_gather(&self->gather, self->item, 2, GATHER_RETURN_EXCEPTIONS));
        AWAIT(async_sleep(&self->sleep, .1));
        task_cancel(&self->waiter_task, "msg");
        AWAIT(&self->waiter_task);
    }
    return co_done(co);
}

CHECK_MAIN({ "gather: a child cancelled is its error", gather_child_cancelled },
           { "gather: cancel asks the children in order", gather_cancelled },
           { "gather: cancel wins over errors as outcomes", gather_cancelled_outcomes },
           { "gather: no cancel after the first error", gather_cancel_too_late },
           { "gather: children that refuse the cancel", gather_stubborn },
           { "gather: the message of the last child", gather_last_message })
