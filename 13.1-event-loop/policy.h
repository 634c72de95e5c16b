/*
 * policy.h - the event-loop policy (section 13.2): which selector and which clock a loop
 * gets, and which loop a thread has.
 *
 * A policy decides how the loop waits and how its time passes. It never changes the order
 * in which callbacks run. Next: loop.h.
 */
#ifndef POLICY_H
#define POLICY_H

#include "selector.h"

struct clock {
    const char *name; /* its name in LOOP_CLOCK= */

    /* Returns the loop's time in seconds from an arbitrary start. It never goes back. */
    double (*time)(struct loop *loop);

    /* Waits up to `timeout` seconds (< 0: without limit) for a ready descriptor. Calls
     * selector->wait() and returns its result. */
    int (*wait)(struct loop *loop, double timeout);
};

extern const struct clock clock_monotonic; /* CLOCK_MONOTONIC: it really waits */

/* Starts at 0. When no descriptor is ready, it jumps to the next deadline instead of
 * waiting. It stands still while a thread or a process works for the loop (loop_hold). */
extern const struct clock clock_virtual;

struct loop_policy {
    const struct selector *selector;
    const struct clock *clock;
};

/* The selectors compiled in, the preferred one first. NULL ends the list. */
extern const struct selector *const selectors[];

/* Fills *policy from the environment variables LOOP_SELECTOR (poll, select, epoll,
 * kqueue) and LOOP_CLOCK (monotonic, virtual). Defaults: the first of selectors[], and
 * the monotonic clock. Returns 0, or EINVAL when a variable holds an unknown name;
 * *wrong is then that name. */
int loop_policy_from_environment(struct loop_policy *policy, const char **wrong);

/* asyncio.get_running_loop(): returns the loop that runs in this thread, or NULL. In the
 * child of a fork() it returns NULL. */
struct loop *get_running_loop(void);

/* asyncio.get_event_loop(): returns the running loop; without one, the loop set for this
 * thread; otherwise NULL. */
struct loop *get_event_loop(void);

/* asyncio.set_event_loop(): makes `loop` (or NULL) this thread's loop. */
void set_event_loop(struct loop *loop);

/* Records the loop that runs in this thread, or NULL when it stops. Only loop.c calls
 * it. */
void policy_set_running(struct loop *loop);

#endif
