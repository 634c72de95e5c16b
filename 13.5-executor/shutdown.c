/*
 * shutdown.c - the end of a loop's default executor, without blocking the loop.
 *
 * asyncio lends the joining a thread of its own. Here the last thread that leaves the
 * pool tells the loop, which is the same seen from the loop, and needs no further thread.
 */
#include <stdio.h>
#include <stdlib.h>

#include "run_in_executor.h"

void executor_watch(struct executor *ex, struct executor_watcher *watcher,
                    void (*fn)(struct handle *))
{
    handle_init(&watcher->handle);
    watcher->handle.fn = fn;
    pthread_mutex_lock(&ex->lock);
    if (ex->alive > 0)
        ring_append(&ex->watchers, &watcher->handle.link);
    else
        loop_call_soon(watcher->loop, &watcher->handle, fn);
    pthread_mutex_unlock(&ex->lock);
}

void executor_unwatch(struct executor *ex, struct executor_watcher *watcher)
{
    pthread_mutex_lock(&ex->lock);
    handle_cancel_threadsafe(watcher->loop, &watcher->handle);
    pthread_mutex_unlock(&ex->lock);
}

/* Nobody joins the threads that are left: the last one frees the executor. */
static void orphan(struct executor *ex)
{
    bool mine;

    pthread_mutex_lock(&ex->lock);
    while (ex->joined < ex->threads)
        pthread_detach(ex->ids[ex->joined++]);
    free(ex->ids);
    ex->orphan = true;
    mine = ex->alive == 0;
    pthread_mutex_unlock(&ex->lock);
    if (mine)
        free(ex);
}

/* Threads that only sleep end at once, so it can wait for those. */
void executor_leave(struct executor *ex)
{
    bool busy;

    pthread_mutex_lock(&ex->lock);
    while (!ring_empty(&ex->watchers)) /* their frames have no loop any more */
        ring_remove(ex->watchers.next);
    busy = ex->queued > 0 || ex->alive > ex->idle;
    pthread_mutex_unlock(&ex->lock);
    executor_shutdown(ex, ex->on_heap && !busy, false);
    if (ex->on_heap)
        orphan(ex);
}

static void all_gone(struct handle *h)
{
    struct executor_watcher *watcher = container_of(h, struct executor_watcher, handle);
    struct shutdown_default_executor *self =
        container_of(watcher, struct shutdown_default_executor, watcher);

    if (!future_done(&self->gone))
        future_set_result(&self->gone, NULL);
}

static const struct future_kind gone_kind = { .what = "an executor's threads",
                                              .cancel = future_end_cancelled };

static co_status suite_body(struct coro *co)
{
    struct shutdown_default_executor *self =
        container_of(co, struct shutdown_default_executor, suite);

    ASYNC (co) {
        AWAIT(&self->gone);
    }
    return co_done(co);
}

/* A loop that has no default executor gets one that refuses everything. */
static struct executor refuses = { .lock = PTHREAD_MUTEX_INITIALIZER, .shut = true };

static void begin(struct shutdown_default_executor *self, struct loop *loop)
{
    future_init_kind(&self->gone, loop, &gone_kind);
    self->watcher.loop = loop;
    executor_shutdown(self->executor, false, false);
    executor_watch(self->executor, &self->watcher, all_gone);
    loop_hold(loop, +1);
}

/* The warning, for which asyncio has warnings.warn(). */
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
