/*
 * sleeps.c - async_sleep(): order, turns, and what it leaves behind. The traces are
 * CPython 3.13's: each mark is a word and the turn of the loop.
 */
#include <math.h>

#include "turn_trace.h"

struct sleeper {
    struct coro co;
    struct task task;
    struct async_sleep sleep;
    const char *name;
    double delay;
};

static co_status sleeper_body(struct coro *co)
{
    struct sleeper *self = co_self(co, struct sleeper);

    ASYNC (co) {
        AWAIT(async_sleep(&self->sleep, self->delay));
        trace("%s%.2f@%lu", self->name, loop_time(&loop), loop.turns);
    }
    return co_done(co);
}

struct sleepers {
    struct coro co;
    struct sleeper all[5];
    int i;
};

static co_status sleepers_body(struct coro *co)
{
    static const char *const names[] = { "a", "b", "c", "d", "e" };
    static const double delays[] = { 0.3, 0.1, 0.2, 0, -1 };
    struct sleepers *self = co_self(co, struct sleepers);

    ASYNC (co) {
        for (self->i = 0; self->i < 5; self->i++) {
            struct sleeper *s = &self->all[self->i];

            s->name = names[self->i];
            s->delay = delays[self->i];
            loop_create_task(&loop, &s->task, co_init(&s->co, sleeper_body));
        }
        for (self->i = 0; self->i < 5; self->i++)
            AWAIT(&self->all[self->i].task);
    }
    return co_done(co);
}

static void sleeps_end_by_deadline(void)
{
    struct sleepers frame;

    run(co_init(&frame.co, sleepers_body));
    EXPECT_TRACE("d0.00@3 e0.00@3 b0.10@5 c0.20@7 a0.30@9 turns=11");
}

static void a_sleep_for_nan_is_an_error(void)
{
    struct sleeper frame;
    char want[40];

    frame.delay = NAN;
    run(co_init(&frame.co, sleeper_body));
    snprintf(want, sizeof want, "-> %d turns=2", EINVAL);
    EXPECT_TRACE(want);
}

struct short_sleeps {
    struct coro co;
    struct async_sleep sleep;
    int i;
};

static co_status short_sleeps_body(struct coro *co)
{
    static const double delays[] = { 1e-2, 1e-4, 1e-6, 1e-8, 1e-10 };
    struct short_sleeps *self = co_self(co, struct short_sleeps);

    ASYNC (co) {
        for (self->i = 0; self->i < 5; self->i++)
            AWAIT(async_sleep(&self->sleep, delays[self->i]));
    }
    return co_done(co);
}

/* This runs on the real clock: asyncio's own test allows 20 turns. */
static void short_sleeps_do_not_spin(void)
{
    for (int i = 0; selectors[i] != NULL; i++) {
        struct loop_policy policy = { selectors[i], &clock_monotonic };
        struct short_sleeps frame;
        struct task task;

        EXPECT_INT(loop_init(&loop, &policy), 0);
        loop_create_task(&loop, &task, co_init(&frame.co, short_sleeps_body));
        EXPECT_INT(loop_run_until_complete(&loop, &task), 0);
        EXPECT(loop.turns >= 7 && loop.turns <= 20);
        end();
    }
}

CHECK_MAIN({ "sleeps end by deadline", sleeps_end_by_deadline },
           { "a sleep for NaN is an error", a_sleep_for_nan_is_an_error },
           { "short sleeps do not spin", short_sleeps_do_not_spin })
