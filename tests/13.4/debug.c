/* debug.c - checks of debug mode: a slow callback is reported. */
#include "debug.h"
#include "sleep_notice.h"
#include "task.h"

static void told(struct loop *l, const struct exception_context *context)
{
    (void)l;
    trace("[%s]", context->message);
}

static double work; /* how long the next callback takes, seconds */

static co_status worker_body(struct coro *co)
{
    ASYNC (co) {
        loop.virtual_now += work;
    }
    return co_done(co);
}

/* Run one task that works for `seconds`. */
static void run_worker(double seconds)
{
    struct task task;
    struct coro co;

    work = seconds;
    EXPECT_INT(loop_create_task(&loop, &task, co_init(&co, worker_body)), 0);
    EXPECT_INT(loop_run_until_complete(&loop, &task), 0);
}

static void slow_task(void)
{
    open_loop(&selector_poll);
    loop.on_exception = told;
    run_worker(0.12);
    EXPECT_TRACE(""); /* not in debug mode */
    loop_set_debug(&loop, true);
    run_worker(0.01);
    EXPECT_TRACE("");
    run_worker(0.12);
    EXPECT_TRACE("[Executing <Task-3 worker_body()> took 0.120 seconds]");
    loop_set_debug(&loop, false);
    run_worker(0.12);
    EXPECT_TRACE("");
    close_loop();
}

static struct handle handle;

static void slow_callback(struct handle *h)
{
    (void)h;
    loop.virtual_now += work;
}

static void slow_handle(void)
{
    open_loop(&selector_poll);
    loop.on_exception = told;
    loop_set_debug(&loop, true);
    work = 0.05;
    loop_call_soon(&loop, &handle, slow_callback);
    one_pass();
    EXPECT_TRACE("");
    work = 0.25;
    loop_call_soon(&loop, &handle, slow_callback);
    one_pass();
    EXPECT(strncmp(check_trace, "[Executing <callback at ", 24) == 0);
    EXPECT(strstr(check_trace, "> took 0.250 seconds]") != NULL);
    close_loop();
}

CHECK_MAIN({ "slow_task", slow_task }, { "slow_handle", slow_handle })
