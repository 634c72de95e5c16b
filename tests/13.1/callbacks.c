/*
 * callbacks.c - the ready queue: order, cancelling, stopping, no recursion. The traces
 * are CPython 3.13's: each mark is a word and the turn of the loop.
 */
#include "turn_trace.h"

/* ---- the ready queue ---- */

static struct word a2 = { .text = "A2" }, b2 = { .text = "B2" };

static void a_asks(struct handle *h)
{
    say_handle(h);
    soon(&a2);
}

static void b_asks(struct handle *h)
{
    say_handle(h);
    soon(&b2);
}

static void fifo_and_snapshot(void)
{
    struct word a = { .text = "A" }, b = { .text = "B" }, c = { .text = "C" };
    struct word stop = { .text = "stop", .stops = true };

    begin();
    loop_call_soon(&loop, &a.handle, a_asks);
    loop_call_soon(&loop, &b.handle, b_asks);
    soon(&c);
    later(&stop, 1);
    loop_run_forever(&loop);
    EXPECT_TRACE("A@1 B@1 C@1 A2@2 B2@2 stop@3");
    end();
}

static struct word victim = { .text = "no" };

static void cancel_victim(struct handle *h)
{
    say_handle(h);
    handle_cancel(&victim.handle);
    timer_cancel(&loop, &victim.timer);
}

static void cancelled_before_its_turn(void)
{
    struct word never = { .text = "never" }, c = { .text = "C" }, d = { .text = "D" };

    begin();
    soon(&never);
    handle_cancel(&never.handle);
    handle_cancel(&never.handle); /* twice is harmless */
    EXPECT(!handle_scheduled(&never.handle) && ring_empty(&loop.ready));
    loop_call_soon(&loop, &c.handle, cancel_victim);
    soon(&victim);
    soon(&d);
    run_one_pass();
    EXPECT_TRACE("C@1 D@1");
    end();
}

static void due_timer_cancelled_by_an_earlier_callback(void)
{
    struct word c = { .text = "C" };

    begin();
    later(&victim, 0);
    loop_call_soon(&loop, &c.handle, cancel_victim);
    run_one_pass();
    run_one_pass();
    EXPECT_TRACE("C@1");
    end();
}

/* ---- stop ---- */

static struct word late = { .text = "late" };

static void stop_and_ask(struct handle *h)
{
    say_handle(h);
    loop_stop(&loop);
    soon(&late);
}

static void stop_ends_the_pass_and_keeps_the_rest(void)
{
    struct word a = { .text = "a" }, stop = { .text = "stop" }, b = { .text = "b" };
    struct word second = { .text = "second", .stops = true };

    begin();
    soon(&a);
    loop_call_soon(&loop, &stop.handle, stop_and_ask);
    soon(&b);
    loop_run_forever(&loop);
    trace("stopped");
    soon(&second);
    loop_run_forever(&loop);
    EXPECT_TRACE("a@1 stop@1 b@1 stopped late@2 second@2");
    end();
}

static void stop_before_run_makes_one_pass_without_waiting(void)
{
    struct word ready = { .text = "ready" }, timer = { .text = "timer" };

    begin();
    soon(&ready);
    later(&timer, 5);
    loop_stop(&loop);
    loop_run_forever(&loop);
    EXPECT_TRACE("ready@1");
    EXPECT(loop_time(&loop) == 0);
    timer_cancel(&loop, &timer.timer);
    end();
}

/* ---- depth ---- */

enum { REARMS = 1000000 };
static int rearmed;
static char *lowest, *highest; /* stack addresses seen in the callback */

static void rearm(struct handle *h)
{
    char here;

    lowest = lowest == NULL || &here < lowest ? &here : lowest;
    highest = &here > highest ? &here : highest;
    if (++rearmed == REARMS)
        loop_stop(&loop);
    else
        loop_call_soon(&loop, h, rearm);
}

static void a_million_rearms_use_no_stack(void)
{
    struct word w = { .text = "w" };

    begin();
    rearmed = 0;
    lowest = highest = NULL;
    loop_call_soon(&loop, &w.handle, rearm);
    loop_run_forever(&loop);
    EXPECT_INT(rearmed, REARMS);
    EXPECT_INT(highest - lowest, 0);
    EXPECT_INT(loop.turns, REARMS);
    end();
}

CHECK_MAIN({ "what a callback schedules runs in the next pass", fifo_and_snapshot },
           { "a cancelled handle never runs", cancelled_before_its_turn },
           { "a due timer can still be cancelled",
             due_timer_cancelled_by_an_earlier_callback },
           { "stop ends the pass", stop_ends_the_pass_and_keeps_the_rest },
           { "stop before run", stop_before_run_makes_one_pass_without_waiting },
           { "a million re-arms use no stack", a_million_rearms_use_no_stack })
