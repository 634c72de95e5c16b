/* futures.c - checks of futures: callbacks, results and errors. */
#include "timed_jobs.h"

static struct handle h[6];

#define SAYS(name, word)                    \
    static void name(struct handle *handle) \
    {                                       \
        (void)handle;                       \
        mark("%s", word);                   \
    }

SAYS(cb1, "cb1")
SAYS(cb2, "cb2")
SAYS(cb_late, "cb-late")
SAYS(before, "before")
SAYS(after, "after")
SAYS(cb_before, "cb-before")
SAYS(cb_after, "cb-after")

STAGE(callbacks, "set:0@0.00 sync-end:0@0.00 before:1@0.00 cb1:1@0.00 cb2:1@0.00"
                 " after:1@0.00 cb-late:1@0.00")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        future_init(&self->f, &loop);
        future_add_done_callback(&self->f, &h[0], cb1);
        future_add_done_callback(&self->f, &h[1], cb2);
        loop_call_soon(&loop, &h[2], before);
        mark("%s", "set");
        EXPECT_INT(future_set_result(&self->f, NULL), 0);
        mark("%s", "sync-end");
        loop_call_soon(&loop, &h[3], after);
        future_add_done_callback(&self->f, &h[4], cb_late);
        AWAIT(async_sleep(&self->sleep, 1));
    }
    return co_done(co);
}

struct says { /* await a future, then add a mark */
    struct coro co;
    struct future *future;
};

static co_status says_body(struct coro *co)
{
    struct says *self = co_self(co, struct says);

    ASYNC (co) {
        AWAIT(self->future);
        mark("%s", "awaiter");
    }
    return co_done(co);
}

STAGE(awaiter_between, "cb-before:2@0.00 awaiter:2@0.00 cb-after:2@0.00")
{
    struct stage *self = co_self(co, struct stage);
    static struct says says;

    ASYNC (co) {
        future_init(&self->f, &loop);
        says.future = &self->f;
        future_add_done_callback(&self->f, &h[0], cb_before);
        start(self, 0, co_init(&says.co, says_body));
        YIELD();
        future_add_done_callback(&self->f, &h[1], cb_after);
        future_set_result(&self->f, NULL);
        AWAIT(&self->task[0]);
    }
    return co_done(co);
}

/* A removed callback does not run, whether it is removed before the future is done or
 * after. */
STAGE(callbacks_removed, "cb2:1@0.00")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        future_init(&self->f, &loop);
        for (int i = 0; i < 3; i++)
            EXPECT_INT(future_add_done_callback(&self->f, &h[i], i == 1 ? cb2 : cb1), 0);
        EXPECT_INT(future_add_done_callback(&self->f, &h[0], cb1), EBUSY);
        EXPECT_INT(future_remove_done_callback(&self->f, &h[0]), 1);
        EXPECT_INT(future_remove_done_callback(&self->f, &h[0]), 0);
        future_set_result(&self->f, NULL);
        EXPECT_INT(future_remove_done_callback(&self->f, &h[1]), 0);
        handle_cancel(&h[2]);
        YIELD();
    }
    return co_done(co);
}

STAGE(pending, "")
{
    struct stage *self = co_self(co, struct stage);
    int error = 7;
    void *value = self;

    ASYNC (co) {
        future_init(&self->f, &loop);
        EXPECT(!future_done(&self->f));
        EXPECT_INT(future_result(&self->f, &value), AIO_INVALID_STATE);
        EXPECT_INT(future_exception(&self->f, &error), AIO_INVALID_STATE);
        EXPECT(value == self && error == 7);
    }
    return co_done(co);
}

STAGE(result, "")
{
    struct stage *self = co_self(co, struct stage);
    int error = 7;
    void *value = NULL;

    ASYNC (co) {
        future_init(&self->f, &loop);
        EXPECT_INT(future_set_result(&self->f, self), 0);
        EXPECT_INT(future_set_result(&self->f, NULL), AIO_INVALID_STATE);
        EXPECT_INT(future_set_exception(&self->f, EIO), AIO_INVALID_STATE);
        EXPECT(!future_cancel(&self->f, NULL));
        EXPECT_INT(future_result(&self->f, &value), 0);
        EXPECT(value == self);
        EXPECT_INT(future_result(&self->f, NULL), 0);
        EXPECT_INT(future_exception(&self->f, &error), 0);
        EXPECT_INT(error, 0);
        future_drop(&self->f);
    }
    return co_done(co);
}

STAGE(exception, "")
{
    struct stage *self = co_self(co, struct stage);
    int error = 7;
    void *value = self;

    ASYNC (co) {
        future_init(&self->f, &loop);
        EXPECT_INT(future_set_exception(&self->f, 0), EINVAL);
        EXPECT_INT(future_set_exception(&self->f, EIO), 0);
        EXPECT_INT(future_set_result(&self->f, NULL), AIO_INVALID_STATE);
        EXPECT_INT(future_result(&self->f, &value), EIO);
        EXPECT(value == self);
        EXPECT_INT(future_exception(&self->f, &error), 0);
        EXPECT_INT(error, EIO);
        future_drop(&self->f);
    }
    return co_done(co);
}

STAGE(cancelled, "")
{
    struct stage *self = co_self(co, struct stage);
    int error = 7;

    ASYNC (co) {
        future_init(&self->f, &loop);
        EXPECT(future_cancel(&self->f, NULL));
        EXPECT(future_cancelled(&self->f));
        EXPECT(!future_cancel(&self->f, NULL));
        EXPECT_INT(future_set_result(&self->f, NULL), AIO_INVALID_STATE);
        EXPECT_INT(future_set_exception(&self->f, EIO), AIO_INVALID_STATE);
        EXPECT_INT(future_result(&self->f, NULL), ECANCELED);
        EXPECT_INT(future_exception(&self->f, &error), ECANCELED);
        EXPECT_INT(error, 7);
        future_drop(&self->f);
    }
    return co_done(co);
}

/* Each way to read an error prevents its report. */
STAGE(unread_errors, "reported:Future exception was never retrieved:EIO "
                     "reported:Task exception was never retrieved:EPIPE "
                     "a+:1@0.00 a!:2@0.00")
{
    struct stage *self = co_self(co, struct stage);
    int error;

    ASYNC (co) {
        future_init(&self->f, &loop);
        future_drop(&self->f); /* pending */
        future_set_exception(&self->f, EIO);
        future_drop(&self->f);
        future_drop(&self->f);
        future_init(&self->f, &loop);
        future_set_exception(&self->f, EIO);
        future_result(&self->f, NULL);
        future_drop(&self->f);
        future_init(&self->f, &loop);
        future_set_exception(&self->f, EIO);
        AWAIT_CATCH(error, &self->f);
        future_drop(&self->f);
        loop_create_task(&loop, &self->task[0], co_init(&self->job[0].co, job_body));
        future_finish(&self->task[0].future, EPIPE, NULL); /* as if it had run */
        handle_cancel(&self->task[0].step);
        ring_remove(&self->task[0].in_loop);
        task_drop(&self->task[0]);
        task_drop(&self->task[0]);
        start(self, 1, job_fails(&self->job[1], "a", 0, EIO));
        YIELD();
        YIELD();
        EXPECT_INT(future_exception(&self->task[1].future, &error), 0);
        task_drop(&self->task[1]);
    }
    return co_done(co);
}

STAGE(ensure_future, "a+:1@0.00 a.:3@0.10")
{
    struct stage *self = co_self(co, struct stage);
    struct task *room = &self->task[0], *t = &self->task[1];

    ASYNC (co) {
        future_init(&self->f, &loop);
        EXPECT(async_ensure_future(room, &self->f) == &self->f);
        EXPECT(async_ensure_future(t, job(&self->job[0], "a", .1)) == &t->future);
        EXPECT(async_ensure_future(room, t) == &t->future);
        EXPECT(as_future(t) == &t->future && (void *)t == (void *)&t->future);
        AWAIT(t);
    }
    return co_done(co);
}

static void ensure_future_closed(void)
{
    static struct task task;
    static struct job job_of;

    EXPECT_INT(loop_init(&loop, NULL), 0);
    loop_close(&loop);
    set_event_loop(&loop);
    async_ensure_future(&task, job(&job_of, "a", 1));
    EXPECT_INT(future_result(&task.future, NULL), AIO_LOOP_CLOSED);
    set_event_loop(NULL);
}

CHECK_MAIN({ "callbacks: never inside set_result, in order", callbacks },
           { "callbacks: a waiting task stands in the same line", awaiter_between },
           { "callbacks: removed", callbacks_removed }, { "future: pending", pending },
           { "future: a result", result }, { "future: an error", exception },
           { "future: cancelled", cancelled },
           { "future: an unread error is reported once", unread_errors },
           { "ensure_future: itself, or a task", ensure_future },
           { "ensure_future: on a closed loop", ensure_future_closed })
