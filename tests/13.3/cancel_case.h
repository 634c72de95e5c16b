/*
 * cancel_case.h - shared by the checks of 13.3: a nap, which is a sleep that reports how
 * it ends; a coroutine that awaits and reports; and a stage, the coroutine of a case,
 * with room for everything that a case needs.
 *
 * A mark is a word and the turn in which it was made, counted from zero(). All expected
 * traces were made by CPython 3.13 with the same cases, under virtual time.
 */
#ifndef CANCEL_CASE_H
#define CANCEL_CASE_H

#include "cancel.h"
#include "check.h"
#include "runner.h"
#include "sleep.h"
#include "timeout.h"
#include "virtual_loop.h"

static unsigned long first_turn;

static inline struct loop *the_loop(void) /* `loop`, or the loop of a runner */
{
    return get_event_loop();
}

static bool marks_tell_time; /* marks show the loop time, not the turn */

static inline const char *stamp(void)
{
    static char text[32];

    if (marks_tell_time)
        snprintf(text, sizeof text, "@%.2f", loop_time(the_loop()));
    else
        snprintf(text, sizeof text, ":%lu", the_loop()->turns - first_turn);
    return text;
}

#define mark(word, ...) trace(word "%s", __VA_ARGS__, stamp())
#define at(word, ...) trace(word "@%.2f", __VA_ARGS__, loop_time(the_loop()))

static inline void zero(void)
{
    first_turn = the_loop()->turns;
}

static inline const char *truth(bool b)
{
    return b ? "True" : "False";
}

static inline const char *error_name(int err)
{
    return err == 0           ? "0"
           : err == EIO       ? "EIO"
           : err == ECANCELED ? "ECANCELED"
           : err == ETIMEDOUT ? "ETIMEDOUT"
                              : aio_strerror(err);
}

/* Marks the outcome of `name`, such as "main=ECANCELED(why):2". The message is that of
 * str(CancelledError). */
static inline void say(const char *name, int err)
{
    const char *message = task_cancel_message(task_current());

    if (err == ECANCELED && message != NULL)
        mark("%s=%s(%s)", name, error_name(err), message);
    else
        mark("%s=%s", name, error_name(err));
}

/* ---- nap: sleeps; after a cancel it cleans up, then ends with `answer` ---- */

struct nap {
    struct coro co;
    const char *name;
    double delay, cleanup;
    int answer; /* the error that it ends with after a cancel, or 0 */
    bool began;
    struct async_sleep sleep;
};

static inline co_status nap_body(struct coro *co)
{
    struct nap *self = co_self(co, struct nap);
    int err;

    ASYNC (co) {
        self->began = true;
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
        mark("%s.", self->name);

    FINALLY:
        if (self->began)
            mark("%s-fin", self->name);
    }
    return co_done(co);
}

static inline struct coro *nap_answers(struct nap *self, const char *name, double delay,
                                       double cleanup, int answer)
{
    self->name = name;
    self->delay = delay;
    self->cleanup = cleanup;
    self->answer = answer;
    self->began = false;
    return co_init(&self->co, nap_body);
}

static inline struct coro *nap(struct nap *self, const char *name, double delay)
{
    return nap_answers(self, name, delay, 0, ECANCELED);
}

/* ---- over: awaits a coroutine or a future, reports its outcome and passes it on ---- */

struct over {
    struct coro co;
    const char *name;
    struct coro *coro;     /* what it awaits ... */
    struct future *future; /* ... or this */
};

static inline co_status over_body(struct coro *co)
{
    struct over *self = co_self(co, struct over);
    int err;

    ASYNC (co) {
        if (self->coro != NULL)
            AWAIT_CATCH_ALL(err, self->coro);
        else
            AWAIT_CATCH_ALL(err, self->future);
        if (err != 0)
            say(self->name, err);
        return co_raise(co, err);

    FINALLY:
        mark("%s-fin", self->name);
    }
    return co_done(co);
}

static inline struct coro *over(struct over *self, const char *name, struct coro *coro)
{
    self->name = name;
    self->coro = coro;
    self->future = NULL;
    return co_init(&self->co, over_body);
}

static inline struct coro *over_future(struct over *self, const char *name,
                                       struct future *f)
{
    over(self, name, NULL);
    self->future = f;
    return &self->co;
}

/* ---- the stage: the coroutine of a case ---- */

struct stage {
    struct coro co;
    int i;
    struct nap nap[3];
    struct over over[3];
    struct task task[4];
    struct future f, g;
    struct async_sleep sleep;
    struct timer timer[2];
    struct coro any;
};

/* Make task n of the stage. */
static inline struct task *start(struct stage *self, int n, struct coro *co)
{
    EXPECT_INT(loop_create_task(&loop, &self->task[n], co), 0);
    return &self->task[n];
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
        zero();
        AWAIT(&self->stage.co);
        AWAIT(async_sleep(&self->sleep, 200));
    }
    return co_done(co);
}

static inline void run_case(co_status (*body)(struct coro *), const char *expected)
{
    struct finale finale = { .stage = { .i = 0 } };
    struct task task;

    open_virtual_loop();
    co_init(&finale.stage.co, body);
    loop_create_task(&loop, &task, co_init(&finale.co, finale_body));
    EXPECT_INT(loop_run_until_complete(&loop, &task), 0);
    EXPECT_TRACE(expected);
    close_empty_loop();
}

/* Usage: CASE(name, "expected trace") { body of a coroutine; its frame is the stage } */
#define CASE(name, expected)                       \
    static co_status name##_body(struct coro *co); \
    static void name(void)                         \
    {                                              \
        run_case(name##_body, expected);           \
    }                                              \
    static co_status name##_body(struct coro *co)

#endif
