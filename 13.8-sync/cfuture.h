/*
 * cfuture.h - asyncio.run_coroutine_threadsafe(): a thread has the loop run a coroutine,
 * and blocks until the coroutine's outcome is known (concurrent.futures.Future).
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
    struct handle start, stop, end; /* make the task, cancel it, and copy its outcome */
    pthread_mutex_t lock;           /* guards the fields below */
    pthread_cond_t changed;
    bool started;  /* the task exists */
    bool done;     /* the thread's outcome is known */
    int error;     /* that outcome */
    int with_loop; /* how many of the three handles the loop still holds */
};

/* Makes the loop run `co`. Call it on any thread, for a loop whose inbox is open.
 * `self` and the coroutine's frame are the caller's and must stay valid until
 * cfuture_free() has returned. Returns 0; AIO_LOOP_CLOSED: then cfuture_free() must
 * not be called. */
int run_coroutine_threadsafe(struct cfuture *self, struct loop *loop, struct coro *co);

/* concurrent.futures.Future.result(): blocks until there is an outcome, for at most
 * `timeout` seconds of real time; a negative `timeout` means no limit. Returns the
 * coroutine's error, or 0; ECANCELED after a cancel; ETIMEDOUT when there is no
 * outcome yet: the coroutine continues, see cfuture_done(); EDEADLK when it is called
 * on the loop's own thread before the outcome is known. As in asyncio, a coroutine
 * that never runs because the loop stops for good never has an outcome. */
int cfuture_result(struct cfuture *self, double timeout);

/* Future.cancel(): returns false when there is an outcome already. Otherwise the
 * outcome is ECANCELED from now on, and the loop is asked to cancel the task. Call it
 * on any thread. */
bool cfuture_cancel(struct cfuture *self);

/* Future.done(): returns true when there is an outcome. Call it on any thread. */
bool cfuture_done(struct cfuture *self);

/* Waits until the loop holds none of the three handles any more, and releases the mutex
 * and the condition variable. Does not wait when the loop is closed already. A
 * loop_close() while it waits does not wake it; runner_close() does, because it ends the
 * coroutine first. Do not call it on the loop's thread before the coroutine has ended,
 * unless the loop is closed. */
void cfuture_free(struct cfuture *self);

#endif
