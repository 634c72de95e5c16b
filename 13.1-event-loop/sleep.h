/*
 * sleep.h - asyncio.sleep(): the smallest coroutine that waits. Next: main.c.
 */
#ifndef SLEEP_H
#define SLEEP_H

#include "task.h"

struct async_sleep {
    struct coro co;
    double delay;         /* seconds */
    struct future future; /* what the task waits at */
    struct timer timer;   /* what completes it */
};

/* Ends `delay` seconds later; a delay of 0 or less costs one pass. Raises EINVAL for a
 * NaN, ENOMEM when the timer table cannot grow. */
struct coro *async_sleep(struct async_sleep *self, double delay);

#endif
