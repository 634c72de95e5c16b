/*
 * awaits.c - how many turns each await costs, what cannot be awaited, and deep chains of
 * awaits. The traces are CPython 3.13's.
 */
#include "turn_trace.h"

/* ---- the smallest coroutines ---- */

static co_status return_body(struct coro *co)
{
    ASYNC (co) {
        return co_done(co);
    }
    return co_done(co);
}

struct deep { /* async def deep(n): if n: await deep(n - 1) */
    struct coro co;
    int left; /* the number of frames behind this one in its array */
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

/* ---- depth ---- */

enum { DEPTH = 100000 };

static void a_chain_of_100000_coroutines_uses_no_stack(void)
{
    struct deep *frames = malloc((DEPTH + 1) * sizeof *frames);

    run(deep(frames, DEPTH));
    EXPECT_TRACE("turns=2");
    free(frames);
}

CHECK_MAIN({ "each await costs what asyncio's costs",
             each_await_costs_what_asyncios_costs },
           { "what cannot be awaited is an error", what_cannot_be_awaited_is_an_error },
           { "a chain of 100,000 coroutines uses no stack",
             a_chain_of_100000_coroutines_uses_no_stack })
