/*
 * ticker.h - calls a function periodically, without drift.
 *
 *     ticker_start(&ticker, loop, 0.5, on_tick);
 *
 * Each tick is scheduled with loop_call_at(), so lateness does not add up. Call the
 * functions on the loop's thread only. Next: main.c.
 */
#ifndef TICKER_H
#define TICKER_H

#include "loop.h"

struct ticker {
    struct loop *loop;
    struct timer timer;                /* fires at the next tick */
    double period;                     /* seconds between two ticks */
    void (*fn)(struct ticker *ticker); /* called at each tick; may stop the ticker */
    bool stopped;                      /* ticker_stop() was called */
};

/* Calls `fn` every `period` seconds, the first time one period from now. Each tick is due
 * one period after the deadline of the tick before, even when that tick ran late. Ticks
 * that were missed are skipped. The caller owns `ticker`, which must not be running, and
 * keeps it until it is stopped; `fn` must not free it. Returns 0; EINVAL when `period` is
 * not positive; or an error of loop_call_later(). */
int ticker_start(struct ticker *ticker, struct loop *loop, double period,
                 void (*fn)(struct ticker *));

/* Stops the ticker: `fn` is not called any more. Does nothing when the ticker has stopped
 * or was never started (a struct of zeros). */
void ticker_stop(struct ticker *ticker);

#endif
