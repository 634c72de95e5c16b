/* cancel.c - checks of the request to cancel: when it arrives, and where. */
#include "cancel_case.h"

#define STAGE struct stage *self = co_self(co, struct stage)

/* ---- a request, not an act ---- */

CASE(request, "a+:1 True cancelled=False:0 1 a-CE:1 a-fin:1 cancelled=True:1 False 1")
{
    STAGE;
    struct task *t = &self->task[0];

    ASYNC (co) {
        start(self, 0, nap(&self->nap[0], "a", 10));
        YIELD();
        zero();
        trace("%s", truth(task_cancel(t, NULL)));
        mark("cancelled=%s", truth(future_cancelled(&t->future)));
        trace("%d", task_cancelling(t));
        YIELD();
        mark("cancelled=%s", truth(future_cancelled(&t->future)));
        trace("%s", truth(task_cancel(t, NULL)));
        trace("%d", task_cancelling(t));
    }
    return co_done(co);
}

CASE(before_first_step, "True main=ECANCELED(early):2 True")
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0, nap(&self->nap[0], "a", 10));
        zero();
        trace("%s", truth(task_cancel(&self->task[0], "early")));
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
        trace("%s", truth(future_cancelled(&self->task[0].future)));
    }
    return co_done(co);
}

CASE(child_task, "child+:1 child-CE:1 child-fin:1 parent=ECANCELED:2 parent-fin:2"
                 " awaiter=ECANCELED:3 awaiter-fin:3 main=ECANCELED:4")
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0, nap(&self->nap[0], "child", 10));
        start(self, 1, over_future(&self->over[0], "parent", &self->task[0].future));
        start(self, 2, over_future(&self->over[1], "awaiter", &self->task[1].future));
        for (self->i = 0; self->i < 3; self->i++)
            YIELD();
        zero();
        task_cancel(&self->task[1], NULL);
        AWAIT_CATCH_ALL(err, &self->task[2]);
        say("main", err);
    }
    return co_done(co);
}

CASE(sub_coroutine, "inner+:1 inner-CE:1 inner-fin:1 middle=ECANCELED:1 middle-fin:1"
                    " outer=ECANCELED:1 outer-fin:1 main=ECANCELED:2")
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0,
              over(&self->over[0], "outer",
                   over(&self->over[1], "middle", nap(&self->nap[0], "inner", 10))));
        YIELD();
        YIELD();
        zero();
        task_cancel(&self->task[0], NULL);
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
    }
    return co_done(co);
}

/* A cancel of the task goes to the future that the task awaits, and a cancel of a future
 * goes to its waiter. */
CASE(waits_on_future, "future=True:0 a=ECANCELED:1 a-fin:1 main=ECANCELED:2 future=True:0"
                      " b=ECANCELED:1 b-fin:1 main=ECANCELED:2 True")
{
    STAGE;
    int err;

    ASYNC (co) {
        for (self->i = 0; self->i < 2; self->i++) {
            future_init(&self->f, &loop);
            start(self, 0, over_future(&self->over[0], self->i ? "b" : "a", &self->f));
            YIELD();
            zero();
            if (self->i == 0)
                task_cancel(&self->task[0], NULL);
            else
                future_cancel(&self->f, NULL);
            mark("future=%s", truth(future_cancelled(&self->f)));
            AWAIT_CATCH_ALL(err, &self->task[0]);
            say("main", err);
        }
        trace("%s", truth(future_cancelled(&self->task[0].future)));
        EXPECT(ring_empty(&self->f.callbacks));
    }
    return co_done(co);
}

/* ---- several requests ---- */

CASE(two_requests, "a+:1 True True 2 a-CE:1 a-fin:1 main=ECANCELED(one):2 2")
{
    STAGE;
    struct task *t = &self->task[0];
    int err;

    ASYNC (co) {
        start(self, 0, nap(&self->nap[0], "a", 10));
        YIELD();
        zero();
        trace("%s", truth(task_cancel(t, "one")));
        trace("%s", truth(task_cancel(t, "two")));
        trace("%d", task_cancelling(t));
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
        trace("%d", task_cancelling(t));
    }
    return co_done(co);
}

static co_status catches_body(struct coro *co)
{
    static struct async_sleep sleep;
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, async_sleep(&sleep, 10));
        say("first", err);
        AWAIT_CATCH_ALL(err, async_sleep(&sleep, 10));
        say("second", err);
        trace("%d", task_cancelling(task_current()));
        AWAIT_CATCH_ALL(err, &co_next_pass);
        say("third", err);
    }
    return co_done(co);
}

CASE(two_requests_caught, "first=ECANCELED(one):1 second=0:3 2 third=0:4 main=0:5")
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0, co_init(&self->any, catches_body));
        YIELD();
        zero();
        task_cancel(&self->task[0], "one");
        task_cancel(&self->task[0], "two");
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
    }
    return co_done(co);
}

CASE(during_cleanup, "a+:1 a-CE:1 again:2 a-fin:3 main=ECANCELED:4 end@0.00")
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0, nap_answers(&self->nap[0], "a", 10, 5, ECANCELED));
        YIELD();
        zero();
        task_cancel(&self->task[0], NULL);
        YIELD();
        YIELD();
        mark("%s", "again");
        task_cancel(&self->task[0], NULL);
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
        at("%s", "end");
    }
    return co_done(co);
}

CASE(cancel_order, "a+:1 b+:1 b-CE:1 b-fin:1 a-CE:1 a-fin:1 a=ECANCELED:2 b=ECANCELED:2")
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0, nap(&self->nap[0], "a", 10));
        start(self, 1, nap(&self->nap[1], "b", 10));
        YIELD();
        zero();
        task_cancel(&self->task[1], NULL);
        task_cancel(&self->task[0], NULL);
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("a", err);
        AWAIT_CATCH_ALL(err, &self->task[1]);
        say("b", err);
    }
    return co_done(co);
}

CHECK_MAIN({ "request", request }, { "before_first_step", before_first_step },
           { "child_task", child_task }, { "sub_coroutine", sub_coroutine },
           { "waits_on_future", waits_on_future }, { "two_requests", two_requests },
           { "two_requests_caught", two_requests_caught },
           { "during_cleanup", during_cleanup }, { "cancel_order", cancel_order })
