/*
 * 13.1-tasks.c - coroutines and tasks: what each await costs in passes, in which order
 * tasks take turns, and what the rest of asyncio's scenarios say of them. The traces are
 * CPython 3.13's: a word and the turn in which it was said. Eager start is not here yet.
 */
#include <math.h>
#include <unistd.h>

#include "13.1-help.h"

static void said(const char *word)
{
    trace("%s@%lu", word, loop.turns);
}

/* Run `co` as Task-1 in a fresh loop, add its outcome and the number of turns. */
static void run(struct coro *co)
{
    static struct task task;
    int err;

    begin();
    loop_create_task(&loop, &task, co);
    err = loop_run_until_complete(&loop, &task);
    if (err != 0)
        trace("-> %d", err);
    trace("turns=%lu", loop.turns);
    end();
}

/* ---- the smallest coroutines ---- */

struct steps { /* async def steps(name): twice: say it, sleep(0) */
    struct coro co;
    const char *name;
    int i;
};

static co_status steps_body(struct coro *co)
{
    struct steps *self = co_self(co, struct steps);

    ASYNC (co) {
        for (self->i = 0; self->i < 2; self->i++) {
            trace("%s%d@%lu", self->name, self->i, loop.turns);
            YIELD();
        }
    }
    return co_done(co);
}

static struct coro *steps(struct steps *self, const char *name)
{
    self->name = name;
    return co_init(&self->co, steps_body);
}

static co_status return_body(struct coro *co)
{
    ASYNC (co) {
        return co_done(co);
    }
    return co_done(co);
}

struct deep { /* async def deep(n): if n: await deep(n - 1) */
    struct coro co;
    int left; /* the frames behind this one in its array */
};

static co_status deep_body(struct coro *co)
{
    struct deep *self = co_self(co, struct deep);

    ASYNC (co) {
        if (self->left > 0) {
            self[1].left = self->left - 1;
            AWAIT(co_init(&self[1].co, deep_body));
        }
    }
    return co_done(co);
}

static struct coro *deep(struct deep *frames, int n)
{
    frames->left = n;
    return co_init(&frames->co, deep_body);
}

/* ---- the order of steps ---- */

struct interleave {
    struct coro co, call;
    struct steps a, b;
    struct task task_a, task_b;
};

static co_status call_body(struct coro *co)
{
    ASYNC (co) {
        said("cs");
    }
    return co_done(co);
}

static co_status interleave_body(struct coro *co)
{
    struct interleave *self = co_self(co, struct interleave);

    ASYNC (co) {
        said("main");
        AWAIT(co_init(&self->call, call_body));
        loop_create_task(&loop, &self->task_a, steps(&self->a, "a"));
        loop_create_task(&loop, &self->task_b, steps(&self->b, "b"));
        said("made");
        AWAIT(&self->task_a);
        AWAIT(&self->task_b);
        said("end");
    }
    return co_done(co);
}

static void tasks_take_turns(void)
{
    struct interleave frame;

    run(co_init(&frame.co, interleave_body));
    EXPECT_TRACE("main@1 cs@1 made@1 a0@2 b0@2 a1@3 b1@3 end@5 turns=6");
}

/* ---- what an await costs ---- */

struct cost {
    struct coro co, child;
    struct deep deep[51];
    struct future future;
    struct handle set;
    struct task task;
    struct async_sleep sleep;
    unsigned long before;
};

static void set_result(struct handle *h)
{
    future_set_result(&container_of(h, struct cost, set)->future, NULL);
}

static co_status cost_body(struct coro *co)
{
    struct cost *self = co_self(co, struct cost);

#define COST(name, x)          \
    self->before = loop.turns; \
    AWAIT(x);                  \
    trace(name "=%lu", loop.turns - self->before)

    ASYNC (co) {
        future_init(&self->future, &loop);
        future_set_result(&self->future, NULL);
        COST("done", &self->future);
        COST("coro", co_init(&self->child, return_body));
        COST("deep", deep(self->deep, 50));
        COST("sleep0", async_sleep(&self->sleep, 0));
        loop_create_task(&loop, &self->task, co_init(&self->child, return_body));
        COST("task", &self->task);
        future_init(&self->future, &loop);
        handle_init(&self->set);
        loop_call_soon(&loop, &self->set, set_result);
        COST("set", &self->future);
        COST("donetask", &self->task);
        COST("sleep1", async_sleep(&self->sleep, 1));
        COST("sleepneg", async_sleep(&self->sleep, -1));
    }
    return co_done(co);
#undef COST
}

static void each_await_costs_what_asyncios_costs(void)
{
    struct cost frame;

    run(co_init(&frame.co, cost_body));
    EXPECT_TRACE("done=0 coro=0 deep=0 sleep0=1 task=2 set=2 donetask=0 sleep1=2 "
                 "sleepneg=1 turns=10");
}

/* ---- what cannot be awaited ---- */

struct hopeless {
    struct coro co;
    struct future theirs;
    struct loop other;
    int err;
};

static co_status hopeless_body(struct coro *co)
{
    static const struct loop_policy policy = { &selector_poll, &clock_virtual };
    struct hopeless *self = co_self(co, struct hopeless);
    int err;

    ASYNC (co) {
        EXPECT_INT(loop_init(&self->other, &policy), 0);
        future_init(&self->theirs, &self->other);
        said("before");
        AWAIT_CATCH(err, task_current());
        said(aio_strerror(err));
        AWAIT_CATCH(err, &self->theirs);
        said(aio_strerror(err));
        EXPECT(ring_empty(&self->theirs.callbacks));
        future_set_result(&self->theirs, NULL);
        AWAIT(&self->theirs);
        said("done is fine");
        loop_close(&self->other);
    }
    return co_done(co);
}

static void what_cannot_be_awaited_is_an_error(void)
{
    struct hopeless frame;

    run(co_init(&frame.co, hopeless_body));
    EXPECT_TRACE("before@1 Task cannot await on itself@2 attached to a different loop@3 "
                 "done is fine@3 turns=4");
}

/* ---- several waiters, errors ---- */

struct waiter {
    struct coro co;
    struct task task;
    const char *name;
    struct future *on;
};

static co_status waiter_body(struct coro *co)
{
    struct waiter *self = co_self(co, struct waiter);

    ASYNC (co) {
        AWAIT(self->on);
        said(self->name);
    }
    return co_done(co);
}

struct line {
    struct coro co;
    struct waiter waiters[3];
    struct future future;
    int i;
};

static co_status line_body(struct coro *co)
{
    static const char *const names[] = { "a", "b", "c" };
    struct line *self = co_self(co, struct line);

    ASYNC (co) {
        future_init(&self->future, &loop);
        for (self->i = 0; self->i < 3; self->i++) {
            struct waiter *w = &self->waiters[self->i];

            w->name = names[self->i];
            w->on = &self->future;
            loop_create_task(&loop, &w->task, co_init(&w->co, waiter_body));
        }
        YIELD();
        said("set");
        future_set_result(&self->future, NULL);
        said("after");
        for (self->i = 0; self->i < 3; self->i++)
            AWAIT(&self->waiters[self->i].task);
    }
    return co_done(co);
}

static void waiters_wake_in_their_order(void)
{
    struct line frame;

    run(co_init(&frame.co, line_body));
    EXPECT_TRACE("set@2 after@2 a@3 b@3 c@3 turns=5");
}

struct level {
    struct coro co;
    struct async_sleep sleep;
};

static co_status level3_body(struct coro *co)
{
    struct level *self = co_self(co, struct level);

    ASYNC (co) {
        AWAIT(async_sleep(&self->sleep, 1));
        return co_raise(co, ECONNREFUSED);
    FINALLY:
        said("fin3");
    }
    return co_done(co);
}

struct level2 {
    struct coro co;
    struct level level3;
};

static co_status level2_body(struct coro *co)
{
    struct level2 *self = co_self(co, struct level2);

    ASYNC (co) {
        AWAIT(co_init(&self->level3.co, level3_body));
    FINALLY:
        said("fin2");
        YIELD();
        said("fin2b");
    }
    return co_done(co);
}

struct level1 {
    struct coro co;
    struct level2 level2;
};

static co_status level1_body(struct coro *co)
{
    struct level1 *self = co_self(co, struct level1);
    int err;

    ASYNC (co) {
        AWAIT_CATCH(err, co_init(&self->level2.co, level2_body));
        EXPECT_INT(err, ECONNREFUSED);
        said("caught");
        AWAIT(co_init(&self->level2.co, level2_body));
        said("not reached");
    FINALLY:
        said("fin1");
    }
    return co_done(co);
}

static void errors_travel_outward_through_each_clean_up(void)
{
    struct level1 frame;
    char want[200];

    run(co_init(&frame.co, level1_body));
    snprintf(want, sizeof want,
             "fin3@3 fin2@3 fin2b@4 caught@4 fin3@6 fin2@6 fin2b@7 fin1@7 -> %d turns=8",
             ECONNREFUSED);
    EXPECT_TRACE(want);
}

static co_status bad_body(struct coro *co)
{
    ASYNC (co) {
        said("bad");
        return co_raise(co, EIO);
    }
    return co_done(co);
}

struct twice {
    struct coro co, bad;
    struct task task;
};

static co_status twice_body(struct coro *co)
{
    struct twice *self = co_self(co, struct twice);
    int err;

    ASYNC (co) {
        loop_create_task(&loop, &self->task, co_init(&self->bad, bad_body));
        AWAIT_CATCH(err, &self->task);
        trace("got%d@%lu", err == EIO, loop.turns);
        AWAIT_CATCH(err, &self->task);
        trace("got%d@%lu", err == EIO, loop.turns);
    }
    return co_done(co);
}

static void an_error_is_told_to_each_who_awaits(void)
{
    struct twice frame;

    run(co_init(&frame.co, twice_body));
    EXPECT_TRACE("bad@2 got1@3 got1@3 turns=4");
}

/* ---- stop, and go on later ---- */

struct half {
    struct coro co;
    struct async_sleep sleep;
};

static co_status half_body(struct coro *co)
{
    struct half *self = co_self(co, struct half);

    ASYNC (co) {
        said("half");
        AWAIT(async_sleep(&self->sleep, 1));
        said("stop");
        loop_stop(&loop);
        AWAIT(async_sleep(&self->sleep, 5));
        said("not reached");
    FINALLY:
        said("fin");
    }
    return co_done(co);
}

static void a_stopped_run_can_be_taken_up_again(void)
{
    struct half frame;
    struct task task;

    begin();
    loop_create_task(&loop, &task, co_init(&frame.co, half_body));
    EXPECT_INT(loop_run_until_complete(&loop, &task), AIO_LOOP_STOPPED);
    EXPECT(!future_done(&task.future) && ring_empty(&task.future.callbacks));
    EXPECT_STR(aio_strerror(AIO_LOOP_STOPPED),
               "Event loop stopped before Future completed.");
    EXPECT(task_cancel(&task, NULL));
    EXPECT_INT(loop_run_until_complete(&loop, &task), ECANCELED);
    EXPECT_TRACE("half@1 stop@3 fin@4");
    EXPECT(future_cancelled(&task.future) && loop_time(&loop) == 1);
    end();
}

static co_status last_body(struct coro *co)
{
    ASYNC (co) {
        said("m");
        loop_stop(&loop);
    }
    return co_done(co);
}

static void say_callback(struct handle *h)
{
    (void)h;
    said("cb");
}

/* Done callbacks of the awaited task get their pass, before or after run returns. */
static void done_callbacks_get_their_pass(void)
{
    struct coro co;
    struct task task;
    struct handle cb;

    begin();
    handle_init(&cb);
    loop_create_task(&loop, &task, co_init(&co, call_body));
    EXPECT_INT(future_add_done_callback(&task.future, &cb, say_callback), 0);
    EXPECT_INT(loop_run_until_complete(&loop, &task), 0);
    EXPECT_TRACE("cs@1 cb@2");
    loop.turns = 0;
    loop_create_task(&loop, &task, co_init(&co, last_body));
    EXPECT_INT(future_add_done_callback(&task.future, &cb, say_callback), 0);
    loop_run_forever(&loop);
    EXPECT(future_done(&task.future));
    run_one_pass();
    EXPECT_TRACE("m@1 cb@2");
    end();
}

/* ---- names, and who is there ---- */

static int alive(void)
{
    int n = 0;

    for (struct task *t = task_next(&loop, NULL); t != NULL; t = task_next(&loop, t))
        n++;
    return n;
}

struct crew {
    struct coro co;
    struct steps steps[3];
    struct task tasks[3];
    int i;
};

static co_status crew_body(struct coro *co)
{
    struct crew *self = co_self(co, struct crew);
    char name[TASK_NAME_MAX];

    ASYNC (co) {
        for (self->i = 0; self->i < 3; self->i++)
            loop_create_task(&loop, &self->tasks[self->i],
                             steps(&self->steps[self->i], "s"));
        trace_reset();
        EXPECT_INT(alive(), 4);
        EXPECT_STR(task_name(task_current(), name), "Task-1");
        EXPECT_STR(task_name(&self->tasks[2], name), "Task-4");
        task_set_name(&self->tasks[2], "third");
        EXPECT_STR(task_name(&self->tasks[2], name), "third");
        EXPECT(task_next(&loop, NULL) == task_current());
        EXPECT(task_next(&loop, task_current()) == &self->tasks[0]);
        for (self->i = 0; self->i < 3; self->i++)
            AWAIT(&self->tasks[self->i]);
        EXPECT_INT(alive(), 1);
    }
    return co_done(co);
}

static void tasks_have_names_and_are_listed(void)
{
    struct crew frame;

    EXPECT(task_current() == NULL);
    run(co_init(&frame.co, crew_body));
    EXPECT(task_current() == NULL);
    trace_reset();
}

/* ---- cancel, as far as it belongs to the step ---- */

struct cancels {
    struct coro co, child;
    struct task task;
    struct async_sleep sleep;
};

static co_status never_body(struct coro *co)
{
    ASYNC (co) {
        said("never");
    FINALLY:
        said("nor this");
    }
    return co_done(co);
}

static co_status unstarted_body(struct coro *co)
{
    struct cancels *self = co_self(co, struct cancels);
    int err;

    ASYNC (co) {
        loop_create_task(&loop, &self->task, co_init(&self->child, never_body));
        EXPECT(task_cancel(&self->task, NULL));
        AWAIT_CATCH_ALL(err, &self->task);
        EXPECT_INT(err, ECANCELED);
        said("ce");
        EXPECT(future_cancelled(&self->task.future));
        EXPECT(!task_cancel(&self->task, NULL));
    }
    return co_done(co);
}

static void cancelled_before_its_first_step(void)
{
    struct cancels frame;

    run(co_init(&frame.co, unstarted_body));
    EXPECT_TRACE("ce@3 turns=4");
}

struct suicide {
    struct coro co;
    struct async_sleep sleep;
    bool awaits;
};

static co_status suicide_body(struct coro *co)
{
    struct suicide *self = co_self(co, struct suicide);
    int err;

    ASYNC (co) {
        EXPECT(task_cancel(task_current(), NULL));
        said(self->awaits ? "running" : "ret");
        if (self->awaits) {
            AWAIT_CATCH_ALL(err, async_sleep(&self->sleep, 5));
            said("here");
            return co_raise(co, err);
        }
    }
    return co_done(co);
}

struct two_suicides {
    struct coro co;
    struct suicide child;
    struct task task;
    int i;
};

static co_status two_suicides_body(struct coro *co)
{
    struct two_suicides *self = co_self(co, struct two_suicides);
    int err;

    ASYNC (co) {
        for (self->i = 0; self->i < 2; self->i++) {
            self->child.awaits = self->i == 0;
            loop_create_task(&loop, &self->task, co_init(&self->child.co, suicide_body));
            AWAIT_CATCH_ALL(err, &self->task);
            EXPECT_INT(err, ECANCELED);
            said("ce");
            EXPECT(future_cancelled(&self->task.future));
        }
    }
    return co_done(co);
}

static void a_task_that_cancels_itself(void)
{
    struct two_suicides frame;

    run(co_init(&frame.co, two_suicides_body));
    EXPECT_TRACE("running@2 here@3 ce@4 ret@5 ce@6 turns=7");
    EXPECT(loop_time(&loop) == 0); /* the 5 seconds were never slept */
}

struct inner {
    struct coro co;
    struct future future;
};

static co_status inner_body(struct coro *co)
{
    struct inner *self = co_self(co, struct inner);
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, &self->future);
        said("inner");
        return co_raise(co, err);
    FINALLY:
        said("inner-fin");
    }
    return co_done(co);
}

struct outer {
    struct coro co;
    struct inner inner;
};

static co_status outer_body(struct coro *co)
{
    struct outer *self = co_self(co, struct outer);
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, co_init(&self->inner.co, inner_body));
        said("outer");
        return co_raise(co, err);
    FINALLY:
        said("outer-fin");
    }
    return co_done(co);
}

struct canceller {
    struct coro co;
    struct outer outer;
    struct task task;
};

static co_status canceller_body(struct coro *co)
{
    struct canceller *self = co_self(co, struct canceller);
    struct future *innermost = &self->outer.inner.future;
    int err;

    ASYNC (co) {
        future_init(innermost, &loop);
        loop_create_task(&loop, &self->task, co_init(&self->outer.co, outer_body));
        YIELD();
        said("cancel");
        EXPECT(task_cancel(&self->task, NULL));
        EXPECT(!future_cancelled(&self->task.future) && future_cancelled(innermost));
        AWAIT_CATCH_ALL(err, &self->task);
        EXPECT_INT(err, ECANCELED);
        said("ce");
        EXPECT(future_cancelled(&self->task.future));
    }
    return co_done(co);
}

static void a_cancel_arrives_at_the_innermost_await(void)
{
    struct canceller frame;

    run(co_init(&frame.co, canceller_body));
    EXPECT_TRACE("cancel@2 inner@3 inner-fin@3 outer@3 outer-fin@3 ce@4 turns=5");
}

/* ---- sleep ---- */

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

/* On the real clock: asyncio's own test allows 20 turns. */
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

/* ---- depth ---- */

enum { DEPTH = 100000 };

static void a_chain_of_100000_coroutines_uses_no_stack(void)
{
    struct deep *frames = malloc((DEPTH + 1) * sizeof *frames);

    run(deep(frames, DEPTH));
    EXPECT_TRACE("turns=2");
    free(frames);
}

static void co_where_names_the_body_and_the_line(void)
{
    struct half frame;
    struct task task;
    int line = 0, at;

    begin();
    loop_create_task(&loop, &task, co_init(&frame.co, half_body));
    EXPECT_STR(co_where(&frame.co, &line), "half_body");
    EXPECT_INT(line, CO_START);
    run_one_pass();
    EXPECT_STR(co_where(&frame.co, &line), "half_body");
    EXPECT(line > 300 && line == frame.co.at);
    at = line;
    EXPECT_STR(co_where(task.leaf, &line), "async_sleep_body");
    EXPECT_INT(frame.co.at, at); /* asking changes nothing */
    task_cancel(&task, NULL);
    EXPECT_INT(loop_run_until_complete(&loop, &task), ECANCELED);
    EXPECT_TRACE("half@1 fin@2");
    end();
}

CHECK_MAIN({ "tasks take turns at each await", tasks_take_turns },
           { "each await costs what asyncio's costs",
             each_await_costs_what_asyncios_costs },
           { "what cannot be awaited is an error", what_cannot_be_awaited_is_an_error },
           { "waiters wake in their order", waiters_wake_in_their_order },
           { "errors travel outward through each clean-up",
             errors_travel_outward_through_each_clean_up },
           { "an error is told to each who awaits", an_error_is_told_to_each_who_awaits },
           { "a stopped run can be taken up again", a_stopped_run_can_be_taken_up_again },
           { "done callbacks get their pass", done_callbacks_get_their_pass },
           { "tasks have names and are listed", tasks_have_names_and_are_listed },
           { "cancelled before its first step", cancelled_before_its_first_step },
           { "a task that cancels itself", a_task_that_cancels_itself },
           { "a cancel arrives at the innermost await",
             a_cancel_arrives_at_the_innermost_await },
           { "sleeps end by deadline", sleeps_end_by_deadline },
           { "a sleep for NaN is an error", a_sleep_for_nan_is_an_error },
           { "short sleeps do not spin", short_sleeps_do_not_spin },
           { "a chain of 100,000 coroutines uses no stack",
             a_chain_of_100000_coroutines_uses_no_stack },
           { "co_where names the body and the line",
             co_where_names_the_body_and_the_line })
