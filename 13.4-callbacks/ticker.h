/*
 * ticker.h - calls a function periodically, without drift.
 *
 *     ticker_start(&ticker, loop, 0.5, on_beat);
 *
 * Each beat is scheduled with loop_call_at(), so lateness does not add up. For the loop's
 * thread only. Next: main.c.
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

/* Calls `fn` every `period` seconds, the first time one period from now. A beat is due
 * one period after the previous one was due, however late that was called. Beats whose
 * time has passed are skipped. Returns 0, EINVAL for a period that is not positive, or
 * the error of loop_call_at(). */
int ticker_start(struct ticker *ticker, struct loop *loop, double period,
                 void (*fn)(struct ticker *));

/* Stops the beats. Harmless when they have stopped, or for a zeroed struct. */
void ticker_stop(struct ticker *ticker);

#endif
