/*
 * interrupt.c - checks of Ctrl-C. The traces are CPython 3.13's. Its handler runs at once
 * and ours is a callback, at the same virtual time.
 */
#include <signal.h>

#include "cancel.h"
#include "check.h"
#include "interrupt.h"
#include "runner.h"
#include "sleep.h"

#define at(word) trace(word "@%.2f", loop_time(get_running_loop()))

static struct timer presses[2];

static void press(struct handle *h)
{
    (void)h;
    raise(SIGINT);
}

static void press_at(int n, double when)
{
    timer_init(&presses[n]);
    loop_call_at(get_running_loop(), &presses[n], when, press);
}

static void expect_default_action(void) /* the system handles Ctrl-C again */
{
    struct sigaction action;

    EXPECT_INT(sigaction(SIGINT, NULL, &action), 0);
    EXPECT(action.sa_handler == SIG_DFL);
}

static void run_main(co_status (*body)(struct coro *), int want, const char *expected)
{
    struct coro main;

    setenv("LOOP_CLOCK", "virtual", 1);
    runner_register_interrupts();
    EXPECT_INT(async_run(co_init(&main, body)), want);
    EXPECT_TRACE(expected);
    expect_default_action();
}

static struct async_sleep sleep, flush;

static co_status once_body(struct coro *co)
{
    ASYNC (co) {
        press_at(0, 1);
        AWAIT(async_sleep(&sleep, 10));

    FINALLY:
        at("clean");
        AWAIT(async_sleep(&flush, 2));
        at("cleaned");
    }
    return co_done(co);
}

static void once(void)
{
    run_main(once_body, AIO_INTERRUPTED, "clean@1.00 cleaned@3.00");
}

static co_status swallowed_body(struct coro *co)
{
    int err;

    ASYNC (co) {
        press_at(0, 1);
        AWAIT_CATCH_ALL(err, async_sleep(&sleep, 10));
        EXPECT_INT(err, ECANCELED);
        at("caught");
        AWAIT(async_sleep(&sleep, 1));
        at("end");
    }
    return co_done(co);
}

static void swallowed(void)
{
    run_main(swallowed_body, 0, "caught@1.00 end@2.00");
}

static co_status fails_body(struct coro *co)
{
    ASYNC (co) {
        press_at(0, 1);
        AWAIT(async_sleep(&sleep, 10));

    FINALLY:
        return co_raise(co, EIO);
    }
    return co_done(co);
}

static void fails(void)
{
    run_main(fails_body, EIO, "");
}

/* The second Ctrl-C does not wait for the clean-up that the first one started. */
static co_status cleaning_body(struct coro *co)
{
    ASYNC (co) {
        AWAIT(async_sleep(&sleep, 10));

    FINALLY:
        at("clean");
        AWAIT(async_sleep(&flush, 5));
        at("cleaned");
    }
    return co_done(co);
}

static struct coro cleaning;

static co_status twice_body(struct coro *co)
{
    ASYNC (co) {
        press_at(0, 1);
        press_at(1, 2);
        AWAIT(co_init(&cleaning, cleaning_body));

    FINALLY:
        at("out");
    }
    return co_done(co);
}

static void twice(void)
{
    run_main(twice_body, AIO_INTERRUPTED, "clean@1.00 out@2.00");
}

/* ---- other tasks: not cancelled until main has ended ---- */

static int ticks;
static struct async_sleep pause;
static struct coro background;
static struct task background_task;

static co_status background_body(struct coro *co)
{
    ASYNC (co) {
        for (ticks = 0; ticks < 100; ticks++) {
            AWAIT(async_sleep(&pause, 0.75));
            at("tick");
        }

    FINALLY:
        at("bg-fin");
        expect_default_action(); /* already in the closing phase */
    }
    return co_done(co);
}

static co_status untouched_body(struct coro *co)
{
    ASYNC (co) {
        loop_create_task(get_running_loop(), &background_task,
                         co_init(&background, background_body));
        press_at(0, 1);
        AWAIT(async_sleep(&sleep, 10));

    FINALLY:
        at("clean");
        AWAIT(async_sleep(&flush, 2));
        at("cleaned");
    }
    return co_done(co);
}

static void untouched(void)
{
    run_main(
        untouched_body, AIO_INTERRUPTED,
        "tick@0.75 clean@1.00 tick@1.50 tick@2.25 cleaned@3.00 tick@3.00 bg-fin@3.00");
}

/* ---- a cancel that does not come from Ctrl-C ---- */

static co_status uncancelled_body(struct coro *co)
{
    int err;

    ASYNC (co) {
        press_at(0, 1);
        AWAIT_CATCH_ALL(err, async_sleep(&sleep, 10));
        task_uncancel(task_current());
        at("caught");
        return co_raise(co, err);
    }
    return co_done(co);
}

static co_status cancelled_too_body(struct coro *co)
{
    ASYNC (co) {
        press_at(0, 1);
        AWAIT(async_sleep(&sleep, 10));

    FINALLY:
        task_cancel(task_current(), NULL);
    }
    return co_done(co);
}

static co_status cancels_itself_body(struct coro *co)
{
    ASYNC (co) {
        task_cancel(task_current(), NULL);
        AWAIT(async_sleep(&sleep, 1));
    }
    return co_done(co);
}

static co_status quiet_body(struct coro *co)
{
    ASYNC (co) {
        AWAIT(async_sleep(&sleep, 1));
        at("end");
    }
    return co_done(co);
}

static void other_cancels(void)
{
    run_main(uncancelled_body, AIO_INTERRUPTED, "caught@1.00");
    run_main(cancelled_too_body, ECANCELED, "");
    run_main(cancels_itself_body, ECANCELED, "");
    run_main(quiet_body, 0, "end@1.00");
}

CHECK_MAIN({ "once", once }, { "swallowed", swallowed }, { "fails", fails },
           { "twice", twice }, { "untouched", untouched },
           { "other_cancels", other_cancels })
