/*
 * sleep.h - asyncio.sleep(): the smallest coroutine that waits.
 *
 * Put a struct async_sleep into your frame, and write
 * `AWAIT(async_sleep(&self->sleep, 0.5));` in the body. Next: main.c.
 */
#ifndef SLEEP_H
#define SLEEP_H

#include "task.h"

struct async_sleep {
    struct coro co;
    double delay;         /* seconds */
    struct future future; /* what the task waits for */
    struct timer timer;   /* completes the future */
};

/* Returns a coroutine that ends after `delay` seconds. With a delay of 0 or less it ends
 * in the next pass. It raises EINVAL for a NaN, and ENOMEM when the timer table cannot
 * grow. The caller owns `self` and keeps it until the coroutine has ended. */
struct coro *async_sleep(struct async_sleep *self, double delay);

#endif
