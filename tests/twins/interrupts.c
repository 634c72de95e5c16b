/* interrupts.c - behaviour of Ctrl-C, signals and watched descriptors. interrupts.py on
 * asyncio. */
#include <signal.h>
#include <unistd.h>

#include "interrupt.h"
#include "scenario.h"
#include "signals.h"

static void run(co_status (*body)(struct coro *)) /* and report the outcome */
{
    runner_register_interrupts();
    printf("run: %s\n", name_of(async_run(co_init(&stage.body, body))));
}

static void begin(void)
{
    zero();
    get_running_loop()->on_exception = report;
}

static void press_now(struct handle *h)
{
    (void)h;
    raise(SIGINT);
}

static void press(double delay)
{
    say(0, "", NULL);
    loop_call_later(get_running_loop(), &stage.say[0].timer, delay, press_now);
}

static int answer;

static co_status interrupted_body(struct coro *co)
{
    ASYNC (co) {
        begin();
        press(1);
        AWAIT_CATCH_ALL(stage.err, async_sleep(&stage.sleep, 10));
        if (stage.err == ECANCELED) {
            at("cancelled");
            SLEEP(2);
            at("cleaned up");
            if (answer == ECANCELED)
                return co_raise(co, ECANCELED);
        }
        at("goes on");
    }
    return co_done(co);
}

LOOP_ROW(b72, "B72 Ctrl-C cancels the main task, whose clean-up may await")
{
    answer = ECANCELED;
    run(interrupted_body);
}

LOOP_ROW(b72b, "B72b Ctrl-C swallowed: a normal return")
{
    answer = 0;
    run(interrupted_body);
}

static co_status background_body(struct coro *co)
{
    ASYNC (co) {
        begin();
        start(0, job(0, "background", 3));
        press(1);
        SLEEP(10);

    FINALLY:
        at("cancelled");
        SLEEP(1);
        at("background is %s", future_done(&stage.task[0].future) ? "done" : "pending");
        zero();
    }
    return co_done(co);
}

LOOP_ROW(b73, "B73 Ctrl-C leaves the other tasks alone until the end")
{
    run(background_body);
}

static void on_signal(struct handle *h)
{
    (void)h;
    at("usr1");
    future_set_result(&stage.f, NULL);
}

static void say_soon(struct handle *h)
{
    (void)h;
    at("soon");
}

static void send(struct handle *h)
{
    (void)h;
    raise(SIGUSR1);
    at("sent");
    loop_call_soon(&stage.loop, say(2, "", NULL), say_soon);
}

static const char *remove_usr1(void)
{
    return truth(loop_remove_signal_handler(&stage.loop, SIGUSR1));
}

ROW(b74, "B74 a signal's handler is a callback, behind what is ready")
{
    struct loop *loop = &stage.loop;

    ASYNC (co) {
        future_init(&stage.f, loop);
        loop_add_signal_handler(loop, SIGUSR1, say(0, "", NULL), on_signal);
        loop_call_soon(loop, say(1, "", NULL), send);
        AWAIT(&stage.f);
        at("SIGKILL: %s",
           name_of(loop_add_signal_handler(loop, SIGKILL, say(3, "", NULL), on_signal)));
        at("removed: %s", remove_usr1());
        at("removed: %s", remove_usr1());
    }
    return co_done(co);
}

ROW(b85, "B85 a descriptor that is closed while it is watched can be removed")
{
    struct loop *loop = &stage.loop;
    int ends[2];

    ASYNC (co) {
        if (pipe(ends) != 0)
            return co_raise(co, errno);
        loop_add_reader(loop, ends[0], say(0, "never", NULL), say_it);
        close(ends[0]);
        mark("removed: %s", truth(loop_remove_reader(loop, ends[0])));
        mark("removed: %s", truth(loop_remove_reader(loop, ends[0])));
        mark("removed: %s", truth(loop_remove_writer(loop, ends[1])));
        close(ends[1]);
        YIELD();
    }
    return co_done(co);
}

ROWS(&b72, &b72b, &b73, &b74, &b85)
