/*
 * cfuture.h - asyncio.run_coroutine_threadsafe(): a thread gives a coroutine to the loop,
 * and can block until the coroutine's outcome is known (concurrent.futures.Future).
 *
 *     err = run_coroutine_threadsafe(&call, loop, coro);
 *     if (err == 0) {
 *         err = cfuture_result(&call, 5.0);
 *         cfuture_free(&call);
 *     }
 *
 * The coroutine's result is a field of its frame; read it after cfuture_result(). Next:
 * cfuture.c, then main.c.
 */
#ifndef CFUTURE_H
#define CFUTURE_H

#include "inbox.h"
#include "task.h"

struct cfuture {
    /* used on the loop's thread */
    struct loop *loop;
    struct coro *co;
    struct task task;
    struct handle start, stop, end; /* make the task, cancel it, copy its outcome */
    pthread_mutex_t lock;           /* guards the fields below */
    pthread_cond_t changed;
    bool started;  /* the task exists */
    bool done;     /* there is an outcome; after a cancel, the task may still run */
    int error;     /* the outcome: 0 or the error */
    int with_loop; /* handles still with the loop; `start` and `end` count as one */
};

/* Makes the loop run `co`. Call it on any thread, for a loop whose inbox is open. The
 * caller owns `self` and the coroutine's frame, and keeps both until cfuture_free() has
 * returned. Returns 0; AIO_LOOP_CLOSED when the loop is closed or its inbox is not open.
 * Do not call cfuture_free() after an error. */
int run_coroutine_threadsafe(struct cfuture *self, struct loop *loop, struct coro *co);

/* concurrent.futures.Future.result(): blocks until there is an outcome, for at most
 * `timeout` seconds of real time; a negative `timeout` means no limit. Returns the
 * coroutine's error, or 0; ECANCELED after a cancel; EDEADLK when it is called on the
 * loop's own thread before there is an outcome; ETIMEDOUT when there is no outcome yet:
 * the coroutine continues, and cfuture_done() tells when there is an outcome. As in
 * asyncio, there is never an outcome for a coroutine that never runs because the loop has
 * stopped for good. */
int cfuture_result(struct cfuture *self, double timeout);

/* Future.cancel(): returns false when there is an outcome already. Otherwise sets the
 * outcome to ECANCELED, asks the loop to cancel the task, and returns true. Call it on
 * any thread. */
bool cfuture_cancel(struct cfuture *self);

/* Future.done(): returns true when there is an outcome. Call it on any thread. */
bool cfuture_done(struct cfuture *self);

/* Waits until the loop has called the handles that were posted to it, then releases the
 * mutex and the condition variable. Does not wait when the loop is closed already. A
 * loop_close() during the wait does not end the wait; runner_close() does, because it
 * ends the coroutine first. On the loop's thread, the wait would block the loop: there,
 * call this function only when the loop is closed, or a full pass after the coroutine has
 * ended. */
void cfuture_free(struct cfuture *self);

#endif
