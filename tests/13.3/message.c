/* message.c - checks of withdrawn requests (uncancel) and of the message of a cancel. */
#include "cancel_case.h"

#define STAGE struct stage *self = co_self(co, struct stage)

/* ---- withdrawn requests ---- */

static co_status takes_back_body(struct coro *co)
{
    int err;

    ASYNC (co) {
        task_cancel(task_current(), NULL);
        trace("%d", task_uncancel(task_current()));
        AWAIT_CATCH_ALL(err, &co_next_pass);
        say("await", err);
        task_cancel(task_current(), NULL);
        task_cancel(task_current(), NULL);
        trace("%d", task_uncancel(task_current()));
        AWAIT_CATCH_ALL(err, &co_next_pass);
        say("await", err);
        trace("%d", task_uncancel(task_current()));
        trace("%d", task_uncancel(task_current()));
    }
    return co_done(co);
}

CASE(uncancel_clears, "0 await=0:2 1 await=ECANCELED:3 0 0 main=0:4 0")
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0, co_init(&self->any, takes_back_body));
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
        trace("%d", task_cancelling(&self->task[0]));
    }
    return co_done(co);
}

CASE(uncancel_before_start, "a+:1 a.:3 a-fin:3 main=0:4 end@1.00")
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0, nap(&self->nap[0], "a", 1));
        task_cancel(&self->task[0], NULL);
        task_uncancel(&self->task[0]);
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
        at("%s", "end");
    }
    return co_done(co);
}

/* The future that the task awaited is cancelled: that cannot be withdrawn. */
CASE(uncancel_too_late, "a+:1 0 a-CE:1 a-fin:1 main=ECANCELED:2")
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0, nap(&self->nap[0], "a", 10));
        YIELD();
        task_cancel(&self->task[0], NULL);
        trace("%d", task_uncancel(&self->task[0]));
        zero();
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
    }
    return co_done(co);
}

/* The task is woken but has not run: the request stays pending, or is withdrawn. */
CASE(uncancel_woken,
     "a-fin:1 main=0:2 b=ECANCELED(late):1 b-fin:1 main=ECANCELED(late):2")
{
    STAGE;
    int err;

    ASYNC (co) {
        for (self->i = 0; self->i < 2; self->i++) {
            future_init(&self->f, &loop);
            start(self, 0, over_future(&self->over[0], self->i ? "b" : "a", &self->f));
            YIELD();
            zero();
            future_set_result(&self->f, NULL);
            task_cancel(&self->task[0], self->i ? "late" : NULL);
            if (self->i == 0)
                task_uncancel(&self->task[0]);
            AWAIT_CATCH_ALL(err, &self->task[0]);
            say("main", err);
        }
    }
    return co_done(co);
}

/* ---- the message ---- */

CASE(message, "inner=ECANCELED(why):1 inner-fin:1 outer=ECANCELED(why):1 outer-fin:1"
              " main=ECANCELED(why):2 child=ECANCELED(deep):1 child-fin:1"
              " parent=ECANCELED(deep):2 parent-fin:2 main=ECANCELED(deep):3"
              " task=ECANCELED(future's):1 task-fin:1 main=ECANCELED(future's):2")
{
    STAGE;
    int err;

    ASYNC (co) {
        future_init(&self->f, &loop);
        start(self, 0,
              over(&self->over[0], "outer",
                   over_future(&self->over[1], "inner", &self->f)));
        YIELD();
        zero();
        task_cancel(&self->task[0], "why");
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);

        future_init(&self->f, &loop);
        start(self, 0, over_future(&self->over[0], "child", &self->f));
        start(self, 1, over_future(&self->over[1], "parent", &self->task[0].future));
        YIELD();
        YIELD();
        zero();
        task_cancel(&self->task[1], "deep");
        AWAIT_CATCH_ALL(err, &self->task[1]);
        say("main", err);

        future_init(&self->f, &loop);
        start(self, 0, over_future(&self->over[0], "task", &self->f));
        YIELD();
        zero();
        future_cancel(&self->f, "future's");
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
    }
    return co_done(co);
}

static co_status two_messages_body(struct coro *co)
{
    static struct async_sleep sleep;
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, async_sleep(&sleep, 10));
        say("caught", err);
        AWAIT_CATCH_ALL(err, &co_next_pass);
        say("next", err);
    }
    return co_done(co);
}

CASE(message_caught, "caught=ECANCELED(one):1 next=ECANCELED(two):2 main=0:3")
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0, co_init(&self->any, two_messages_body));
        YIELD();
        zero();
        task_cancel(&self->task[0], "one");
        YIELD();
        task_cancel(&self->task[0], "two");
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
        EXPECT(task_cancel_message(&self->task[0]) == NULL); /* it was not cancelled */
    }
    return co_done(co);
}

CHECK_MAIN({ "uncancel_clears", uncancel_clears },
           { "uncancel_before_start", uncancel_before_start },
           { "uncancel_too_late", uncancel_too_late },
           { "uncancel_woken", uncancel_woken }, { "message", message },
           { "message_caught", message_caught })
