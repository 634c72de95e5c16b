/* ticker.c - computes each deadline from the deadline before, not from now. */
#include "ticker.h"

#include <errno.h>

/* The callback of a tick. If loop_call_at() fails for lack of memory, the ticker ends
 * without a report. */
static void tick(struct handle *h)
{
    struct ticker *ticker = container_of(h, struct ticker, timer.handle);
    double now = loop_time(ticker->loop), next = ticker->timer.when + ticker->period;

    if (next <= now) /* ticks were missed: go on with the first to come */
        next += ticker->period * (double)(long)((now - next) / ticker->period + 1);
    ticker->fn(ticker);
    if (!ticker->stopped)
        loop_call_at(ticker->loop, &ticker->timer, next, tick);
}

int ticker_start(struct ticker *ticker, struct loop *loop, double period,
                 void (*fn)(struct ticker *))
{
    if (!(period > 0))
        return EINVAL;
    *ticker = (struct ticker){ .loop = loop, .period = period, .fn = fn };
    return loop_call_later(loop, &ticker->timer, period, tick);
}

void ticker_stop(struct ticker *ticker)
{
    ticker->stopped = true;
    if (ticker->loop != NULL)
        timer_cancel(ticker->loop, &ticker->timer);
}
