/*
 * timers.c - deadlines: their order, their cost, and when cancelled timers are removed.
 * The traces and the lengths of the heap are CPython 3.13's.
 */
#include <limits.h>

#include "turn_trace.h"

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

/* The timers in the heap after a pass, the `first` and the `last` of `made` cancelled. */
static size_t swept(int made, int first, int last)
{
    static struct word words[150];
    size_t left;

    begin();
    for (int i = 0; i < made; i++) {
        timer_init(&words[i].timer);
        later(&words[i], 3600 + i);
    }
    for (int i = 0; i < made; i++)
        if (i < first || i >= made - last)
            timer_cancel(&loop, &words[i].timer);
    EXPECT_INT(loop.timers.count, made);
    run_one_pass();
    left = loop.timers.count;
    for (int i = 0; i < made; i++)
        timer_cancel(&loop, &words[i].timer);
    end();
    return left;
}

/* CPython's len(loop._scheduled) */
static void cancelled_timers_are_swept_as_in_asyncio(void)
{
    EXPECT_INT(swept(150, 0, 100), 50);
    EXPECT_INT(swept(150, 100, 0), 50);
    EXPECT_INT(swept(150, 0, 75), 150);
    EXPECT_INT(swept(150, 75, 0), 75);
    EXPECT_INT(swept(100, 0, 90), 100);
    EXPECT_INT(swept(100, 90, 0), 10);
    EXPECT_INT(swept(101, 0, 51), 50);
}

static void a_cancelled_top_is_swept_with_a_quarter_of_all(void)
{
    EXPECT_INT(swept(120, 1, 29), 119);
    EXPECT_INT(swept(120, 1, 30), 89);
    EXPECT_INT(swept(100, 1, 30), 99); /* few: one by one */
    EXPECT_INT(swept(120, 0, 31), 120);
}

static void a_deadline_in_a_hundred_years_fires(void)
{
    struct word w = { .text = "w" };

    begin();
    EXPECT_INT(loop_call_at(&loop, &w.timer, 3.2e9, say_timer), 0);
    loop.virtual_now = 3.2e9; /* doubles are coarser than the clock here */
    run_one_pass();
    EXPECT_TRACE("w@1");
    timer_cancel(&loop, &w.timer);
    end();
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
        if (i % 3 == 2) /* a timer that may be in the heap or not, at any depth */
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

CHECK_MAIN({ "negative delays fire at once, by deadline",
             negative_delays_fire_by_deadline },
           { "equal deadlines keep their order", equal_deadlines_keep_their_order },
           { "call_at does not drift", a_metronome_does_not_drift },
           { "a real timer costs one pass", a_real_timer_costs_one_pass },
           { "a wait is rounded up", waits_are_rounded_up_to_milliseconds },
           { "cancelled timers are swept", cancelled_timers_are_swept_as_in_asyncio },
           { "a cancelled top is swept with a quarter of all",
             a_cancelled_top_is_swept_with_a_quarter_of_all },
           { "a deadline in a hundred years fires", a_deadline_in_a_hundred_years_fires },
           { "100,000 timers", a_hundred_thousand_timers_fire_in_exact_order })
