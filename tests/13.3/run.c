/*
 * run.c - checks of run(): leftover tasks are cancelled in creation order, awaited and
 * reported, closers are shut down and closed, and no loop remains.
 */
#include "cancel_case.h"

static struct nap naps[3];
static struct task tasks[3];
static struct async_sleep pause;
static struct runner runner;

static void told(struct loop *l, const struct exception_context *context)
{
    char name[TASK_NAME_MAX];

    trace("%s:%s:%s@%.2f", context->message, error_name(context->error),
          task_name(context->task, name), loop_time(l));
}

static struct task *start_nap(int n, struct coro *co)
{
    EXPECT_INT(loop_create_task(&runner.loop, &tasks[n], co), 0);
    return &tasks[n];
}

/* Run `body` in a runner of its own, and compare the trace. */
static void run_main(co_status (*body)(struct coro *), int want, const char *expected)
{
    static const struct loop_policy policy = { &selector_poll, &clock_virtual };
    struct coro main;

    EXPECT_INT(runner_init(&runner, &policy), 0);
    EXPECT(get_event_loop() == &runner.loop);
    runner.loop.on_exception = told;
    marks_tell_time = true; /* asyncio's gather() takes other turns */
    EXPECT_INT(runner_run(&runner, co_init(&main, body)), want);
    EXPECT_INT(runner_close(&runner), 0);
    EXPECT_TRACE(expected);
    EXPECT(get_event_loop() == NULL);
    EXPECT(runner.loop.closed && ring_empty(&runner.loop.tasks));
    EXPECT(ring_empty(&runner.loop.ready) && runner.loop.timers.count == 0);
    EXPECT_INT(runner_close(&runner), 0); /* closed twice is fine */
}

/* ---- leftovers ---- */

static co_status cleans_body(struct coro *co)
{
    ASYNC (co) {
        start_nap(0, nap_answers(&naps[0], "a", 100, 2, ECANCELED));
        AWAIT(async_sleep(&pause, 1));
        at("%s", "main");
    }
    return co_done(co);
}

static void cleans(void)
{
    run_main(cleans_body, 0, "a+@0.00 main@1.00 a-CE@1.00 a-clean@3.00 a-fin@3.00");
}

/* The task has not started when main returns. It starts in the pass that notices this. */
static co_status begins_late_body(struct coro *co)
{
    ASYNC (co) {
        start_nap(0, nap(&naps[0], "a", 100));
        at("%s", "main");
    }
    return co_done(co);
}

static void begins_late(void)
{
    run_main(begins_late_body, 0, "main@0.00 a+@0.00 a-CE@0.00 a-fin@0.00");
}

static co_status in_order_body(struct coro *co)
{
    ASYNC (co) {
        start_nap(0, nap(&naps[0], "a", 100));
        start_nap(1, nap_answers(&naps[1], "b", 100, 3, ECANCELED));
        start_nap(2, nap(&naps[2], "c", 100));
        AWAIT(async_sleep(&pause, 1));
    }
    return co_done(co);
}

static void in_order(void)
{
    run_main(in_order_body, 0,
             "a+@0.00 b+@0.00 c+@0.00 a-CE@1.00 a-fin@1.00 b-CE@1.00 c-CE@1.00 c-fin@1.00"
             " b-clean@4.00 b-fin@4.00");
}

static co_status swallows_body(struct coro *co)
{
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, async_sleep(&naps[0].sleep, 100));
        at("caught %s", error_name(err));
        AWAIT(async_sleep(&naps[0].sleep, 3));
        at("%s", "through");
    }
    return co_done(co);
}

static struct coro odd; /* a leftover without a frame of its own */

static co_status swallowed_body(struct coro *co)
{
    ASYNC (co) {
        start_nap(0, co_init(&odd, swallows_body));
        AWAIT(async_sleep(&pause, 1));
    }
    return co_done(co);
}

static void swallowed(void)
{
    run_main(swallowed_body, 0, "caught ECANCELED@1.00 through@4.00");
}

static co_status fails_body(struct coro *co)
{
    ASYNC (co) {
        start_nap(0, nap_answers(&naps[0], "a", 100, 1, EIO));
        AWAIT(async_sleep(&pause, 1));
    }
    return co_done(co);
}

static void fails(void)
{
    run_main(fails_body, 0,
             "a+@0.00 a-CE@1.00 a-clean@2.00 a-fin@2.00"
             " unhandled exception during run() shutdown:EIO:Task-2@2.00");
}

static co_status main_fails_body(struct coro *co)
{
    ASYNC (co) {
        start_nap(0, nap(&naps[0], "a", 100));
        AWAIT(async_sleep(&pause, 1));
        return co_raise(co, EIO);
    }
    return co_done(co);
}

static void main_fails(void)
{
    run_main(main_fails_body, EIO, "a+@0.00 a-CE@1.00 a-fin@1.00");
}

static co_status main_cancelled_body(struct coro *co)
{
    ASYNC (co) {
        start_nap(0, nap(&naps[0], "a", 100));
        YIELD();
        task_cancel(task_current(), NULL);
        YIELD();
    }
    return co_done(co);
}

static void main_cancelled(void)
{
    run_main(main_cancelled_body, ECANCELED, "a+@0.00 a-CE@0.00 a-fin@0.00");
}

/* A task that a leftover starts while it ends is not awaited. */
static co_status starts_body(struct coro *co)
{
    ASYNC (co) {
        AWAIT(async_sleep(&naps[0].sleep, 100));

    FINALLY:
        start_nap(1, nap(&naps[1], "late", 50));
        at("%s", "started");
    }
    return co_done(co);
}

static co_status starts_another_body(struct coro *co)
{
    ASYNC (co) {
        start_nap(0, co_init(&odd, starts_body));
        AWAIT(async_sleep(&pause, 1));
    }
    return co_done(co);
}

static void starts_another(void)
{
    run_main(starts_another_body, 0,
             "started@1.00 late+@1.00"
             " Task was destroyed but it is pending!:0:Task-4@1.00");
}

/* Detached tasks: their memory is the loop's to free, done or not (valgrind, ASan). */
struct block {
    struct task task;
    struct nap nap;
};

static co_status detaches_body(struct coro *co)
{
    static const char *const names[] = { "soon", "later" };

    ASYNC (co) {
        for (int i = 0; i < 2; i++) {
            struct block *block = malloc(sizeof *block);

            if (block == NULL)
                abort();
            loop_create_task(&runner.loop, &block->task,
                             nap(&block->nap, names[i], i ? 100 : 0.5));
            task_detach(&block->task);
        }
        AWAIT(async_sleep(&pause, 1));
    }
    return co_done(co);
}

static void detached(void)
{
    run_main(
        detaches_body, 0,
        "soon+@0.00 later+@0.00 soon.@0.50 soon-fin@0.50 later-CE@1.00 later-fin@1.00");
}

CHECK_MAIN({ "cleans", cleans }, { "begins_late", begins_late }, { "in_order", in_order },
           { "swallowed", swallowed }, { "fails", fails }, { "main_fails", main_fails },
           { "main_cancelled", main_cancelled }, { "starts_another", starts_another },
           { "detached", detached })
