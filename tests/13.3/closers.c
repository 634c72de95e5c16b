/* closers.c - checks of the runner itself: its closers, its errors, running
 * twice. */
#include "cancel_case.h"

static struct runner runner;

/* ---- closers: shut down in the loop, then closed newest first ---- */

struct worker {
    struct closer closer;
    const char *name;
    int error;
    struct coro co;
    struct async_sleep sleep;
};

static co_status shutdown_body(struct coro *co)
{
    struct worker *self = co_self(co, struct worker);

    ASYNC (co) {
        at("%s-shutdown", self->name);
        AWAIT(async_sleep(&self->sleep, 1));
        at("%s-down", self->name);
        return co_raise(co, self->error);
    }
    return co_done(co);
}

static struct coro *worker_shutdown(struct closer *closer)
{
    return co_init(&container_of(closer, struct worker, closer)->co, shutdown_body);
}

static void worker_close(struct closer *closer)
{
    trace("%s-close", container_of(closer, struct worker, closer)->name);
}

static struct worker workers[3] = {
    { .closer = { .shutdown = worker_shutdown, .close = worker_close }, .name = "x" },
    { .closer = { .close = worker_close }, .name = "y" },
    { .closer = { .shutdown = worker_shutdown, .close = worker_close }, .name = "z" },
};

static struct nap a_nap;
static struct task a_task;
static int main_error;

static co_status main_body(struct coro *co)
{
    ASYNC (co) {
        for (int i = 0; i < 3; i++)
            loop_on_close(get_running_loop(), &workers[i].closer);
        loop_create_task(get_running_loop(), &a_task, nap(&a_nap, "a", 100));
        YIELD();
        first_turn = the_loop()->turns;
        return co_raise(co, main_error);
    }
    return co_done(co);
}

static void open_runner(void)
{
    static const struct loop_policy policy = { &selector_poll, &clock_virtual };

    EXPECT_INT(runner_init(&runner, &policy), 0);
    first_turn = 1;
}

static void in_turn(int want)
{
    struct coro main;

    open_runner();
    EXPECT_INT(runner_run(&runner, co_init(&main, main_body)), main_error);
    EXPECT_INT(runner_close(&runner), want);
    EXPECT_TRACE("a+:1 a-CE:2 a-fin:2 x-shutdown@0.00 x-down@1.00 z-shutdown@1.00"
                 " z-down@2.00 z-close y-close x-close");
}

static void closers(void)
{
    main_error = 0;
    in_turn(0);
}

/* The first error of a shutdown becomes the runner's; the others are still shut down. */
static void closers_fail(void)
{
    workers[0].error = EIO;
    workers[2].error = EBUSY;
    in_turn(EIO);
    workers[0].error = workers[2].error = 0;
}

/* async_run() returns main's error, if it has one, otherwise the error of the closers. */
static void async_run_answers(void)
{
    struct coro main;

    setenv("LOOP_CLOCK", "virtual", 1);
    workers[0].error = EBUSY;
    main_error = 0;
    EXPECT_INT(async_run(co_init(&main, main_body)), EBUSY);
    main_error = EIO;
    EXPECT_INT(async_run(co_init(&main, main_body)), EIO);
    workers[0].error = main_error = 0;
    setenv("LOOP_CLOCK", "sundial", 1);
    EXPECT_INT(async_run(co_init(&main, main_body)), EINVAL);
    setenv("LOOP_CLOCK", "virtual", 1);
}

/* ---- twice in one runner, and too late ---- */

static co_status clock_body(struct coro *co)
{
    static struct async_sleep sleep;

    ASYNC (co) {
        AWAIT(async_sleep(&sleep, 1));
        at("%s", "ran");
    }
    return co_done(co);
}

static void twice(void)
{
    struct coro main;

    open_runner();
    EXPECT_INT(runner_run(&runner, co_init(&main, clock_body)), 0);
    EXPECT_INT(runner_run(&runner, co_init(&main, clock_body)), 0);
    EXPECT_TRACE("ran@1.00 ran@2.00");
    EXPECT_INT(runner_close(&runner), 0);
    EXPECT_INT(runner_run(&runner, co_init(&main, clock_body)), AIO_LOOP_CLOSED);
    EXPECT_TRACE("");
}

/* Nothing is left over: the loop makes no further turn. */
static void nothing_left(void)
{
    struct coro main;
    unsigned long turns;

    open_runner();
    EXPECT_INT(runner_run(&runner, co_init(&main, clock_body)), 0);
    turns = runner.loop.turns;
    EXPECT_INT(runner_close(&runner), 0);
    EXPECT_INT(runner.loop.turns, turns);
}

CHECK_MAIN({ "closers", closers }, { "closers_fail", closers_fail },
           { "async_run_answers", async_run_answers }, { "twice", twice },
           { "nothing_left", nothing_left })
