/*
 * 13.1-loop.c - callbacks, timers, stopping and misuse. The traces are CPython 3.13's: a
 * word and the turn in which it was said. Descriptors are in 13.1-watch.c.
 */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <sys/wait.h>
#include <unistd.h>

#include "13.1-help.h"

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

/* ---- timers ---- */

static void negative_delays_fire_by_deadline(void)
{
    struct word one = { .text = "-1" }, two = { .text = "-2" };

    begin();
    later(&one, -1);
    later(&two, -2);
    run_one_pass();
    EXPECT_TRACE("-2@1 -1@1");
    end();
}

static void equal_deadlines_keep_their_order(void)
{
    struct word words[5] = { { .text = "0" },
                             { .text = "1" },
                             { .text = "2" },
                             { .text = "3" },
                             { .text = "4", .stops = true } };

    begin();
    for (int i = 0; i < 5; i++)
        later(&words[i], 1);
    loop_run_forever(&loop);
    EXPECT_TRACE("0@1 1@1 2@1 3@1 4@1");
    end();
}

static int beats;
static double first_beat;

static void beat(struct handle *h)
{
    struct timer *t = container_of(h, struct timer, handle);

    if (++beats == 10)
        loop_stop(&loop);
    else
        loop_call_at(&loop, t, first_beat + beats * 0.1, beat);
}

static void a_metronome_does_not_drift(void)
{
    struct timer t;

    begin();
    timer_init(&t);
    beats = 0;
    first_beat = loop_time(&loop) + 0.1;
    loop_call_at(&loop, &t, first_beat, beat);
    loop_run_forever(&loop);
    EXPECT(loop_time(&loop) == 0.1 + 9 * 0.1);
    EXPECT_INT(loop.turns, 10);
    end();
}

/* A timer of 50 ms on the real clock: the wait is rounded up, so one pass is enough. */
static void a_real_timer_costs_one_pass(void)
{
    for (int i = 0; selectors[i] != NULL; i++) {
        struct loop_policy policy = { selectors[i], &clock_monotonic };
        struct word w = { .text = "w", .stops = true };

        EXPECT_INT(loop_init(&loop, &policy), 0);
        later(&w, 0.05);
        loop_run_forever(&loop);
        EXPECT_TRACE("w@1");
        end();
    }
}

static void waits_are_rounded_up_to_milliseconds(void)
{
    EXPECT_INT(selector_milliseconds(-1), -1);
    EXPECT_INT(selector_milliseconds(0), 0);
    EXPECT_INT(selector_milliseconds(1e-10), 1);
    EXPECT_INT(selector_milliseconds(0.05), 50);
    EXPECT_INT(selector_milliseconds(0.0501), 51);
    EXPECT_INT(selector_milliseconds(24 * 3600.0), 86400000);
    EXPECT_INT(selector_milliseconds(1e300), INT_MAX);
}

/* What CPython's len(loop._scheduled) is after a pass, the last or the first of
 * `made` timers cancelled. */
static size_t swept(int made, int cancelled, bool first)
{
    static struct word words[150];
    size_t left;

    begin();
    for (int i = 0; i < made; i++) {
        timer_init(&words[i].timer);
        later(&words[i], 3600 + i);
    }
    for (int i = 0; i < cancelled; i++)
        timer_cancel(&loop, &words[first ? i : made - 1 - i].timer);
    EXPECT_INT(loop.timers.count, made);
    run_one_pass();
    left = loop.timers.count;
    for (int i = 0; i < made; i++)
        timer_cancel(&loop, &words[i].timer);
    end();
    return left;
}

static void cancelled_timers_are_swept_as_in_asyncio(void)
{
    EXPECT_INT(swept(150, 100, false), 50);
    EXPECT_INT(swept(150, 100, true), 50);
    EXPECT_INT(swept(150, 75, false), 150);
    EXPECT_INT(swept(150, 75, true), 75);
    EXPECT_INT(swept(100, 90, false), 100);
    EXPECT_INT(swept(100, 90, true), 10);
    EXPECT_INT(swept(101, 51, false), 50);
}

/* ---- 100,000 timers: the heap against a sort ---- */

enum { MANY = 100000 };
struct many {
    struct timer timer;
    int made; /* when it was made, to break ties */
};
static struct many many[MANY], *expected[MANY];
static int next_expected, wrong_order;

static void one_of_many(struct handle *h)
{
    wrong_order +=
        expected[next_expected++] != container_of(h, struct many, timer.handle);
}

static int by_deadline(const void *left, const void *right)
{
    const struct many *a = *(struct many *const *)left, *b = *(struct many *const *)right;

    if (a->timer.when != b->timer.when)
        return a->timer.when < b->timer.when ? -1 : 1;
    return a->made - b->made;
}

static unsigned random_number(void)
{
    static unsigned long long x = 88172645463325252ull;

    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    return (unsigned)(x >> 32);
}

static void a_hundred_thousand_timers_fire_in_exact_order(void)
{
    struct word stop = { .text = "stop", .stops = true };
    int live = 0;

    begin();
    for (int i = 0; i < MANY; i++) {
        many[i].made = i;
        timer_init(&many[i].timer);
        loop_call_at(&loop, &many[i].timer, random_number() % 20000 * 0.01, one_of_many);
        if (i % 3 == 2) /* one that may be in the heap or not, at any depth */
            timer_cancel(&loop, &many[random_number() % (unsigned)i].timer);
        if (i % 10000 == 9999)
            timer_heap_sweep(&loop.timers);
    }
    for (int i = 0; i < MANY; i++)
        if (many[i].timer.slot != 0)
            expected[live++] = &many[i];
    qsort(expected, (size_t)live, sizeof *expected, by_deadline);
    next_expected = wrong_order = 0;
    EXPECT(live > MANY / 2 && live < MANY * 9 / 10);
    later(&stop, 1000);
    loop_run_forever(&loop);
    EXPECT_INT(next_expected, live);
    EXPECT_INT(wrong_order, 0);
    trace_reset();
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

/* ---- misuse is refused ---- */

static struct future pending;

static void run_nested(struct handle *h)
{
    struct loop other;
    struct loop_policy policy = { &selector_poll, &clock_virtual };

    (void)h;
    EXPECT_INT(loop_run_forever(&loop), AIO_LOOP_RUNNING);
    EXPECT_INT(loop_run_until_complete(&loop, &pending), AIO_LOOP_RUNNING);
    EXPECT(ring_empty(&pending.callbacks));
    EXPECT_INT(loop_close(&loop), AIO_LOOP_RUNNING);
    EXPECT_INT(loop_init(&other, &policy), 0);
    EXPECT_INT(loop_run_forever(&other), AIO_LOOP_RUNNING);
    EXPECT_INT(loop_close(&other), 0);
    EXPECT(get_running_loop() == &loop && loop.running);
    loop_stop(&loop);
}

static void a_running_loop_refuses_to_run_and_to_close(void)
{
    struct word w = { .text = "w" };

    begin();
    future_init(&pending, &loop);
    loop_call_soon(&loop, &w.handle, run_nested);
    EXPECT_INT(loop_run_forever(&loop), 0);
    end();
}

static void a_closed_loop_refuses_everything(void)
{
    struct word w = { .text = "w" };
    struct task task;
    struct coro co = { 0 };

    begin();
    soon(&w);
    EXPECT_INT(loop_close(&loop), 0);
    EXPECT_INT(loop_close(&loop), 0);
    EXPECT(!handle_scheduled(&w.handle));
    future_init(&pending, &loop);
    EXPECT_INT(loop_call_soon(&loop, &w.handle, say_handle), AIO_LOOP_CLOSED);
    EXPECT_INT(loop_call_later(&loop, &w.timer, 1, say_timer), AIO_LOOP_CLOSED);
    EXPECT_INT(loop_call_at(&loop, &w.timer, 1, say_timer), AIO_LOOP_CLOSED);
    EXPECT_INT(loop_add_reader(&loop, 0, &w.handle, say_handle), AIO_LOOP_CLOSED);
    EXPECT_INT(loop_add_writer(&loop, 1, &w.handle, say_handle), AIO_LOOP_CLOSED);
    EXPECT(!loop_remove_reader(&loop, 0) && !loop_remove_writer(&loop, 1));
    EXPECT_INT(loop_create_task(&loop, &task, &co), AIO_LOOP_CLOSED);
    EXPECT_INT(loop_run_forever(&loop), AIO_LOOP_CLOSED);
    EXPECT_INT(loop_run_until_complete(&loop, &pending), AIO_LOOP_CLOSED);
    EXPECT_STR(aio_strerror(AIO_LOOP_CLOSED), "Event loop is closed");
    EXPECT_STR(aio_strerror(AIO_LOOP_RUNNING), "This event loop is already running");
}

static void a_scheduled_handle_and_a_nan_are_refused(void)
{
    struct word w = { .text = "w" };

    begin();
    soon(&w);
    EXPECT_INT(loop_call_soon(&loop, &w.handle, say_handle), EBUSY);
    later(&w, 1);
    EXPECT_INT(loop_call_later(&loop, &w.timer, 2, say_timer), EBUSY);
    EXPECT_INT(loop_call_at(&loop, &w.timer, 2, say_timer), EBUSY);
    timer_cancel(&loop, &w.timer);
    EXPECT_INT(loop_call_later(&loop, &w.timer, NAN, say_timer), EINVAL);
    EXPECT_INT(loop_call_at(&loop, &w.timer, NAN, say_timer), EINVAL);
    later(&w, 3); /* one that was cancelled may be armed again at once */
    run_one_pass();
    run_one_pass();
    EXPECT_TRACE("w@1");
    timer_cancel(&loop, &w.timer);
    end();
}

/* ---- depth, cost ---- */

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

static int waits;

static int counting_wait(struct loop *l, double timeout)
{
    waits++;
    return clock_virtual.wait(l, timeout);
}

static double counting_time(struct loop *l)
{
    return clock_virtual.time(l);
}

/* A policy of one's own: the same trace, and a busy pass without descriptors asks the
 * system nothing. */
static void a_counting_policy_changes_no_trace(void)
{
    static const struct clock counting = { "counting", counting_time, counting_wait };
    struct loop_policy policy = { &selector_select, &counting };
    struct word a = { .text = "A" }, fast = { .text = "fast" };
    struct word slow = { .text = "slow", .stops = true };

    waits = 0;
    EXPECT_INT(loop_init(&loop, &policy), 0);
    later(&slow, 0.2);
    later(&fast, 0.1);
    loop_call_soon(&loop, &a.handle, a_asks);
    loop_run_forever(&loop);
    EXPECT_TRACE("A@1 A2@2 fast@3 slow@4");
    EXPECT_INT(waits, 2);
    end();
}

/* ---- which loop, which policy ---- */

static void *ask_in_thread(void *answer)
{
    *(bool *)answer = get_running_loop() == NULL && get_event_loop() == NULL;
    return NULL;
}

static void ask_while_running(struct handle *h)
{
    bool none_there = false;
    pthread_t thread;

    (void)h;
    EXPECT(get_running_loop() == &loop && get_event_loop() == &loop);
    pthread_create(&thread, NULL, ask_in_thread, &none_there);
    pthread_join(thread, NULL);
    EXPECT(none_there);
    loop_stop(&loop);
}

static void each_thread_has_its_own_loop(void)
{
    struct word w = { .text = "w" };

    begin();
    EXPECT(get_running_loop() == NULL && get_event_loop() == NULL);
    set_event_loop(&loop);
    EXPECT(get_running_loop() == NULL && get_event_loop() == &loop);
    set_event_loop(NULL);
    loop_call_soon(&loop, &w.handle, ask_while_running);
    loop_run_forever(&loop);
    EXPECT(get_running_loop() == NULL && get_event_loop() == NULL);
    set_event_loop(&loop);
    end();
    EXPECT(get_event_loop() == NULL); /* a closed loop is no longer current */
}

static int child_status;

static void fork_while_running(struct handle *h)
{
    pid_t pid = fork();

    (void)h;
    if (pid == 0)
        _exit(get_running_loop() == NULL ? 7 : 1);
    waitpid(pid, &child_status, 0);
    EXPECT(get_running_loop() == &loop);
    loop_stop(&loop);
}

static void a_forked_child_has_no_running_loop(void)
{
    struct word w = { .text = "w" };

    begin();
    loop_call_soon(&loop, &w.handle, fork_while_running);
    loop_run_forever(&loop);
    EXPECT(WIFEXITED(child_status));
    EXPECT_INT(WEXITSTATUS(child_status), 7);
    end();
}

static void every_error_has_a_text(void)
{
    for (int e = AIO_BASE + 1; e < AIO_END; e++)
        EXPECT(strlen(aio_strerror(e)) > 5);
    EXPECT_STR(aio_strerror(ENOENT), strerror(ENOENT));
    EXPECT(aio_strerror(AIO_BASE) != NULL && aio_strerror(AIO_END) != NULL);
}

CHECK_MAIN({ "what a callback schedules runs in the next pass", fifo_and_snapshot },
           { "a cancelled handle never runs", cancelled_before_its_turn },
           { "a due timer can still be cancelled",
             due_timer_cancelled_by_an_earlier_callback },
           { "negative delays fire at once, by deadline",
             negative_delays_fire_by_deadline },
           { "equal deadlines keep their order", equal_deadlines_keep_their_order },
           { "call_at does not drift", a_metronome_does_not_drift },
           { "a real timer costs one pass", a_real_timer_costs_one_pass },
           { "a wait is rounded up", waits_are_rounded_up_to_milliseconds },
           { "cancelled timers are swept", cancelled_timers_are_swept_as_in_asyncio },
           { "100,000 timers", a_hundred_thousand_timers_fire_in_exact_order },
           { "stop ends the pass", stop_ends_the_pass_and_keeps_the_rest },
           { "stop before run", stop_before_run_makes_one_pass_without_waiting },
           { "a running loop refuses", a_running_loop_refuses_to_run_and_to_close },
           { "a closed loop refuses", a_closed_loop_refuses_everything },
           { "EBUSY and NaN", a_scheduled_handle_and_a_nan_are_refused },
           { "a million re-arms use no stack", a_million_rearms_use_no_stack },
           { "a policy of one's own", a_counting_policy_changes_no_trace },
           { "each thread has its own loop", each_thread_has_its_own_loop },
           { "a forked child has no running loop", a_forked_child_has_no_running_loop },
           { "every error has a text", every_error_has_a_text })
