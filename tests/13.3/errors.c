/* errors.c - checks of errors that leave frames and tasks; each is reported once. */
#include "cancel_case.h"

#define STAGE struct stage *self = co_self(co, struct stage)

static co_status fails_body(struct coro *co)
{
    ASYNC (co) {
        return co_raise(co, EIO);
    }
    return co_done(co);
}

CASE(failing, "two=EIO:1 two-fin:1 one=EIO:1 one-fin:1 main=EIO:2 False")
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0,
              over(&self->over[0], "one",
                   over(&self->over[1], "two", co_init(&self->any, fails_body))));
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
        trace("%s", truth(future_cancelled(&self->task[0].future)));
    }
    return co_done(co);
}

static co_status failing_clean_up_body(struct coro *co)
{
    static struct async_sleep sleep;

    ASYNC (co) {
        AWAIT(async_sleep(&sleep, 10));

    FINALLY:
        return co_raise(co, EIO);
    }
    return co_done(co);
}

CASE(clean_up_fails, "outer=EIO:1 outer-fin:1 main=EIO:2 False 1")
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0,
              over(&self->over[0], "outer", co_init(&self->any, failing_clean_up_body)));
        YIELD();
        zero();
        task_cancel(&self->task[0], NULL);
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
        trace("%s", truth(future_cancelled(&self->task[0].future)));
        trace("%d", task_cancelling(&self->task[0]));
    }
    return co_done(co);
}

static co_status looks_inward_body(struct coro *co)
{
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, task_current());
        trace("%s", aio_strerror(err));
        mark("%s", "back");
    }
    return co_done(co);
}

CASE(awaits_itself, "Task cannot await on itself back:2 main=0:3")
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0, co_init(&self->any, looks_inward_body));
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
    }
    return co_done(co);
}

/* ---- what cannot be awaited ---- */

CASE(other_loop, "")
{
    STAGE;
    static struct loop other;
    static const struct loop_policy policy = { &selector_poll, &clock_virtual };
    int err;

    ASYNC (co) {
        EXPECT_INT(loop_init(&other, &policy), 0);
        future_init(&self->f, &other);
        AWAIT_CATCH_ALL(err, &self->f);
        EXPECT_INT(err, AIO_OTHER_LOOP);
        EXPECT_INT(loop_close(&other), 0);
    }
    return co_done(co);
}

/* ---- an unread error is reported once, a read error is not reported ---- */

static void tell(struct loop *l, const struct exception_context *context)
{
    (void)l;
    trace("%s:%s", context->message, error_name(context->error));
}

struct block { /* a detached task: the loop frees it */
    struct task task;
    struct coro co;
};

static struct block *detached(void)
{
    struct block *block = malloc(sizeof *block);

    if (block == NULL)
        abort();
    loop_create_task(&loop, &block->task, co_init(&block->co, fails_body));
    task_detach(&block->task);
    return block;
}

CASE(unread, "Task exception was never retrieved:EIO end read:EIO end")
{
    STAGE;
    struct block *block;
    int err;

    ASYNC (co) {
        loop.on_exception = tell;
        detached();
        for (self->i = 0; self->i < 4; self->i++)
            YIELD();
        trace("end");
        block = detached();
        AWAIT_CATCH_ALL(err, &block->task);
        trace("read:%s", error_name(err));
        for (self->i = 0; self->i < 4; self->i++)
            YIELD();
        trace("end");
    }
    return co_done(co);
}

CHECK_MAIN({ "failing", failing }, { "clean_up_fails", clean_up_fails },
           { "awaits_itself", awaits_itself }, { "other_loop", other_loop },
           { "unread", unread })
