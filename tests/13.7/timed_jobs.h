/*
 * timed_jobs.h - shared by the checks of 13.7: jobs that sleep, fail and clean up, and a
 * stage, the coroutine of a case, with room for everything that a case needs.
 *
 * A mark is a word with the turn and the time at which it was made. The expected traces
 * were made by CPython 3.13 with the same cases.
 */
#ifndef TIMED_JOBS_H
#define TIMED_JOBS_H

#include "as_completed.h"
#include "async_wait.h"
#include "cancel.h"
#include "check.h"
#include "gather.h"
#include "outcome.h"
#include "runner.h"
#include "shield.h"
#include "sleep.h"
#include "task_group.h"
#include "virtual_loop.h"
#include "wait_for.h"

static unsigned long first_turn;

#define mark(word, ...) \
    trace(word ":%lu@%.2f", __VA_ARGS__, loop.turns - first_turn, loop_time(&loop))

static inline const char *error_name(int err)
{
    return err == 0                   ? "0"
           : err == EIO               ? "EIO"
           : err == EPIPE             ? "EPIPE"
           : err == ECANCELED         ? "ECANCELED"
           : err == ETIMEDOUT         ? "ETIMEDOUT"
           : err == AIO_INVALID_STATE ? "INVALID"
           : err == AIO_GROUP         ? "GROUP"
                                      : aio_strerror(err);
}

static inline void note_bool(bool b)
{
    trace("%s", b ? "True" : "False");
}

/* Adds an outcome to the trace: "gather=EIO:5@0.10". The message of a cancel follows
 * ECANCELED, in parentheses. */
static inline void told(const char *name, int err)
{
    const char *message = err == ECANCELED ? task_current()->future.message : NULL;

    if (message != NULL)
        mark("%s=%s(%s)", name, error_name(err), message);
    else
        mark("%s=%s", name, error_name(err));
}

struct job { /* sleeps, and may fail, clean up, and react to a cancel in its own way */
    struct coro co;
    const char *name;
    double delay;
    int error;      /* the error that it ends with when it is not cancelled */
    double cleanup; /* seconds that it takes to end after a cancel */
    int answer;     /* the error that it ends with after a cancel, or 0 */
    struct async_sleep sleep;
};

static inline co_status job_body(struct coro *co)
{
    struct job *self = co_self(co, struct job);
    int err;

    ASYNC (co) {
        mark("%s+", self->name);
        AWAIT_CATCH_ALL(err, async_sleep(&self->sleep, self->delay));
        if (err == ECANCELED) {
            mark("%s-CE", self->name);
            if (self->cleanup > 0) {
                AWAIT(async_sleep(&self->sleep, self->cleanup));
                mark("%s-clean", self->name);
            }
            return co_raise(co, self->answer);
        }
        mark("%s%s", self->name, self->error != 0 ? "!" : ".");
        return co_raise(co, self->error);
    }
    return co_done(co);
}

static inline struct coro *job_answers(struct job *self, const char *name, double delay,
                                       int error, double cleanup, int answer)
{
    self->name = name;
    self->delay = delay;
    self->error = error;
    self->cleanup = cleanup;
    self->answer = answer;
    return co_init(&self->co, job_body);
}

static inline struct coro *job(struct job *self, const char *name, double delay)
{
    return job_answers(self, name, delay, 0, 0, ECANCELED);
}

static inline struct coro *job_fails(struct job *self, const char *name, double delay,
                                     int error)
{
    return job_answers(self, name, delay, error, 0, ECANCELED);
}

static inline struct coro *job_cleans(struct job *self, const char *name, double delay,
                                      double cleanup)
{
    return job_answers(self, name, delay, 0, cleanup, ECANCELED);
}

struct waiter { /* runs as a task, awaits something and reports the outcome */
    struct coro co;
    const char *name;
    struct coro *coro;     /* what it awaits ... */
    struct future *future; /* ... or this */
};

static inline co_status waiter_body(struct coro *co)
{
    struct waiter *self = co_self(co, struct waiter);
    int err;

    ASYNC (co) {
        if (self->coro != NULL)
            AWAIT_CATCH_ALL(err, self->coro);
        else
            AWAIT_CATCH_ALL(err, self->future);
        told(self->name, err);
    }
    return co_done(co);
}

static inline struct coro *waiter(struct waiter *self, const char *name,
                                  struct coro *coro, struct future *f)
{
    self->name = name;
    self->coro = coro;
    self->future = f;
    return co_init(&self->co, waiter_body);
}

struct stage { /* the coroutine of a case, with room for everything */
    struct coro co;
    int i;
    struct job job[4];
    struct task task[4];
    struct awaited item[4];
    struct future f, g;
    struct timer timer;
    struct waiter waiter;
    struct task waiter_task;
    struct gather gather;
    struct shield shield;
    struct async_wait wait, rest;
    struct async_wait_for wait_for;
    struct as_completed each;
    struct async_sleep sleep;
};

static inline void on_exception(struct loop *l, const struct exception_context *context)
{
    (void)l;
    trace("reported:%s:%s", context->message, error_name(context->error));
}

/* Makes task n, which runs `co`, and lists it as item n. */
static inline struct task *start(struct stage *self, int n, struct coro *co)
{
    self->item[n].future = async_ensure_future(&self->task[n], co);
    return &self->task[n];
}

static inline void start_waiter(struct stage *self, const char *name, struct coro *coro,
                                struct future *f)
{
    loop_create_task(&loop, &self->waiter_task, waiter(&self->waiter, name, coro, f));
}

/* Adds the states of the first n items: "pending", "cancelled", or the error. */
static inline void note_states(struct stage *self, int n)
{
    for (int i = 0; i < n; i++) {
        struct future *f = self->item[i].future;

        trace("%s", !f->done              ? "pending"
                    : future_cancelled(f) ? "cancelled"
                                          : error_name(future_error(f)));
    }
}

static inline bool unread(const struct future *f)
{
    return f->done && f->error != 0 && !f->retrieved;
}

struct finale { /* runs the case, then sleeps while the tasks left running end */
    struct coro co;
    struct stage stage;
    struct async_sleep sleep;
};

static inline co_status finale_body(struct coro *co)
{
    struct finale *self = co_self(co, struct finale);

    ASYNC (co) {
        first_turn = loop.turns;
        AWAIT(&self->stage.co);
        AWAIT(async_sleep(&self->sleep, 20));
    }
    return co_done(co);
}

static inline void run_stage(co_status (*body)(struct coro *), const char *expected)
{
    struct finale finale;
    struct task task;

    open_virtual_loop();
    loop.on_exception = on_exception;
    co_init(&finale.stage.co, body);
    loop_create_task(&loop, &task, co_init(&finale.co, finale_body));
    EXPECT_INT(loop_run_until_complete(&loop, &task), 0);
    EXPECT_TRACE(expected);
    close_empty_loop();
}

/* Usage: STAGE(name, "expected trace") { body of a coroutine; its frame is the stage } */
#define STAGE(name, expected)                      \
    static co_status name##_body(struct coro *co); \
    static void name(void)                         \
    {                                              \
        run_stage(name##_body, expected);          \
    }                                              \
    static co_status name##_body(struct coro *co)

#endif
