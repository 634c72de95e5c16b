/* callbacks.c - checks of millions of callbacks, of timers, and of the ticker. */
#include <errno.h>
#include <stdint.h>

#include "sleep_notice.h"
#include "ticker.h"

enum { MILLION = 1000000 };

/* ---- re-arming does not recurse ---- */

static struct handle again;
static long left;
static uintptr_t lowest, highest;

static void count_down(struct handle *h)
{
    char here;
    uintptr_t address = (uintptr_t)&here;

    lowest = address < lowest ? address : lowest;
    highest = address > highest ? address : highest;
    if (--left > 0)
        loop_call_soon(&loop, h, count_down);
    else
        loop_stop(&loop);
}

static void depth(void)
{
    open_loop(&selector_poll);
    left = MILLION;
    lowest = UINTPTR_MAX;
    highest = 0;
    loop_call_soon(&loop, &again, count_down);
    EXPECT_INT(loop_call_soon(&loop, &again, count_down), EBUSY); /* one slot at a time */
    EXPECT_INT(loop_run_forever(&loop), 0);
    EXPECT_INT(left, 0);
    EXPECT_INT(loop.turns, MILLION);
    EXPECT(highest == lowest); /* each was called from the same depth */
    close_loop();
}

/* ---- timers: a million of them, most cancelled, need no more room than a few ---- */

enum { BATCH = 1000 };
static struct timer timers[BATCH];
static int fired;

static void fire(struct handle *h)
{
    (void)h;
    fired++;
}

static void flat(void)
{
    open_loop(&selector_poll);
    fired = 0;
    for (int round = 0; round < MILLION / BATCH; round++) {
        for (int i = 0; i < BATCH; i++)
            loop_call_later(&loop, &timers[i], 1 + i, fire);
        for (int i = 0; i < BATCH; i++)
            timer_cancel(&loop, &timers[i]);
        one_pass();
    }
    EXPECT_INT(fired, 0);
    EXPECT(loop.timers.room <= 2 * BATCH);
    close_loop();
}

static void swept(void)
{
    open_loop(&selector_poll);
    for (int i = 0; i < 150; i++)
        loop_call_later(&loop, &timers[i], 1 + i, fire);
    for (int i = 50; i < 150; i++) /* none of them is at the top of the heap */
        timer_cancel(&loop, &timers[i]);
    EXPECT_INT(loop.timers.count, 150);
    one_pass();
    EXPECT_INT(loop.timers.count, 50);
    for (int i = 0; i < 50; i++)
        timer_cancel(&loop, &timers[i]);
    one_pass();
    EXPECT_INT(loop.timers.count, 0);
    EXPECT_INT(fired, 0);
    close_loop();
}

static void say_timer(struct handle *h)
{
    trace("%d", (int)(container_of(h, struct timer, handle) - timers));
}

static void absolute(void)
{
    open_loop(&selector_poll);
    loop_call_at(&loop, &timers[3], 3, say_timer);
    loop_call_at(&loop, &timers[0], -1, say_timer); /* past: in this pass, after... */
    loop_call_at(&loop, &timers[1], 1, say_timer);
    loop_call_at(&loop, &timers[2], 2, say_timer);
    loop_call_at(&loop, &timers[4], 4, stop);
    loop_call_soon(&loop, &timers[9].handle, say_timer); /* ...what was ready */
    EXPECT_INT(loop_run_forever(&loop), 0);
    EXPECT_TRACE("9 0 1 2 3");
    EXPECT(!handle_scheduled(&timers[1].handle));
    close_loop();
}

/* ---- a delayed operation: five keystrokes, one action after the last ---- */

static struct timer action;

static void act(struct handle *h)
{
    (void)h;
    trace("acts at %.2f", loop_time(&loop));
}

static void key(struct handle *h)
{
    (void)h;
    timer_cancel(&loop, &action);
    EXPECT_INT(loop_call_later(&loop, &action, 0.5, act), 0);
}

static void debounce(void)
{
    open_loop(&selector_poll);
    for (int i = 0; i < 5; i++)
        loop_call_at(&loop, &timers[i], i * 0.25, key);
    loop_call_at(&loop, &timers[5], 10, stop);
    EXPECT_INT(loop_run_forever(&loop), 0);
    EXPECT_TRACE("acts at 1.50");
    close_loop();
}

/* ---- ticker ---- */

static struct ticker ticker;
static double works[4]; /* how long beat n takes, seconds */
static int beats;

static void beat(struct ticker *t)
{
    trace("%.2f", loop_time(t->loop));
    loop.virtual_now += works[beats];
    if (++beats == 4) {
        ticker_stop(t);
        loop_stop(t->loop);
    }
}

static void tick(const char *expected)
{
    open_loop(&selector_poll);
    beats = 0;
    EXPECT_INT(ticker_start(&ticker, &loop, 0.25, beat), 0);
    EXPECT_INT(loop_run_forever(&loop), 0);
    EXPECT_TRACE(expected);
    close_loop(); /* which finds no timer left */
}

static void set_works(double a, double b, double c)
{
    works[0] = a;
    works[1] = b;
    works[2] = c;
}

/* Beats stay on their grid even when late, and missed beats are skipped. */
static void beats_in_time(void)
{
    set_works(0, 0, 0);
    tick("0.25 0.50 0.75 1.00");
    set_works(0.125, 0.125, 0.125);
    tick("0.25 0.50 0.75 1.00");
    set_works(0.375, 0, 0); /* the second beat is late by half a period */
    tick("0.25 0.62 0.75 1.00");
    set_works(1.125, 0, 0); /* three beats are missed: one is called, late */
    tick("0.25 1.38 1.50 1.75");
}

static void ticker_misuse(void)
{
    static struct ticker never;

    open_loop(&selector_poll);
    ticker_stop(&never);
    EXPECT_INT(ticker_start(&ticker, &loop, 0, beat), EINVAL);
    EXPECT_INT(ticker_start(&ticker, &loop, -1, beat), EINVAL);
    EXPECT_INT(ticker_start(&ticker, &loop, 0.25, beat), 0);
    ticker_stop(&ticker);
    ticker_stop(&ticker);
    one_pass();
    EXPECT_TRACE("");
    close_loop();
    EXPECT_INT(ticker_start(&ticker, &loop, 1, beat), AIO_LOOP_CLOSED);
}

CHECK_MAIN({ "depth", depth }, { "flat", flat }, { "swept", swept },
           { "absolute", absolute }, { "debounce", debounce },
           { "beats_in_time", beats_in_time }, { "ticker_misuse", ticker_misuse })
