/*
 * timeout.c - checks of deadlines: which task is cancelled, when, and with which error.
 */
#include "traced_timeout.h"

#define STAGE struct stage *self = co_self(co, struct stage)

static struct limited outer;

/* ---- alone ---- */

CASE(expires, "a+:0 a-CE:2 a-fin:2 t=ETIMEDOUT@1.00 True 0")
{
    STAGE;

    ASYNC (co) {
        AWAIT(limited(&t, "t", 1, nap(&self->nap[0], "a", 10)));
        note(timeout_expired(&t.limit));
        note_count();
    }
    return co_done(co);
}

CASE(in_time,
     "a+:0 a.:2 a-fin:2 t=0@0.50 False after@2.50 a+:4 a.:6 a-fin:6 t=0@7.50 False")
{
    STAGE;

    ASYNC (co) {
        AWAIT(limited(&t, "t", 1, nap(&self->nap[0], "a", 0.5)));
        note(timeout_expired(&t.limit));
        AWAIT(async_sleep(&self->sleep, 2));
        at("%s", "after");
        AWAIT(limited(&t, "t", TIMEOUT_NONE, nap(&self->nap[0], "a", 5)));
        note(timeout_expired(&t.limit));
    }
    return co_done(co);
}

CASE(zero_and_negative, "a+:0 a-CE:2 a-fin:2 t=ETIMEDOUT@0.00 end:2 True"
                        " a+:0 a-CE:2 a-fin:2 t=ETIMEDOUT@0.00 end:2 True")
{
    STAGE;

    ASYNC (co) {
        for (self->i = 0; self->i > -2; self->i--) {
            zero();
            AWAIT(limited(&t, "t", self->i, nap(&self->nap[0], "a", 10)));
            mark("%s", "end");
            note(timeout_expired(&t.limit));
        }
    }
    return co_done(co);
}

struct yields { /* yields its turn n times */
    struct coro co;
    int n;
};

static co_status yields_body(struct coro *co)
{
    struct yields *self = co_self(co, struct yields);

    ASYNC (co) {
        while (self->n-- > 0)
            YIELD();
        trace("ran");
    }
    return co_done(co);
}

CASE(no_await, "ran t=0@0.00 False 0 t=ETIMEDOUT@0.00 True 0 t=ETIMEDOUT@0.00 True 0")
{
    STAGE;
    static struct yields yields;

    ASYNC (co) {
        for (self->i = 0; self->i < 3; self->i++) {
            yields.n = self->i;
            AWAIT(limited(&t, "t", 0, co_init(&yields.co, yields_body)));
            note(timeout_expired(&t.limit));
            note_count();
            YIELD(); /* its callback must not run late */
            YIELD();
        }
    }
    return co_done(co);
}

CASE(absolute, "a+:0 a-CE:2 a-fin:2 t=ETIMEDOUT@1.00 a+:2 a-CE:4 a-fin:4 t=ETIMEDOUT@1.00"
               " end@1.00")
{
    STAGE;

    ASYNC (co) {
        AWAIT(limited_at(&t, loop_time(&loop) + 1, nap(&self->nap[0], "a", 10)));
        AWAIT(limited_at(&t, loop_time(&loop) - 1, nap(&self->nap[0], "a", 10)));
        at("%s", "end");
    }
    return co_done(co);
}

/* ---- nested ---- */

CASE(nested_inner, "a+:0 a-CE:2 a-fin:2 inner=ETIMEDOUT@1.00 outer=0@1.00 True False 0")
{
    STAGE;

    ASYNC (co) {
        AWAIT(limited(&outer, "outer", 2,
                      limited(&t, "inner", 1, nap(&self->nap[0], "a", 10))));
        note(timeout_expired(&t.limit));
        note(timeout_expired(&outer.limit));
        note_count();
    }
    return co_done(co);
}

CASE(nested_outer,
     "a+:0 a-CE:2 a-fin:2 inner=ECANCELED@1.00 outer=ETIMEDOUT@1.00 False True 0")
{
    STAGE;

    ASYNC (co) {
        AWAIT(limited(&outer, "outer", 1,
                      limited_raises(&t, "inner", 2, nap(&self->nap[0], "a", 10))));
        note(timeout_expired(&t.limit));
        note(timeout_expired(&outer.limit));
        note_count();
    }
    return co_done(co);
}

CASE(nested_both_late,
     "a+:0 a-CE:3 a-fin:3 inner=ECANCELED@5.50 outer=ETIMEDOUT@5.50 True True 0")
{
    STAGE;

    ASYNC (co) {
        loop_call_later(&loop, &self->timer[0], 0.5, busy);
        AWAIT(limited(&outer, "outer", 2,
                      limited_raises(&t, "inner", 1, nap(&self->nap[0], "a", 10))));
        note(timeout_expired(&t.limit));
        note(timeout_expired(&outer.limit));
        note_count();
    }
    return co_done(co);
}

/* ---- deadline and result in one pass ---- */

static void set_and_busy(struct handle *h)
{
    struct stage *self = container_of(h, struct stage, timer[0].handle);

    future_set_result(&self->f, NULL);
    loop.virtual_now += 5;
}

static void set(struct handle *h)
{
    future_set_result(&container_of(h, struct stage, timer[0].handle)->f, NULL);
}

CASE(same_pass, "woken-first=0@5.50 False same-pass=ETIMEDOUT@10.75 True True False 0")
{
    STAGE;

    ASYNC (co) {
        future_init(&self->f, &loop);
        loop_call_later(&loop, &self->timer[0], 0.5, set_and_busy);
        AWAIT(limited_future(&t, "woken-first", 1, &self->f));
        note(timeout_expired(&t.limit));

        future_init(&self->f, &loop);
        loop_call_later(&loop, &self->timer[1], 0.25, busy);
        loop_call_later(&loop, &self->timer[0], 0.5, set);
        AWAIT(limited_future(&t, "same-pass", 1, &self->f));
        note(timeout_expired(&t.limit));
        note(future_done(&self->f));
        note(future_cancelled(&self->f));
        note_count();
    }
    return co_done(co);
}

CASE(task_under_it, "a+:1 a-CE:3 a-fin:3 t=ETIMEDOUT@1.00 True")
{
    STAGE;

    ASYNC (co) {
        start(self, 0, nap(&self->nap[0], "a", 10));
        AWAIT(limited_future(&t, "t", 1, &self->task[0].future));
        note(future_cancelled(&self->task[0].future));
    }
    return co_done(co);
}

CHECK_MAIN({ "expires", expires }, { "in_time", in_time },
           { "zero_and_negative", zero_and_negative }, { "no_await", no_await },
           { "absolute", absolute }, { "nested_inner", nested_inner },
           { "nested_outer", nested_outer }, { "nested_both_late", nested_both_late },
           { "same_pass", same_pass }, { "task_under_it", task_under_it })
