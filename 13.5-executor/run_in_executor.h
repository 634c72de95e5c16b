/*
 * run_in_executor.h - lend a blocking call a thread, and get a future for its answer.
 *
 *     n = await loop.run_in_executor(    AWAIT(loop_run_in_executor(&self->run, NULL,
 *         None, look_up, host)               look_up, &self->host, sizeof self->host));
 *
 * The rule of lifetimes: `fn` works on a copy of *arg that belongs to the pool, and when
 * it has returned, and somebody still waits, the copy is written back to *arg on the
 * loop's thread, just before the future is done. So neither arg nor the frame need
 * outlive the wait; only what pointers inside *arg lead to must stay until fn returns.
 * Next: gate.h; how it ends is in shelf/shutdown.c.
 */
#ifndef RUN_IN_EXECUTOR_H
#define RUN_IN_EXECUTOR_H

#include "executor.h"

struct run_in_executor {
    struct future future; /* first: its error is what fn returned; its value is arg */
    struct job *job;      /* the thread's side, while the future is pending */
    void *arg;
    struct link pending; /* its place with the loop's default executor */
};

/* loop.run_in_executor(): have a thread of `ex` (NULL: the loop's default executor, made
 * at first use) call fn on a copy of the `size` bytes at `arg`. fn returns 0 or an error,
 * and must not touch the loop but by loop_call_soon_threadsafe(). Returns the future in
 * `self`; await it, or cancel it, before `self` ends, and for an executor of your own
 * before the loop is closed. Cancelled, it ends at once: a job in the queue never runs, a
 * running one is abandoned and runs on. An error of the call itself is in the future
 * already: AIO_SHUTDOWN; ENOMEM; AIO_NO_RUNNING_LOOP; AIO_LOOP_CLOSED; what
 * loop_open_inbox() or pthread_create() say. A pending job holds virtual time. */
struct future *loop_run_in_executor(struct run_in_executor *self, struct executor *ex,
                                    int (*fn)(void *arg), void *arg, size_t size);

/* For a copy that comes to hold something (an open file): right after the call, say how
 * it is let go. When the future ends with ECANCELED, from wherever, `drop` is called once
 * with the copy, in some thread, perhaps before fn ever ran; else never. */
void run_in_executor_drop(struct run_in_executor *self, void (*drop)(void *arg));

/* asyncio.to_thread(): the same with the default executor. */
static inline struct future *to_thread(struct run_in_executor *self, int (*fn)(void *arg),
                                       void *arg, size_t size)
{
    return loop_run_in_executor(self, NULL, fn, arg, size);
}

/* loop.set_default_executor(): `ex` stays the caller's. On the loop's thread. 0; EBUSY
 * when the loop has one already; or what loop_open_inbox() says. */
int loop_set_default_executor(struct loop *loop, struct executor *ex);

/* loop.shutdown_default_executor(): refuse new jobs, wait until the threads have ended,
 * at most `timeout` seconds (TIMEOUT_NONE: as long as it takes), while the loop goes on.
 * When the time is over the exception handler is told, and that is no error: the threads
 * are left to themselves. run() does it by itself, with EXECUTOR_PATIENCE. */
struct coro *loop_shutdown_default_executor(struct shutdown_default_executor *self,
                                            double timeout);

#define EXECUTOR_PATIENCE 300.0 /* seconds: asyncio.constants.THREAD_JOIN_TIMEOUT */

#endif
