/*
 * ticker.h - something every so often: by call_at, so that lateness does not add up.
 *
 * Next: main.c.
 */
#ifndef TICKER_H
#define TICKER_H

#include "loop.h"

struct ticker {
    struct loop *loop;
    struct timer timer;
    double period;                     /* seconds from beat to beat */
    void (*fn)(struct ticker *ticker); /* called at each beat; may stop it */
    bool stopped;
};

/* Call `fn` every `period` (> 0) seconds from now on, the first time one period from now.
 * A beat is `period` after the one before, however late that was called; beats that have
 * passed altogether are left out. 0 or what loop_call_at() says, EINVAL for a period that
 * is not positive. */
int ticker_start(struct ticker *ticker, struct loop *loop, double period,
                 void (*fn)(struct ticker *));

/* No more beats. Harmless when it has stopped or was never started (zeroed). */
void ticker_stop(struct ticker *ticker);

#endif
