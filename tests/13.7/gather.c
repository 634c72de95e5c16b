/* gather.c - checks of gather: outcomes and errors. */
#include "timed_jobs.h"

STAGE(gather_order, "a+:1@0.00 b+:1@0.00 c+:1@0.00 b.:3@0.10 c.:6@0.20 a.:9@0.30"
                    " gather=0:11@0.30")
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        start(self, 0, job(&self->job[0], "a", .3));
        start(self, 1, job(&self->job[1], "b", .1));
        start(self, 2, job(&self->job[2], "c", .2));
        AWAIT_CATCH_ALL(err, async_gather(&self->gather, self->item, 3, 0));
        told("gather", err);
    }
    return co_done(co);
}

STAGE(gather_error, "a+:1@0.00 b+:1@0.00 c+:1@0.00 b!:3@0.10 gather=EPIPE:5@0.10"
                    " pending c.:8@0.20 a!:11@0.30 False")
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        start(self, 0, job_fails(&self->job[0], "a", .3, EIO));
        start(self, 1, job_fails(&self->job[1], "b", .1, EPIPE));
        start(self, 2, job(&self->job[2], "c", .2));
        AWAIT_CATCH_ALL(err, async_gather(&self->gather, self->item, 3, 0));
        told("gather", err);
        memset(&self->gather, 0xee, sizeof self->gather); /* no task awaits it now */
        trace("%s", self->task[2].future.done ? "done" : "pending");
        AWAIT(async_wait(&self->rest, self->item, 3, TIMEOUT_NONE, ALL_COMPLETED));
        note_bool(unread(&self->task[0].future));
    }
    return co_done(co);
}

static void mark_f(struct handle *h)
{
    (void)h;
    mark("%s", "f");
}

static void mark_g(struct handle *h)
{
    (void)h;
    mark("%s", "g");
}

static struct handle set_f, set_g, at_f, at_g;
static struct stage *on_stage;

static void fail_f(struct handle *h)
{
    (void)h;
    future_set_exception(&on_stage->f, EIO);
}

static void fail_g(struct handle *h)
{
    (void)h;
    future_set_exception(&on_stage->g, EPIPE);
}

/* The first error is that of the child that failed first, not of the first argument. */
STAGE(gather_two_errors, "f:2@0.00 g:2@0.00 gather=EIO:3@0.00")
{
    struct stage *self = on_stage = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        future_init(&self->f, &loop);
        future_init(&self->g, &loop);
        loop_call_soon(&loop, &set_f, fail_f);
        loop_call_soon(&loop, &set_g, fail_g);
        future_add_done_callback(&self->f, &at_f, mark_f);
        future_add_done_callback(&self->g, &at_g, mark_g);
        self->item[0].future = &self->g;
        self->item[1].future = &self->f;
        AWAIT_CATCH_ALL(err, async_gather(&self->gather, self->item, 2, 0));
        told("gather", err);
    }
    return co_done(co);
}

static void cancel_c(struct handle *h)
{
    task_cancel(&container_of(h, struct stage, timer.handle)->task[2], NULL);
}

STAGE(gather_outcomes, "a+:1@0.00 b+:1@0.00 c+:1@0.00 b.:3@0.10 c-CE:6@0.15 a!:9@0.30"
                       " gather:11@0.30 EIO b ECANCELED")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start(self, 0, job_fails(&self->job[0], "a", .3, EIO));
        start(self, 1, job(&self->job[1], "b", .1));
        start(self, 2, job(&self->job[2], "c", .2));
        timer_init(&self->timer);
        loop_call_later(&loop, &self->timer, .15, cancel_c);
        AWAIT(async_gather(&self->gather, self->item, 3, GATHER_RETURN_EXCEPTIONS));
        mark("%s", "gather");
        for (int i = 0; i < 3; i++)
            trace("%s", self->item[i].future->error == 0
                            ? self->job[i].name
                            : error_name(self->item[i].future->error));
    }
    return co_done(co);
}

STAGE(gather_same_twice, "a+:1@0.00 b+:1@0.00 a.:3@0.10 b.:6@0.20 gather:8@0.20 a a"
                         " a+:9@0.20 b+:9@0.20 2 b-CE:12@0.25 a-CE:12@0.25"
                         " gather=ECANCELED:14@0.25")
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        start(self, 0, job(&self->job[0], "a", .1));
        start(self, 1, job(&self->job[1], "b", .2));
        self->item[2].future = &self->task[0].future;
        AWAIT(async_gather(&self->gather, self->item, 3, 0));
        mark("%s", "gather");
        trace("a a");
        EXPECT(self->item[0].future == self->item[2].future);

        start(self, 1, job(&self->job[0], "a", .1));
        start(self, 0, job(&self->job[1], "b", 1));
        self->item[2].future = &self->task[0].future;
        async_gather(&self->gather, self->item, 3, 0);
        AWAIT(async_sleep(&self->sleep, .05));
        future_cancel(&self->gather.future, NULL);
        trace("%d", task_cancelling(&self->task[0]));
        AWAIT_CATCH_ALL(err, &self->gather.future);
        told("gather", err);
    }
    return co_done(co);
}

STAGE(gather_of_done, "True True EIO")
{
    struct stage *self = co_self(co, struct stage);
    int error;

    ASYNC (co) {
        future_init(&self->f, &loop);
        future_init(&self->g, &loop);
        future_set_result(&self->f, NULL);
        future_set_exception(&self->g, EIO);
        self->item[0].future = &self->f;
        note_bool(async_gather(&self->gather, self->item, 1, 0)->done);
        self->item[0].future = &self->g;
        self->item[1].future = &self->f;
        note_bool(async_gather(&self->gather, self->item, 2, 0)->done);
        EXPECT_INT(future_exception(&self->gather.future, &error), 0);
        trace("%s", error_name(error));
        EXPECT(async_gather(&self->gather, NULL, 0, 0)->done);
        EXPECT_INT(future_result(&self->gather.future, NULL), 0);
    }
    return co_done(co);
}

/* Futures of two loops cannot be gathered; their handles are not touched. */
STAGE(gather_of_two_loops, "")
{
    struct stage *self = co_self(co, struct stage);
    static struct loop other;
    int err;

    ASYNC (co) {
        loop_init(&other, NULL);
        future_init(&self->f, &loop);
        future_init(&self->g, &other);
        self->item[0].future = &self->f;
        self->item[1].future = &self->g;
        AWAIT_CATCH_ALL(err, async_gather(&self->gather, self->item, 2, 0));
        EXPECT_INT(err, AIO_OTHER_LOOP);
        EXPECT(ring_empty(&self->f.callbacks) && ring_empty(&self->g.callbacks));
        loop_close(&other);
    }
    return co_done(co);
}

CHECK_MAIN({ "gather: outcomes when the last child is done", gather_order },
           { "gather: the first error at once, the others run on", gather_error },
           { "gather: two errors in one pass", gather_two_errors },
           { "gather: errors as outcomes", gather_outcomes },
           { "gather: the same future twice", gather_same_twice },
           { "gather: of nothing but done futures", gather_of_done },
           { "gather: of two loops", gather_of_two_loops })
