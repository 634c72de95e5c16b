/*
 * cancels.c - the request to cancel, as far as the step of a task handles it. 13.3 checks
 * the rest. The traces are CPython 3.13's.
 */
#include "turn_trace.h"

struct cancels {
    struct coro co, child;
    struct task task;
    struct async_sleep sleep;
};

static co_status never_body(struct coro *co)
{
    ASYNC (co) {
        said("never");
    FINALLY:
        said("nor this");
    }
    return co_done(co);
}

static co_status unstarted_body(struct coro *co)
{
    struct cancels *self = co_self(co, struct cancels);
    int err;

    ASYNC (co) {
        loop_create_task(&loop, &self->task, co_init(&self->child, never_body));
        EXPECT(task_cancel(&self->task, NULL));
        AWAIT_CATCH_ALL(err, &self->task);
        EXPECT_INT(err, ECANCELED);
        said("ce");
        EXPECT(future_cancelled(&self->task.future));
        EXPECT(!task_cancel(&self->task, NULL));
    }
    return co_done(co);
}

static void cancelled_before_its_first_step(void)
{
    struct cancels frame;

    run(co_init(&frame.co, unstarted_body));
    EXPECT_TRACE("ce@3 turns=4");
}

struct suicide {
    struct coro co;
    struct async_sleep sleep;
    bool awaits;
};

static co_status suicide_body(struct coro *co)
{
    struct suicide *self = co_self(co, struct suicide);
    int err;

    ASYNC (co) {
        EXPECT(task_cancel(task_current(), NULL));
        said(self->awaits ? "running" : "ret");
        if (self->awaits) {
            AWAIT_CATCH_ALL(err, async_sleep(&self->sleep, 5));
            said("here");
            return co_raise(co, err);
        }
    }
    return co_done(co);
}

struct two_suicides {
    struct coro co;
    struct suicide child;
    struct task task;
    int i;
};

static co_status two_suicides_body(struct coro *co)
{
    struct two_suicides *self = co_self(co, struct two_suicides);
    int err;

    ASYNC (co) {
        for (self->i = 0; self->i < 2; self->i++) {
            self->child.awaits = self->i == 0;
            loop_create_task(&loop, &self->task, co_init(&self->child.co, suicide_body));
            AWAIT_CATCH_ALL(err, &self->task);
            EXPECT_INT(err, ECANCELED);
            said("ce");
            EXPECT(future_cancelled(&self->task.future));
        }
    }
    return co_done(co);
}

static void a_task_that_cancels_itself(void)
{
    struct two_suicides frame;

    run(co_init(&frame.co, two_suicides_body));
    EXPECT_TRACE("running@2 here@3 ce@4 ret@5 ce@6 turns=7");
    EXPECT(loop_time(&loop) == 0); /* the 5 seconds were never slept */
}

struct inner {
    struct coro co;
    struct future future;
};

static co_status inner_body(struct coro *co)
{
    struct inner *self = co_self(co, struct inner);
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, &self->future);
        said("inner");
        return co_raise(co, err);
    FINALLY:
        said("inner-fin");
    }
    return co_done(co);
}

struct outer {
    struct coro co;
    struct inner inner;
};

static co_status outer_body(struct coro *co)
{
    struct outer *self = co_self(co, struct outer);
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, co_init(&self->inner.co, inner_body));
        said("outer");
        return co_raise(co, err);
    FINALLY:
        said("outer-fin");
    }
    return co_done(co);
}

struct canceller {
    struct coro co;
    struct outer outer;
    struct task task;
};

static co_status canceller_body(struct coro *co)
{
    struct canceller *self = co_self(co, struct canceller);
    struct future *innermost = &self->outer.inner.future;
    int err;

    ASYNC (co) {
        future_init(innermost, &loop);
        loop_create_task(&loop, &self->task, co_init(&self->outer.co, outer_body));
        YIELD();
        said("cancel");
        EXPECT(task_cancel(&self->task, NULL));
        EXPECT(!future_cancelled(&self->task.future) && future_cancelled(innermost));
        AWAIT_CATCH_ALL(err, &self->task);
        EXPECT_INT(err, ECANCELED);
        said("ce");
        EXPECT(future_cancelled(&self->task.future));
    }
    return co_done(co);
}

static void a_cancel_arrives_at_the_innermost_await(void)
{
    struct canceller frame;

    run(co_init(&frame.co, canceller_body));
    EXPECT_TRACE("cancel@2 inner@3 inner-fin@3 outer@3 outer-fin@3 ce@4 turns=5");
}

CHECK_MAIN({ "cancelled before its first step", cancelled_before_its_first_step },
           { "a task that cancels itself", a_task_that_cancels_itself },
           { "a cancel arrives at the innermost await",
             a_cancel_arrives_at_the_innermost_await })
