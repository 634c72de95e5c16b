/*
 * cfuture.h - asyncio.run_coroutine_threadsafe(): a thread has the loop run a coroutine,
 * and blocks until it has the outcome (concurrent.futures.Future).
 *
 * The coroutine's result is a field of its frame, to be read after cfuture_result().
 */
#ifndef CFUTURE_H
#define CFUTURE_H

#include "inbox.h"
#include "task.h"

struct cfuture {
    /* the loop's side */
    struct loop *loop;
    struct coro *co;
    struct task task;
    struct handle start, stop, end; /* make the task, cancel it, bring its outcome */
    pthread_mutex_t lock;           /* guards the rest */
    pthread_cond_t changed;
    bool started;  /* the task exists */
    bool done;     /* there is an outcome for the thread */
    int error;     /* that outcome */
    int with_loop; /* handles of ours that the loop has; 0: it has let go of us */
};

/* Have the loop run `co`. From any thread, for a loop with an open inbox. `self` and the
 * frame are the caller's and must stay until cfuture_free() has returned. 0 or
 * AIO_LOOP_CLOSED; only after 0 is there something to free. */
int run_coroutine_threadsafe(struct cfuture *self, struct loop *loop, struct coro *co);

/* concurrent.futures.Future.result(): block until there is an outcome, `timeout` seconds
 * of real time at most (negative: without a limit). The coroutine's error; ECANCELED;
 * ETIMEDOUT when there is none yet: the coroutine goes on, see cfuture_done(). EDEADLK on
 * the loop's own thread. As in asyncio, a coroutine that the loop never comes to, because
 * it stops for good, never has an outcome. */
int cfuture_result(struct cfuture *self, double timeout);

/* Future.cancel(): false when there is an outcome already. Else it is ECANCELED from now
 * on, and the loop is told to cancel the task. */
bool cfuture_cancel(struct cfuture *self);

/* Future.done(). */
bool cfuture_done(struct cfuture *self);

/* Wait until the loop has let go of the coroutine (at once, if that loop is closed: close
 * it on a thread of yours, or after you), and release the rest. Not on the loop's thread
 * before the end. */
void cfuture_free(struct cfuture *self);

#endif
