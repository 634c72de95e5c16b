/* gather.c - behaviour of shield, wait and gather. gather.py on asyncio. */
#include "as_completed.h"
#include "async_wait.h"
#include "scenario.h"
#include "shield.h"

static struct shield shield;

static void cancel(int n)
{
    task_cancel(&stage.task[n], NULL);
}

static void cancel_second(void)
{
    cancel(1);
}

/* task[0] is the job, and task[1] waits for it behind a shield. */
static void start_shielded(struct coro *inner)
{
    start(0, inner);
    start(1, attempt_future(0, "waiter", async_shield(&shield, &stage.task[0])));
}

static struct async_wait wait;

#define WAIT(count, timeout, until) \
    AWAIT(async_wait(&wait, stage.item, count, timeout, until))

ROW(b40, "B40 shield: the waiter is cancelled, the task goes on")
{
    ASYNC (co) {
        start_shielded(job(0, "a", .3));
        SLEEP(.1);
        cancel(1);
        WAIT(2, TIMEOUT_NONE, ALL_COMPLETED);
        states(1);
    }
    return co_done(co);
}

ROW(b40b, "B40b shield: an inner cancel comes through; a done one is itself")
{
    struct future *inner = &stage.task[0].future;

    ASYNC (co) {
        start_shielded(job(0, "a", .3));
        SLEEP(.1);
        cancel(0);
        AWAIT(&stage.task[1]);
        mark("itself: %s", truth(async_shield(&shield, inner) == inner));
    }
    return co_done(co);
}

ROW(b41, "B41 shield: an error after the outer was cancelled is unread")
{
    ASYNC (co) {
        start_shielded(job_fails(0, "a", .3, EIO));
        SLEEP(.1);
        cancel(1);
        SLEEP(1);
        mark("the task goes");
        task_drop(&stage.task[0]);
    }
    return co_done(co);
}

struct counts {
    struct coro co;
    double timeout;
    enum return_when until;
    struct async_wait wait;
};

static co_status counts_body(struct coro *co)
{
    struct counts *self = co_self(co, struct counts);
    struct async_wait *w = &self->wait;

    ASYNC (co) {
        AWAIT(async_wait(w, stage.item, w->count, self->timeout, self->until));
        mark("%d done %d pending", w->done, w->count - w->done);
    }
    return co_done(co);
}

static struct coro *counts(int count, double timeout, enum return_when until)
{
    static struct counts frame;

    frame.wait.count = count;
    frame.timeout = timeout;
    frame.until = until;
    return co_init(&frame.co, counts_body);
}

ROW(b42, "B42 wait cancelled or timed out: the children are untouched")
{
    ASYNC (co) {
        start(0, job(0, "a", .3));
        start(1, job(1, "b", .5));
        AWAIT(counts(2, .1, ALL_COMPLETED));
        start(2, attempt(0, "waiter", counts(2, TIMEOUT_NONE, ALL_COMPLETED)));
        SLEEP(.1);
        cancel(2);
        AWAIT(&stage.task[2]);
        states(2);
        AWAIT(counts(2, TIMEOUT_NONE, ALL_COMPLETED));
    }
    return co_done(co);
}

static struct gather gather;

ROW(b43, "B43 gather cancelled: its children are, in the order of the arguments")
{
    static struct awaited reversed[3];

    ASYNC (co) {
        start(0, job(0, "a", 1));
        start(1, job(1, "b", 1));
        start(2, job(2, "c", 1));
        YIELD();
        for (int i = 0; i < 3; i++)
            reversed[i].future = stage.item[2 - i].future;
        async_gather(&gather, reversed, 3, GATHER_RETURN_EXCEPTIONS);
        start(3, attempt_future(0, "gather", &gather.future));
        SLEEP(.1);
        zero();
        cancel(3);
        AWAIT(&stage.task[3]);
        states(3);
        mark("cancelled: %s", truth(future_cancelled(&gather.future)));
    }
    return co_done(co);
}

/* Two jobs, the second of which is cancelled. */
static struct future *gather_two(const char *first, const char *second, int flags)
{
    start(0, job(0, first, .3));
    start(1, job(1, second, .2));
    later(0, .1, "cancel", cancel_second);
    return async_gather(&gather, stage.item, 2, flags);
}

ROW(b44, "B44 gather: one child cancelled is its error, or an outcome in the list")
{
    ASYNC (co) {
        ATTEMPT("gather", gather_two("a", "b", 0));
        states(2);
        AWAIT(&stage.task[0]);
        ATTEMPT("gather", gather_two("c", "d", GATHER_RETURN_EXCEPTIONS));
        states(2);
    }
    return co_done(co);
}

ROW(b45,
    "B45 gather: the first error at once, the siblings run on, later errors are read")
{
    ASYNC (co) {
        start(0, job_fails(0, "a", .2, EIO));
        start(1, job_fails(1, "b", .1, EPIPE));
        start(2, job(2, "c", .3));
        ATTEMPT("gather", async_gather(&gather, stage.item, 3, 0));
        mark("c is %s", future_done(stage.item[2].future) ? "done" : "pending");
        zero(); /* asyncio's gather also runs for the others: idle passes */
        WAIT(3, TIMEOUT_NONE, ALL_COMPLETED);
        zero();
        for (int i = 0; i < 3; i++)
            task_drop(&stage.task[i]);
        mark("nothing was reported");
        ATTEMPT("empty", async_gather(&gather, NULL, 0, 0));
    }
    return co_done(co);
}

ROW(b45b, "B45b gather: the same future twice is awaited once")
{
    ASYNC (co) {
        stage.item[1].future = &start(0, job(0, "a", .1))->future;
        ATTEMPT("gather", async_gather(&gather, stage.item, 2, 0));
    }
    return co_done(co);
}

ROW(b55, "B55 wait: until the first, the first error, all; as_completed: as they end")
{
    static struct as_completed each;

    ASYNC (co) {
        start(0, job_fails(0, "a", .2, EIO));
        start(1, job(1, "b", .1));
        start(2, job(2, "c", .3));
        AWAIT(counts(3, TIMEOUT_NONE, FIRST_COMPLETED));
        AWAIT(counts(3, TIMEOUT_NONE, FIRST_EXCEPTION));
        AWAIT(counts(3, TIMEOUT_NONE, ALL_COMPLETED));
        states(3);
        start(0, job(3, "d", .2));
        start(1, job(4, "e", .1));
        async_as_completed(&each, stage.item, 2, TIMEOUT_NONE);
        while (as_completed_left(&each) > 0)
            ATTEMPT("next", as_completed_next(&each));
        as_completed_end(&each);
    }
    return co_done(co);
}

ROWS(&b40, &b40b, &b41, &b42, &b43, &b44, &b45, &b45b, &b55)
