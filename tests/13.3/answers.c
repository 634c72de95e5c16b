/*
 * answers.c - checks of what a task may do with a cancel, of a task that cancels itself,
 * of withdrawn requests (uncancel), and of the message.
 */
#include "cancel_case.h"

#define STAGE struct stage *self = co_self(co, struct stage)

/* ---- a task that cancels itself, and what it does next ---- */

struct to_itself {
    struct coro co;
    const char *what;
    struct coro child;
    struct nap nap;
    struct async_sleep sleep;
    struct future f;
};

static co_status nothing_body(struct coro *co)
{
    ASYNC (co) {
        trace("nothing");
    }
    return co_done(co);
}

static co_status to_itself_body(struct coro *co)
{
    struct to_itself *self = co_self(co, struct to_itself);
    int err;

    ASYNC (co) {
        trace("%s", truth(task_cancel(task_current(), NULL)));
        trace("runs on");
        if (strcmp(self->what, "sleep") == 0) {
            AWAIT_CATCH_ALL(err, async_sleep(&self->sleep, 1));
            say("sleep", err);
        } else if (strcmp(self->what, "yield") == 0) {
            AWAIT_CATCH_ALL(err, &co_next_pass);
            say("yield", err);
        } else if (strcmp(self->what, "done") == 0) {
            future_init(&self->f, &loop);
            future_set_result(&self->f, NULL);
            AWAIT_CATCH_ALL(err, &self->f);
            say("done future", err);
            AWAIT_CATCH_ALL(err, &co_next_pass);
            say("next", err);
        } else if (strcmp(self->what, "coro") == 0) {
            AWAIT_CATCH_ALL(err, co_init(&self->child, nothing_body));
            say("coroutine", err);
            AWAIT_CATCH_ALL(err, nap(&self->nap, "n", 1));
            say("next", err);
        } else if (strcmp(self->what, "fail") == 0) {
            return co_raise(co, EIO);
        }
    }
    return co_done(co);
}

static co_status itself_body(struct coro *co);
static struct to_itself to_itself;

static void run_itself(const char *what, const char *expected)
{
    to_itself.what = what;
    run_case(itself_body, expected);
}

static co_status itself_body(struct coro *co)
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0, co_init(&to_itself.co, to_itself_body));
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
        trace("%s", truth(future_cancelled(&self->task[0].future)));
        trace("%d", task_cancelling(&self->task[0]));
    }
    return co_done(co);
}

static void itself(void)
{
    run_itself("sleep", "True runs on sleep=ECANCELED:2 main=0:3 False 1");
    run_itself("yield", "True runs on yield=ECANCELED:2 main=0:3 False 1");
    run_itself("done", "True runs on done future=0:1 next=ECANCELED:2 main=0:3 False 1");
    run_itself("coro", "True runs on nothing coroutine=0:1 n+:1 n-CE:2 n-fin:2"
                       " next=ECANCELED:2 main=0:3 False 1");
    run_itself("return", "True runs on main=ECANCELED:2 True 1");
    run_itself("fail", "True runs on main=EIO:2 False 1");
}

static co_status raises_body(struct coro *co)
{
    ASYNC (co) {
        return co_raise(co, ECANCELED);
    }
    return co_done(co);
}

CASE(raised_itself, "main=ECANCELED:2 True 0")
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0, co_init(&self->any, raises_body));
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
        trace("%s", truth(future_cancelled(&self->task[0].future)));
        trace("%d", task_cancelling(&self->task[0]));
    }
    return co_done(co);
}

/* ---- swallowed ---- */

struct swallower {
    struct coro co;
    struct async_sleep sleep;
    int result;
};

static co_status swallower_body(struct coro *co)
{
    struct swallower *self = co_self(co, struct swallower);
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, async_sleep(&self->sleep, 10));
        say("caught", err);
        trace("%d", task_cancelling(task_current()));
        AWAIT(async_sleep(&self->sleep, 1));
        at("%s", "goes on");
        self->result = 42;
    }
    return co_done(co);
}

CASE(swallowed, "caught=ECANCELED:1 1 goes on@1.00 main=0:4 False 1 42")
{
    STAGE;
    static struct swallower frame;
    int err;

    ASYNC (co) {
        start(self, 0, co_init(&frame.co, swallower_body));
        YIELD();
        zero();
        task_cancel(&self->task[0], NULL);
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
        trace("%s", truth(future_cancelled(&self->task[0].future)));
        trace("%d", task_cancelling(&self->task[0]));
        trace("%d", frame.result);
    }
    return co_done(co);
}

/* "except Exception" in a loop: it does not catch the cancel. */
static co_status ticking_body(struct coro *co)
{
    static struct async_sleep sleep;
    int err;

    ASYNC (co) {
        for (;;) {
            AWAIT_CATCH(err, async_sleep(&sleep, 1));
            if (err != 0)
                trace("caught");
            at("%s", "tick");
        }
    }
    return co_done(co);
}

CASE(catch_all, "tick@1.00 tick@2.00 main=ECANCELED(stop):9 True")
{
    STAGE;
    int err;

    ASYNC (co) {
        start(self, 0, co_init(&self->any, ticking_body));
        AWAIT(async_sleep(&self->sleep, 2.5));
        task_cancel(&self->task[0], "stop");
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
        trace("%s", truth(future_cancelled(&self->task[0].future)));
    }
    return co_done(co);
}

/* ---- clean-up that awaits: with and without a delay ---- */

struct flusher {
    struct coro co;
    bool began;
    struct async_sleep sleep;
};

static co_status flusher_body(struct coro *co)
{
    struct flusher *self = co_self(co, struct flusher);

    ASYNC (co) {
        self->began = true;
        AWAIT(async_sleep(&self->sleep, 10));

    FINALLY:
        if (self->began) {
            at("%s", "flushing");
            AWAIT(async_sleep(&self->sleep, 1));
            at("%s", "done");
        }
    }
    return co_done(co);
}

CASE(grace, "flushing@0.50 done@1.50 ECANCELED patient@1.50 flushing@2.00 ECANCELED"
            " impatient@2.25")
{
    STAGE;
    static struct flusher frame;
    int err;

    ASYNC (co) {
        for (self->i = 0; self->i < 2; self->i++) {
            frame.began = false;
            start(self, 0, co_init(&frame.co, flusher_body));
            AWAIT(async_sleep(&self->sleep, 0.5));
            task_cancel(&self->task[0], NULL);
            if (self->i == 1) {
                AWAIT(async_sleep(&self->sleep, 0.25));
                task_cancel(&self->task[0], NULL);
            }
            AWAIT_CATCH_ALL(err, &self->task[0]);
            trace("%s", error_name(err));
            at("%s", self->i == 0 ? "patient" : "impatient");
        }
    }
    return co_done(co);
}

CHECK_MAIN({ "itself", itself }, { "raised_itself", raised_itself },
           { "swallowed", swallowed }, { "catch_all", catch_all }, { "grace", grace })
