/*
 * sleep_notice.h - a loop that posts a semaphore when it is about to sleep, so that a
 * check can act at that moment without a timed wait.
 */
#ifndef SLEEP_NOTICE_H
#define SLEEP_NOTICE_H

#include <semaphore.h>

#include "check.h"
#include "future.h"

static struct loop loop;
static const struct selector *real_selector;
static sem_t asleep; /* posted each time the loop is about to wait */

static inline int telling_wait(void *state, double timeout)
{
    if (timeout != 0)
        sem_post(&asleep);
    return real_selector->wait(state, timeout);
}

/* Open `loop` on the virtual clock with the selector that posts `asleep`. */
static inline void open_loop(const struct selector *selector)
{
    static struct selector telling;
    struct loop_policy policy = { &telling, &clock_virtual };

    real_selector = selector;
    telling = *selector;
    telling.wait = telling_wait;
    sem_init(&asleep, 0, 0);
    EXPECT_INT(loop_init(&loop, &policy), 0);
}

static inline void close_loop(void)
{
    timer_heap_sweep(&loop.timers);
    EXPECT_INT(loop.timers.count, 0);
    EXPECT(ring_empty(&loop.ready));
    EXPECT_INT(loop_close(&loop), 0);
    sem_destroy(&asleep);
}

static inline void wait_until_asleep(void)
{
    while (sem_wait(&asleep) != 0) /* EINTR: some checks send signals */
        ;
}

static inline void stop(struct handle *h)
{
    (void)h;
    loop_stop(&loop);
}

/* Runs exactly one pass, which does not wait. */
static inline void one_pass(void)
{
    loop_stop(&loop);
    EXPECT_INT(loop_run_forever(&loop), 0);
}

#endif
