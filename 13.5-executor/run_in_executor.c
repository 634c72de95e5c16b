/*
 * run_in_executor.c - the loop's side of a job: BaseEventLoop.run_in_executor.
 *
 * Everything here runs on the loop's thread, and the thread that works never sees the
 * future. What connects the two is the job: one pointer, `owner`, says whether anybody
 * still waits. Next: gate.c.
 */
#include "run_in_executor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The future gets its outcome by whichever comes first, an answer or a cancel. */
static void let_go(struct run_in_executor *self)
{
    self->job = NULL;
    ring_remove(&self->pending);
    loop_hold(self->future.loop, -1);
}

/* Future.cancel(): the future ends here and now, whatever the thread does. */
static bool cancel_run(struct future *f, const char *message)
{
    struct run_in_executor *self = container_of(f, struct run_in_executor, future);

    executor_abandon(self->job);
    let_go(self);
    return future_end_cancelled(f, message);
}

static const struct future_kind run_kind = { .what = "a thread", .cancel = cancel_run };

/* The answer is back on the loop; had it been abandoned, it would not have come here. */
static void deliver(struct handle *h)
{
    struct job *job = container_of(h, struct job, handle);
    struct run_in_executor *self = job->owner;
    int error = job->error;

    let_go(self);
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

    return loop_shutdown_default_executor(&ex->ending, EXECUTOR_PATIENCE);
}

/* BaseEventLoop.close(): the loop does not wait for what still runs. Futures that are
 * pending stay so for ever; their jobs must not come back to a loop that is no more. */
static void close_default(struct closer *closer)
{
    struct executor *ex = container_of(closer, struct executor, closer);

    while (!ring_empty(&ex->pending)) {
        struct run_in_executor *self =
            container_of(ex->pending.next, struct run_in_executor, pending);

        executor_abandon(self->job);
        let_go(self);
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

/* The lock: the thread may be about to ask. */
void run_in_executor_drop(struct run_in_executor *self, void (*drop)(void *arg))
{
    struct job *job = self->job;

    if (job == NULL)
        return;
    pthread_mutex_lock(&job->executor->lock);
    job->drop = drop;
    pthread_mutex_unlock(&job->executor->lock);
}
