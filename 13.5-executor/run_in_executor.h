/*
 * run_in_executor.h - make a blocking call in a thread, and get a future for its answer.
 *
 *     n = await loop.run_in_executor(    AWAIT(loop_run_in_executor(&self->run, NULL,
 *         None, look_up, host)               look_up, &self->host, sizeof self->host));
 *
 * Lifetimes: `fn` works on a copy of *arg that the pool owns. When `fn` has returned and
 * the future is still pending, the loop writes the copy back to *arg (unless `fn`
 * returned ECANCELED) and then completes the future. So *arg and the frame must last only
 * until the future is done or cancelled. Data that a pointer in *arg refers to must stay
 * valid until `fn` has returned. Next: gate.h.
 */
#ifndef RUN_IN_EXECUTOR_H
#define RUN_IN_EXECUTOR_H

#include "executor.h"

struct run_in_executor {
    struct future future; /* must be first; its error is that of `fn`, its value `arg` */
    struct job *job;      /* the job, while the future is pending; else NULL */
    void *arg;            /* the caller's argument; the answer is written back here */
    struct link pending;  /* link in the default executor's list `pending` */
};

/* loop.run_in_executor(): has a thread of `ex` call `fn` on a copy of the `size` bytes at
 * `arg`. NULL for `ex` means the loop's default executor, which is made at its first use.
 * `fn` returns 0 or an error. Of the loop's functions, `fn` may call only those that
 * inbox.h allows to any thread. Returns the future in `self`. Await or cancel it while
 * `self` exists and, with an executor of your own, before the loop is closed. A cancelled
 * future is done at once: a queued job never runs; a running job is abandoned and runs to
 * its end. If the call itself fails, the returned future is already done, with one of
 * these errors: AIO_SHUTDOWN; ENOMEM; AIO_NO_RUNNING_LOOP; AIO_LOOP_CLOSED; the error of
 * loop_open_inbox() or pthread_create(). Virtual time stands still while a job is
 * pending. Call loop_run_in_executor() on the loop's thread only. */
struct future *loop_run_in_executor(struct run_in_executor *self, struct executor *ex,
                                    int (*fn)(void *arg), void *arg, size_t size);

/* Sets the function that releases what the copy holds, for instance an open file. Call it
 * right after loop_run_in_executor(), on the loop's thread only. `drop` is called once,
 * with the copy, if the future ends with ECANCELED for any reason or the job is
 * abandoned; otherwise it is never called. It can run on any thread, even when `fn` never
 * ran. */
void run_in_executor_drop(struct run_in_executor *self, void (*drop)(void *arg));

/* asyncio.to_thread(): loop_run_in_executor() with the default executor. */
static inline struct future *to_thread(struct run_in_executor *self, int (*fn)(void *arg),
                                       void *arg, size_t size)
{
    return loop_run_in_executor(self, NULL, fn, arg, size);
}

/* loop.set_default_executor(): makes `ex` the loop's default executor. The caller still
 * owns it. Call it on the loop's thread only. Returns 0, or an error: EBUSY when the loop
 * already has a default executor; the error of loop_open_inbox(). */
int loop_set_default_executor(struct loop *loop, struct executor *ex);

/* loop.shutdown_default_executor(): refuses new jobs and waits until the threads have
 * ended; the loop goes on running meanwhile. Waits for at most `timeout` seconds, or
 * without limit for TIMEOUT_NONE. When the time is over, it calls the loop's exception
 * handler and ends without an error, and the threads continue. async_run() awaits this
 * coroutine with EXECUTOR_JOIN_TIMEOUT as the limit. Returns the coroutine in `self`. */
struct coro *loop_shutdown_default_executor(struct shutdown_default_executor *self,
                                            double timeout);

#define EXECUTOR_JOIN_TIMEOUT 300.0 /* seconds: asyncio.constants.THREAD_JOIN_TIMEOUT */

#endif
