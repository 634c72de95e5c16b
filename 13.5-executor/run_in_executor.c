/*
 * run_in_executor.c - the loop's side of a job: BaseEventLoop.run_in_executor.
 *
 * Everything here runs on the loop's thread; the worker thread never sees the future. The
 * two sides share only the job. Its pointer `owner` is NULL when no future waits for the
 * answer any more. The loop's default executor and its shutdown follow. Next: gate.c.
 */
#include "run_in_executor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Separates the future from its job. It is called once: when the answer arrives, when the
 * future is cancelled or when the loop is closed. */
static void detach_job(struct run_in_executor *self)
{
    self->job = NULL;
    ring_remove(&self->pending);
    loop_hold(self->future.loop, -1);
}

/* Future.cancel(): the future is done at once, even while a thread runs the job. */
static bool cancel_run(struct future *f, const char *message)
{
    struct run_in_executor *self = container_of(f, struct run_in_executor, future);

    executor_abandon(self->job);
    detach_job(self);
    return future_end_cancelled(f, message);
}

static const struct future_kind run_kind = { .what = "a thread", .cancel = cancel_run };

/* Runs on the loop when a job's answer has arrived. It is never called for an abandoned
 * job: executor_abandon() cancels the handle. */
static void deliver(struct handle *h)
{
    struct job *job = container_of(h, struct job, handle);
    struct run_in_executor *self = job->owner;
    int error = job->error;

    detach_job(self);
    if (error == ECANCELED) {
        job_discard(job);
    } else {
        if (job->size > 0)
            memcpy(self->arg, job->copy, job->size);
        free(job);
    }
    future_finish(&self->future, error, error != ECANCELED ? self->arg : NULL);
}

/* ---- the loop's default executor ---- */

static struct coro *await_default(struct closer *closer)
{
    struct executor *ex = container_of(closer, struct executor, closer);

    return loop_shutdown_default_executor(&ex->ending, EXECUTOR_JOIN_TIMEOUT);
}

/* BaseEventLoop.close(): the loop does not wait for jobs that still run. Futures that are
 * pending stay pending for ever. Their jobs are abandoned, because an answer must not be
 * posted to a closed loop. */
static void close_default(struct closer *closer)
{
    struct executor *ex = container_of(closer, struct executor, closer);

    while (!ring_empty(&ex->pending)) {
        struct run_in_executor *self =
            container_of(ex->pending.next, struct run_in_executor, pending);

        executor_abandon(self->job);
        detach_job(self);
    }
    ex->loop->executor = NULL;
    executor_leave(ex);
}

int loop_set_default_executor(struct loop *loop, struct executor *ex)
{
    int err = loop_open_inbox(loop);

    if (err != 0)
        return err;
    if (loop->executor != NULL)
        return EBUSY;
    ex->loop = loop;
    ex->closer.shutdown = await_default;
    ex->closer.close = close_default;
    loop_on_close(loop, &ex->closer);
    loop->executor = ex;
    return 0;
}

static int make_default(struct loop *loop)
{
    struct executor *ex = malloc(sizeof *ex);
    int err;

    if (ex == NULL)
        return ENOMEM;
    err = executor_init(ex, 0);
    ex->on_heap = true;
    if (err == 0)
        err = loop_set_default_executor(loop, ex);
    if (err != 0) {
        free(ex->ids);
        free(ex);
    }
    return err;
}

/* ---- submitting ---- */

static int submit(struct run_in_executor *self, struct executor *ex, struct job *job)
{
    struct loop *loop = self->future.loop;
    int err = executor_submit(ex, job);

    if (err != 0) {
        free(job);
        return err;
    }
    self->job = job;
    loop_hold(loop, +1);
    if (ex == loop->executor)
        ring_append(&ex->pending, &self->pending);
    return 0;
}

static int run(struct run_in_executor *self, struct executor *ex, int (*fn)(void *arg),
               size_t size)
{
    struct loop *loop = self->future.loop;
    struct job *job;
    int err = loop == NULL ? AIO_NO_RUNNING_LOOP : loop_open_inbox(loop);

    if (err == 0 && ex == NULL && loop->executor == NULL)
        err = make_default(loop);
    if (err != 0)
        return err;
    job = malloc(sizeof *job + size);
    if (job == NULL)
        return ENOMEM;
    job->loop = loop;
    job->deliver = deliver;
    job->fn = fn;
    job->owner = self;
    job->drop = NULL;
    job->size = size;
    if (size > 0)
        memcpy(job->copy, self->arg, size);
    return submit(self, ex != NULL ? ex : loop->executor, job);
}

struct future *loop_run_in_executor(struct run_in_executor *self, struct executor *ex,
                                    int (*fn)(void *arg), void *arg, size_t size)
{
    future_init_kind(&self->future, get_event_loop(), &run_kind);
    self->job = NULL;
    self->arg = arg;
    self->pending.next = NULL;
    self->future.error = run(self, ex, fn, size);
    self->future.done = self->future.error != 0;
    return &self->future;
}

/* The lock is needed because a worker thread may be reading `drop`. */
void run_in_executor_drop(struct run_in_executor *self, void (*drop)(void *arg))
{
    struct job *job = self->job;

    if (job == NULL)
        return;
    pthread_mutex_lock(&job->executor->lock);
    job->drop = drop;
    pthread_mutex_unlock(&job->executor->lock);
}

/* ---- shutting the default executor down, without blocking the loop ---- */

/* asyncio joins the threads in one more thread. Here the last thread of the pool notifies
 * the loop when it ends. The loop sees no difference, and no further thread is needed. */
static void threads_ended(struct handle *h)
{
    struct executor_watcher *watcher = container_of(h, struct executor_watcher, handle);
    struct shutdown_default_executor *self =
        container_of(watcher, struct shutdown_default_executor, watcher);

    if (!future_done(&self->ended))
        future_set_result(&self->ended, NULL);
}

static const struct future_kind ended_kind = { .what = "an executor's threads",
                                               .cancel = future_end_cancelled };

static co_status suite_body(struct coro *co)
{
    struct shutdown_default_executor *self =
        container_of(co, struct shutdown_default_executor, suite);

    ASYNC (co) {
        AWAIT(&self->ended);
    }
    return co_done(co);
}

/* A loop that has no default executor gets this one, which refuses every job. */
static struct executor refuses = { .lock = PTHREAD_MUTEX_INITIALIZER, .shut = true };

static void begin(struct shutdown_default_executor *self, struct loop *loop)
{
    future_init_kind(&self->ended, loop, &ended_kind);
    self->watcher.loop = loop;
    executor_shutdown(self->executor, false, false);
    executor_watch(self->executor, &self->watcher, threads_ended);
    loop_hold(loop, +1);
}

/* asyncio calls warnings.warn() here. */
static void warn(struct loop *loop, double timeout)
{
    char message[96];

    snprintf(message, sizeof message,
             "The executor did not finish joining its threads within %g seconds",
             timeout);
    loop_call_exception_handler(loop, message, 0, NULL);
}

static co_status shutdown_body(struct coro *co)
{
    struct shutdown_default_executor *self =
        co_self(co, struct shutdown_default_executor);
    struct loop *loop = get_running_loop();
    int err;

    ASYNC (co) {
        self->executor = loop->executor;
        if (self->executor == NULL || self->executor == &refuses) {
            loop->executor = &refuses;
            return co_done(co);
        }
        begin(self, loop);
        AWAIT_CATCH_ALL(err, async_timeout(&self->limit, self->timeout,
                                           co_init(&self->suite, suite_body)));
        loop_hold(loop, -1);
        executor_unwatch(self->executor, &self->watcher);
        if (err == ETIMEDOUT)
            warn(loop, self->timeout);
        else if (err != 0)
            return co_raise(co, err);
        else
            executor_shutdown(self->executor, true, false);
    }
    return co_done(co);
}

struct coro *loop_shutdown_default_executor(struct shutdown_default_executor *self,
                                            double timeout)
{
    self->timeout = timeout;
    return co_init(&self->co, shutdown_body);
}
