/*
 * policy.h - which selector and which clock a loop gets, and which loop a thread has.
 *
 * Section 13.2 calls this the event-loop policy. Choosing another one changes how the
 * loop waits and what time it is, never the order in which callbacks run. Next: loop.h.
 */
#ifndef POLICY_H
#define POLICY_H

#include "selector.h"

struct clock {
    const char *name; /* what LOOP_CLOCK= calls it */

    /* The loop's time in seconds from an arbitrary start; never goes back. */
    double (*time)(struct loop *loop);

    /* Wait for descriptors up to `timeout` seconds (< 0: for ever), by means of
     * loop->selector. How many are ready. */
    int (*wait)(struct loop *loop, double timeout);
};

extern const struct clock clock_monotonic; /* CLOCK_MONOTONIC: real waiting */

/* Starts at 0 and never waits: when nothing is ready it jumps to the next deadline, but
 * not while work outside the loop is held (loop_hold). */
extern const struct clock clock_virtual;

struct loop_policy {
    const struct selector *selector;
    const struct clock *clock;
};

/* The policy that the environment asks for: LOOP_SELECTOR (poll, select, epoll, kqueue)
 * and LOOP_CLOCK (monotonic, virtual); unset: the best selector and the monotonic clock.
 * 0, or EINVAL with *wrong the value that names nothing we have. */
int loop_policy_from_environment(struct loop_policy *policy, const char **wrong);

/* The loop that runs in this thread, or NULL: asyncio.get_running_loop(). After fork()
 * the child's answer is NULL. */
struct loop *get_running_loop(void);

/* The running loop, else the one set for this thread, else NULL:
 * asyncio.get_event_loop(). */
struct loop *get_event_loop(void);

/* asyncio.set_event_loop(): `loop` (or NULL) becomes this thread's. */
void set_event_loop(struct loop *loop);

/* For loop.c: note which loop runs in this thread, NULL when it ends. */
void policy_set_running(struct loop *loop);

#endif
