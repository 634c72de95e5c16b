/* as-completed.c - checks of as_completed. */
#include "timed_jobs.h"

static void told_next(struct stage *self, int err)
{
    if (err == ETIMEDOUT)
        mark("%s", "late");
    else
        mark("next=%s", self->job[self->each.item - self->item].name);
}

STAGE(each_order, "a+:1@0.00 b+:1@0.00 c+:1@0.00 b.:3@0.10 next=b:5@0.10 c.:7@0.20"
                  " next=c:9@0.20 a.:11@0.30 next=a:13@0.30")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start(self, 0, job(&self->job[0], "a", .3));
        start(self, 1, job(&self->job[1], "b", .1));
        start(self, 2, job(&self->job[2], "c", .2));
        EXPECT_INT(async_as_completed(&self->each, self->item, 3, TIMEOUT_NONE), 0);
        while (as_completed_left(&self->each) > 0) {
            AWAIT(as_completed_next(&self->each));
            told_next(self, 0);
        }
    }
    return co_done(co);
}

static co_status each_until(struct coro *co, double a, double b, double c, double timeout,
                            double behind)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        start(self, 0, job(&self->job[0], "a", a));
        start(self, 1, job(&self->job[1], "b", b));
        start(self, 2, job(&self->job[2], "c", c));
        EXPECT_INT(async_as_completed(&self->each, self->item, 3, timeout), 0);
        if (behind > 0)
            AWAIT(async_sleep(&self->sleep, behind));
        while (as_completed_left(&self->each) > 0) {
            AWAIT_CATCH(err, as_completed_next(&self->each));
            told_next(self, err);
        }
        as_completed_end(&self->each);
        AWAIT(async_wait(&self->rest, self->item, 3, TIMEOUT_NONE, ALL_COMPLETED));
    }
    return co_done(co);
}

STAGE(each_timeout, "a+:1@0.00 b+:1@0.00 c+:1@0.00 b.:3@0.10 next=b:5@0.10 late:7@0.15"
                    " late:7@0.15 c.:10@0.20 a.:13@0.30")
{
    return each_until(co, .3, .1, .2, .15, 0);
}

STAGE(each_behind, "a+:1@0.00 b+:1@0.00 c+:1@0.00 b.:3@0.10 a.:6@0.20 next=b:10@0.45"
                   " next=a:10@0.45 late:10@0.45 c.:13@0.50")
{
    return each_until(co, .2, .1, .5, .4, .45);
}

STAGE(each_too_late, "a+:1@0.00 b+:1@0.00 c+:1@0.00 b.:3@0.10 c.:7@0.20 next=b:9@0.25"
                     " late:9@0.25 late:9@0.25 a.:12@0.30")
{
    return each_until(co, .3, .1, .2, .15, .25);
}

struct each_of { /* async for, in a coroutine of its own */
    struct coro co;
    struct stage *stage;
};

static co_status each_of_body(struct coro *co)
{
    struct stage *stage = co_self(co, struct each_of)->stage;

    ASYNC (co) {
        async_as_completed(&stage->each, stage->item, 2, TIMEOUT_NONE);
        while (as_completed_left(&stage->each) > 0) {
            AWAIT(as_completed_next(&stage->each));
            told_next(stage, 0);
        }

    FINALLY:
        as_completed_end(&stage->each);
    }
    return co_done(co);
}

STAGE(each_cancelled, "a+:1@0.00 b+:1@0.00 a.:3@0.20 next=a:5@0.20"
                      " waiter=ECANCELED:8@0.25 b.:12@0.30")
{
    struct stage *self = co_self(co, struct stage);
    static struct each_of each_of;

    ASYNC (co) {
        start(self, 0, job(&self->job[0], "a", .2));
        start(self, 1, job(&self->job[1], "b", .3));
        each_of.stage = self;
        start_waiter(self, "waiter", co_init(&each_of.co, each_of_body), NULL);
        AWAIT(async_sleep(&self->sleep, .25));
        task_cancel(&self->waiter_task, NULL);
        AWAIT(&self->waiter_task);
        EXPECT(ring_empty(&self->task[1].future.callbacks));
        memset(&self->each, 0xee, sizeof self->each);
        AWAIT(async_wait(&self->rest, self->item, 2, TIMEOUT_NONE, ALL_COMPLETED));
    }
    return co_done(co);
}

/* The iteration ends early: neither timer nor handles stay registered. */
STAGE(each_left, "")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start(self, 0, job(&self->job[0], "a", .2));
        start(self, 1, job(&self->job[1], "b", .1));
        EXPECT_INT(async_as_completed(&self->each, self->item, 2, 5), 0);
        AWAIT(as_completed_next(&self->each));
        as_completed_end(&self->each);
        EXPECT(ring_empty(&self->task[0].future.callbacks));
        memset(&self->each, 0xee, sizeof self->each);
        AWAIT(&self->task[0]);
        EXPECT_INT(async_as_completed(&self->each, self->item, 0, 5), 0);
        EXPECT_INT(as_completed_left(&self->each), 0);
        EXPECT_INT(async_as_completed(&self->each, self->item, 2, 5), 0);
        AWAIT(as_completed_next(&self->each));
        AWAIT(as_completed_next(&self->each));
        EXPECT(self->each.timer.slot == 0);
        as_completed_end(&self->each);
        trace_reset();
    }
    return co_done(co);
}

CHECK_MAIN({ "as_completed: in the order they finish", each_order },
           { "as_completed: a timeout for each that is late", each_timeout },
           { "as_completed: what finished in time is kept", each_behind },
           { "as_completed: what finishes after the timeout is late", each_too_late },
           { "as_completed: cancelled, the tasks go on", each_cancelled },
           { "as_completed: left early, and of nothing", each_left })
