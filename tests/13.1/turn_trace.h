/*
 * turn_trace.h - shared by the checks of 13.1: one loop in virtual time, and callbacks
 * that add a word and the turn of the loop to the trace.
 */
#ifndef TURN_TRACE_H
#define TURN_TRACE_H

#include "check.h"
#include "sleep.h"

static struct loop loop;

struct word {             /* a callback that adds one word */
    struct handle handle; /* for loop_call_soon(), or as a reader or writer */
    struct timer timer;   /* for loop_call_later() */
    const char *text;
    bool stops; /* it also stops the loop */
};

static inline void say(const struct word *w)
{
    trace("%s@%lu", w->text, loop.turns);
    if (w->stops)
        loop_stop(&loop);
}

static inline void say_handle(struct handle *h)
{
    say(container_of(h, struct word, handle));
}

static inline void say_timer(struct handle *h)
{
    say(container_of(h, struct word, timer.handle));
}

static inline void soon(struct word *w)
{
    EXPECT_INT(loop_call_soon(&loop, &w->handle, say_handle), 0);
}

static inline void later(struct word *w, double delay)
{
    EXPECT_INT(loop_call_later(&loop, &w->timer, delay, say_timer), 0);
}

/* Opens `loop` in virtual time with `selector`. */
static inline void begin_by(const struct selector *selector)
{
    struct loop_policy policy = { selector, &clock_virtual };

    EXPECT_INT(loop_init(&loop, &policy), 0);
}

static inline void begin(void)
{
    begin_by(&selector_poll);
}

/* Closes the loop. Nothing may be left in it: no timer that would fire, no callback, no
 * task. */
static inline void end(void)
{
    timer_heap_sweep(&loop.timers);
    EXPECT_INT(loop.timers.count - loop.timers.cancelled, 0);
    EXPECT(ring_empty(&loop.ready));
    EXPECT(ring_empty(&loop.tasks));
    EXPECT_INT(loop.watched, 0);
    EXPECT_INT(loop_close(&loop), 0);
}

static inline void run_one_pass(void)
{
    loop_stop(&loop);
    EXPECT_INT(loop_run_forever(&loop), 0);
}

static inline void said(const char *word)
{
    trace("%s@%lu", word, loop.turns);
}

/* Runs `co` as Task-1 in a fresh loop. Adds its error and the number of turns to the
 * trace. */
static inline void run(struct coro *co)
{
    static struct task task;
    int err;

    begin();
    loop_create_task(&loop, &task, co);
    err = loop_run_until_complete(&loop, &task);
    if (err != 0)
        trace("-> %d", err);
    trace("turns=%lu", loop.turns);
    end();
}

/* Run `body` under each selector that was compiled in. */
static inline void by_each(void (*body)(const struct selector *selector))
{
    for (int i = 0; selectors[i] != NULL; i++)
        body(selectors[i]);
}

#endif
