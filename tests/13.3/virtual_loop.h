/*
 * virtual_loop.h - shared by the checks of 13.3 and 13.7: opens one loop in virtual time,
 * and closes it when nothing is left in it.
 */
#ifndef VIRTUAL_LOOP_H
#define VIRTUAL_LOOP_H

#include "check.h"
#include "task.h"

static struct loop loop;

static inline void open_virtual_loop(void)
{
    static const struct loop_policy policy = { &selector_poll, &clock_virtual };

    EXPECT_INT(loop_init(&loop, &policy), 0);
    set_event_loop(&loop);
}

/* Closes the loop. Nothing may be left in it: no callback, no timer, no task. */
static inline void close_empty_loop(void)
{
    EXPECT(ring_empty(&loop.ready));
    timer_heap_sweep(&loop.timers);
    EXPECT_INT(loop.timers.count, 0);
    EXPECT(ring_empty(&loop.tasks));
    EXPECT_INT(loop_close(&loop), 0);
}

#endif
