/*
 * callbacks.c - the cost of a callback and of a timer. Next: tasks.c.
 */
#include <stdlib.h>

#include "bench.h"

static long left; /* callbacks left */

static void stop_at_last(struct handle *h)
{
    (void)h;
    if (--left == 0)
        loop_stop(&loop);
}

static void go_on(struct handle *h)
{
    if (--left > 0)
        loop_call_soon(&loop, h, go_on);
    else
        loop_stop(&loop);
}

/* A callback that schedules itself, n times. */
static void chain(long n)
{
    struct handle h;
    double start = wall_seconds();

    left = n;
    handle_init(&h);
    loop_call_soon(&loop, &h, go_on);
    loop_run_forever(&loop);
    report("call_soon_chain", n, wall_seconds() - start);
}

/* n callbacks at once, then a pass that runs them. */
static void batch(long n)
{
    struct handle *handles = touched((size_t)n * sizeof *handles);
    double start = wall_seconds();

    left = n;
    for (long i = 0; i < n; i++) {
        handle_init(&handles[i]);
        loop_call_soon(&loop, &handles[i], stop_at_last);
    }
    loop_run_forever(&loop);
    report("call_soon_batch", n, wall_seconds() - start);
    free(handles);
}

static void call_soon(long n)
{
    chain(n);
    batch(n);
}

/* n timers within a second from `base` on; half of them are cancelled, the others fire.
 * CPU time is measured, so waiting costs nothing. */
static void timers_from(double base, long n)
{
    struct timer *timers = touched((size_t)n * sizeof *timers);
    double *when = touched((size_t)n * sizeof *when), t[4];

    for (long i = 0; i < n; i++)
        when[i] = base + random_unit();
    left = n / 2;
    t[0] = cpu_seconds();
    for (long i = 0; i < n; i++) {
        timer_init(&timers[i]);
        must(loop_call_at(&loop, &timers[i], when[i], stop_at_last), "call_at");
    }
    t[1] = cpu_seconds();
    for (long i = 0; i < n; i += 2)
        timer_cancel(&loop, &timers[i]);
    t[2] = cpu_seconds();
    loop_run_forever(&loop);
    t[3] = cpu_seconds();
    report("timer_insert", n, t[1] - t[0]);
    report("timer_cancel", n / 2, t[2] - t[1]);
    report("timer_fire", n / 2, t[3] - t[2]);
    report("timer_total_per_op", 2 * n, t[3] - t[0]);
    free(when);
    free(timers);
}

static void timers(long n)
{
    timers_from(loop_time(&loop), n);
}

/* All are due in the first pass, so that the number of instructions is the same each
 * time. */
static void timers_due(long n)
{
    timers_from(loop_time(&loop) - 2, n);
}

const struct bench callback_benches[] = {
    { "call_soon", call_soon }, { "chain", chain },           { "batch", batch },
    { "timers", timers },       { "timers_due", timers_due }, { NULL, NULL },
};
