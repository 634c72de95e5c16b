/* deadlines.c - behaviour of wait_for and timeout. deadlines.py on asyncio. */
#include "scenario.h"
#include "wait_for.h"

static struct async_wait_for waits[4];

#define WAIT_FOR(n, x, timeout) async_wait_for(&waits[n], x, timeout)

static struct coro *job_cleans(int n, const char *name, double cleanup)
{
    return job_answers(n, name, 1, 0, cleanup, ECANCELED);
}

ROW(b46, "B46 wait_for: a timeout cancels and waits for the clean-up")
{
    ASYNC (co) {
        stage.without_passes = true;
        start(0, job_cleans(0, "a", .3));
        ATTEMPT("wait_for", WAIT_FOR(0, &stage.task[0], .1));
        states(1);
        ATTEMPT("coroutine", WAIT_FOR(1, job_cleans(1, "b", .3), .1));
        ATTEMPT("in time", WAIT_FOR(2, job(2, "c", .1), 1));
        ATTEMPT("no limit", WAIT_FOR(3, job(3, "d", .1), TIMEOUT_NONE));
    }
    return co_done(co);
}

ROW(b47, "B47 wait_for without any time: a coroutine never starts, a done future is read")
{
    ASYNC (co) {
        ATTEMPT("coroutine", WAIT_FOR(0, job(0, "a", 1), 0));
        future_init(&stage.f, &stage.loop);
        future_set_result(&stage.f, NULL);
        ATTEMPT("done", WAIT_FOR(1, &stage.f, -1));
        start(0, job_cleans(1, "b", .1));
        YIELD();
        ATTEMPT("task", WAIT_FOR(2, &stage.task[0], 0));
        states(1);
    }
    return co_done(co);
}

ROW(b48, "B48 wait_for: what the child answers to the cancel stands")
{
    ASYNC (co) {
        stage.without_passes = true;
        ATTEMPT("value", WAIT_FOR(0, job_answers(0, "a", 1, 0, 0, 0), .1));
        ATTEMPT("error", WAIT_FOR(1, job_answers(1, "b", 1, 0, 0, EIO), .1));
        ATTEMPT("cancelled", WAIT_FOR(2, job(2, "c", 1), .1));
    }
    return co_done(co);
}

ROW(b49, "B49 wait_for: result and cancel in one pass, the cancel wins")
{
    ASYNC (co) {
        future_init(&stage.f, &stage.loop);
        start(0, attempt(0, "wait_for", WAIT_FOR(0, &stage.f, 1)));
        SLEEP(.1);
        future_set_result(&stage.f, NULL);
        mark("cancel: %s", truth(task_cancel(&stage.task[0], NULL)));
        ATTEMPT("awaiter", &stage.task[0]);
    }
    return co_done(co);
}

static struct task *caller;

static co_status who_body(struct coro *co)
{
    ASYNC (co) {
        mark("same task: %s", truth(task_current() == caller));
    }
    return co_done(co);
}

ROW(b50, "B50 wait_for runs a coroutine in the same task, at no cost")
{
    static struct coro who;
    static unsigned long before;

    ASYNC (co) {
        caller = task_current();
        before = stage.loop.turns;
        AWAIT(WAIT_FOR(0, co_init(&who, who_body), 1));
        mark("%lu passes", stage.loop.turns - before);
    }
    return co_done(co);
}

struct limited { /* a timeout around a suite, and its outcome */
    struct coro co;
    const char *name;
    double delay;
    struct coro *suite;   /* the suite ... */
    struct future *until; /* ... or what it awaits, `hold` then */
    struct coro hold;
    struct async_timeout limit;
};

static co_status hold_body(struct coro *co)
{
    struct limited *self = container_of(co, struct limited, hold);

    ASYNC (co) {
        AWAIT(self->until);
    }
    return co_done(co);
}

static co_status limited_body(struct coro *co)
{
    struct limited *self = co_self(co, struct limited);
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, async_timeout(&self->limit, self->delay, self->suite));
        if (err == 0) {
            mark("%s is through, expired: %s", self->name,
                 truth(timeout_expired(&self->limit)));
        } else {
            told(self->name, err);
            mark("expired: %s", truth(timeout_expired(&self->limit)));
        }
        return co_raise(co, err);
    }
    return co_done(co);
}

static struct limited limits[2];

static struct coro *limited(int n, const char *name, double delay, struct coro *suite)
{
    limits[n].name = name;
    limits[n].delay = delay;
    limits[n].suite = suite;
    return co_init(&limits[n].co, limited_body);
}

static struct coro *limited_future(int n, const char *name, double delay,
                                   struct future *f)
{
    limits[n].until = f;
    return limited(n, name, delay, co_init(&limits[n].hold, hold_body));
}

static co_status nothing_body(struct coro *co)
{
    ASYNC (co) {
        mark("no await");
    }
    return co_done(co);
}

static struct coro *nested(double outer, double inner, struct coro *suite)
{
    return limited(0, "outer", outer, limited(1, "inner", inner, suite));
}

ROW(b51, "B51 timeout: the one that expired converts, the others let through")
{
    static struct coro nothing;

    ASYNC (co) {
        ATTEMPT("inner", nested(5, .1, job(0, "a", 1)));
        ATTEMPT("outer", nested(.1, 5, job(1, "b", 1)));
        ATTEMPT("both", nested(.2, .1, job_answers(2, "c", 1, EIO, .3, ECANCELED)));
        ATTEMPT("zero", limited(0, "zero", 0, job(3, "d", 1)));
        ATTEMPT("no await", limited(0, "none", 0, co_init(&nothing, nothing_body)));
        mark("%d", task_cancelling(task_current()));
    }
    return co_done(co);
}

static co_status disarms_body(struct coro *co)
{
    ASYNC (co) {
        SLEEP(.05);
        timeout_reschedule(&limits[0].limit, TIMEOUT_NONE);
        SLEEP(1);
        mark("disarmed");
        timeout_reschedule(&limits[0].limit, loop_time(&stage.loop) + .1);
        SLEEP(1);
    }
    return co_done(co);
}

ROW(b51b, "B51b timeout: a deadline can be moved")
{
    static struct coro disarms;

    ASYNC (co) {
        ATTEMPT("moved", limited(0, "one", .1, co_init(&disarms, disarms_body)));
    }
    return co_done(co);
}

static void set_f_and_work(struct handle *h)
{
    (void)h;
    future_set_result(&stage.f, NULL);
    stage.loop.virtual_now += 5; /* the deadline passes meanwhile */
}

static void set_g(struct handle *h)
{
    (void)h;
    future_set_result(&stage.g, NULL);
}

ROW(b52, "B52 timeout: result and deadline in one pass, who woke the task first wins")
{
    static struct timer timer[2];

    ASYNC (co) {
        future_init(&stage.f, &stage.loop);
        timer_init(&timer[0]);
        loop_call_later(&stage.loop, &timer[0], .5, set_f_and_work);
        ATTEMPT("woken first", limited_future(0, "one", 1, &stage.f));
        future_init(&stage.g, &stage.loop);
        timer_init(&timer[1]);
        loop_call_later(&stage.loop, &timer[1], .5 - 5e-10, set_g);
        ATTEMPT("same pass", limited_future(1, "two", .5, &stage.g));
    }
    return co_done(co);
}

ROW(b52b, "B52b timeout: a cancel from outside stays one")
{
    ASYNC (co) {
        start(0, limited(0, "limit", 5, job(0, "a", 1)));
        SLEEP(.1);
        zero();
        task_cancel(&stage.task[0], NULL);
        ATTEMPT("awaiter", &stage.task[0]);
    }
    return co_done(co);
}

ROWS(&b46, &b47, &b48, &b49, &b50, &b51, &b51b, &b52, &b52b)
