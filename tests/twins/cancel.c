/* cancel.c - behaviour of the request to cancel. cancel.py on asyncio. */
#include "scenario.h"

static bool cancel(int n)
{
    return task_cancel(&stage.task[n], NULL);
}

static void cancelled(int n)
{
    mark("cancelled: %s %d", truth(future_cancelled(&stage.task[n].future)),
         task_cancelling(&stage.task[n]));
}

ROW(b30, "B30 cancel is a request: a pass goes by before it is seen")
{
    struct task *task = &stage.task[0];
    bool taken;

    ASYNC (co) {
        start(0, job(0, "a", 1));
        YIELD();
        taken = cancel(0);
        mark("cancel: %s cancelled: %s %d", truth(taken),
             truth(future_cancelled(&task->future)), task_cancelling(task));
        ATTEMPT("awaiter", task);
        mark("cancelled: %s again: %s", truth(future_cancelled(&task->future)),
             truth(cancel(0)));
    }
    return co_done(co);
}

ROW(b31, "B31 cancelled before its first step: the body never runs")
{
    ASYNC (co) {
        start(0, job(0, "a", 1));
        mark("cancel: %s", truth(cancel(0)));
        ATTEMPT("awaiter", &stage.task[0]);
    }
    return co_done(co);
}

struct over { /* awaits, reports the outcome, and passes the error on */
    struct coro co;
    const char *name;
    struct coro *coro;
    struct task *task; /* if there is no coro */
};

static co_status over_body(struct coro *co)
{
    struct over *self = co_self(co, struct over);
    int err;

    ASYNC (co) {
        if (self->coro != NULL)
            AWAIT_CATCH_ALL(err, self->coro);
        else
            AWAIT_CATCH_ALL(err, self->task);
        told(self->name, err);
        return co_raise(co, err);

    FINALLY:
        mark("%s-fin", self->name);
    }
    return co_done(co);
}

static struct over overs[2];

static struct coro *over(int n, const char *name, struct coro *coro, struct task *task)
{
    overs[n] = (struct over){ .name = name, .coro = coro, .task = task };
    return co_init(&overs[n].co, over_body);
}

ROW(b32, "B32 cancelled while it awaits a child task: a pass a level")
{
    ASYNC (co) {
        start(0, over(0, "child", job(0, "a", 1), NULL));
        start(1, over(1, "parent", NULL, &stage.task[0]));
        SLEEP(.5);
        zero();
        mark("cancel: %s", truth(cancel(1)));
        ATTEMPT("awaiter", &stage.task[1]);
        states(2);
    }
    return co_done(co);
}

ROW(b33, "B33 cancelled in a coroutine within a coroutine: one pass, from the inside out")
{
    ASYNC (co) {
        start(0, over(0, "outer", over(1, "inner", job(0, "a", 1), NULL), NULL));
        SLEEP(.5);
        zero();
        cancel(0);
        ATTEMPT("awaiter", &stage.task[0]);
    }
    return co_done(co);
}

struct cancels_itself {
    struct coro co;
    bool awaits;
    struct async_sleep sleep;
};

static co_status cancels_itself_body(struct coro *co)
{
    struct cancels_itself *self = co_self(co, struct cancels_itself);

    ASYNC (co) {
        mark("cancel: %s", truth(task_cancel(task_current(), NULL)));
        mark("goes on");
        if (self->awaits)
            ATTEMPT("await", async_sleep(&self->sleep, 1));
    }
    return co_done(co);
}

static struct coro *cancels_itself(bool awaits)
{
    static struct cancels_itself frame;

    frame.awaits = awaits;
    return co_init(&frame.co, cancels_itself_body);
}

ROW(b34, "B34 a task that cancels itself runs on to its next await")
{
    ASYNC (co) {
        start(0, cancels_itself(true));
        ATTEMPT("awaiter", &stage.task[0]);
    }
    return co_done(co);
}

ROW(b35, "B35 a task that cancels itself and returns ends cancelled")
{
    ASYNC (co) {
        start(0, cancels_itself(false));
        ATTEMPT("awaiter", &stage.task[0]);
        states(1);
    }
    return co_done(co);
}

ROW(b36, "B36 a cancel that is swallowed: the task goes on, the count stays")
{
    ASYNC (co) {
        start(0, job_answers(0, "a", 1, 0, .5, 0));
        SLEEP(.1);
        cancel(0);
        ATTEMPT("awaiter", &stage.task[0]);
        cancelled(0);
    }
    return co_done(co);
}

ROW(b37, "B37 two requests in one pass: one delivery; one during clean-up interrupts it")
{
    bool first, second;

    ASYNC (co) {
        start(0, job_answers(0, "a", 1, 0, .5, ECANCELED));
        SLEEP(.1);
        first = cancel(0);
        second = cancel(0);
        mark("%s %s %d", truth(first), truth(second), task_cancelling(&stage.task[0]));
        SLEEP(.1);
        first = cancel(0);
        mark("%s %d", truth(first), task_cancelling(&stage.task[0]));
        ATTEMPT("awaiter", &stage.task[0]);
    }
    return co_done(co);
}

static co_status takes_back_body(struct coro *co)
{
    static struct async_sleep sleep;

    ASYNC (co) {
        task_cancel(task_current(), NULL);
        mark("cancelling: %d", task_cancelling(task_current()));
        mark("uncancel: %d", task_uncancel(task_current()));
        ATTEMPT("await", async_sleep(&sleep, .1));
    }
    return co_done(co);
}

ROW(b38, "B38 uncancel to 0 drops a request that was not delivered")
{
    static struct coro takes_back;

    ASYNC (co) {
        start(0, co_init(&takes_back, takes_back_body));
        ATTEMPT("awaiter", &stage.task[0]);
    }
    return co_done(co);
}

ROW(b39, "B39 the message travels to who awaits the task")
{
    ASYNC (co) {
        start(0, over(0, "child", job(0, "a", 1), NULL));
        SLEEP(.1);
        task_cancel(&stage.task[0], "why");
        ATTEMPT("awaiter", &stage.task[0]);
        start(1, job(1, "b", 1));
        task_cancel(&stage.task[1], "before the start");
        ATTEMPT("awaiter", &stage.task[1]);
    }
    return co_done(co);
}

ROWS(&b30, &b31, &b32, &b33, &b34, &b35, &b36, &b37, &b38, &b39)
