/*
 * cfuture.c - asyncio's run_coroutine_threadsafe and futures._chain_future.
 *
 * Three handles pass through loop_call_soon_threadsafe(): `start` makes the task, `end`
 * brings its outcome to the thread, and `stop` brings the thread's cancel to the task.
 */
#include "cfuture.h"

#include <math.h>
#include <time.h>

static void on_stop(struct handle *h)
{
    struct cfuture *self = container_of(h, struct cfuture, stop);

    task_cancel(&self->task, NULL);
    pthread_mutex_lock(&self->lock);
    self->with_loop--;
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
}

static void on_end(struct handle *h)
{
    struct cfuture *self = container_of(h, struct cfuture, end);

    pthread_mutex_lock(&self->lock);
    if (!self->done)
        self->error = future_error(&self->task.future);
    self->done = true;
    self->with_loop--;
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
}

/* Posts the cancel to the loop. When the cancel came before the task existed, the task
 * still begins and is cancelled at its first await, as in asyncio. The caller holds
 * the mutex. */
static void post_stop(struct cfuture *self)
{
    if (loop_call_soon_threadsafe(self->loop, &self->stop, on_stop) != AIO_LOOP_CLOSED)
        self->with_loop++;
}

static void on_start(struct handle *h)
{
    struct cfuture *self = container_of(h, struct cfuture, start);

    pthread_mutex_lock(&self->lock);
    loop_create_task(self->loop, &self->task, self->co);
    future_add_done_callback(&self->task.future, &self->end, on_end);
    self->started = true;
    if (self->done)
        post_stop(self);
    pthread_mutex_unlock(&self->lock);
}

int run_coroutine_threadsafe(struct cfuture *self, struct loop *loop, struct coro *co)
{
    pthread_condattr_t monotonic;
    int err;

    *self = (struct cfuture){ .loop = loop, .co = co, .with_loop = 1 };
    pthread_mutex_init(&self->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&self->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    err = loop_call_soon_threadsafe(loop, &self->start, on_start);
    if (err != AIO_LOOP_CLOSED)
        return 0;
    pthread_mutex_destroy(&self->lock);
    pthread_cond_destroy(&self->changed);
    return err;
}

/* Returns the monotonic time `timeout` seconds from now. The limit is 3e9 seconds,
 * about a century, so that a 64-bit time_t cannot overflow. */
static struct timespec deadline_in(double timeout)
{
    struct timespec t;
    double whole;
    long rest;

    clock_gettime(CLOCK_MONOTONIC, &t);
    rest = (long)(modf(timeout < 3e9 ? timeout : 3e9, &whole) * 1e9) + t.tv_nsec;
    t.tv_sec += (time_t)whole + rest / 1000000000;
    t.tv_nsec = rest % 1000000000;
    return t;
}

int cfuture_result(struct cfuture *self, double timeout)
{
    struct timespec deadline = deadline_in(timeout);
    int err = 0;

    pthread_mutex_lock(&self->lock);
    if (!self->done && get_running_loop() == self->loop)
        err = EDEADLK;
    while (!self->done && err == 0)
        err = timeout < 0
                  ? pthread_cond_wait(&self->changed, &self->lock)
                  : pthread_cond_timedwait(&self->changed, &self->lock, &deadline);
    if (self->done)
        err = self->error;
    pthread_mutex_unlock(&self->lock);
    return err;
}

bool cfuture_cancel(struct cfuture *self)
{
    bool taken;

    pthread_mutex_lock(&self->lock);
    taken = !self->done;
    if (taken) {
        self->done = true;
        self->error = ECANCELED;
        pthread_cond_broadcast(&self->changed);
        if (self->started)
            post_stop(self);
    }
    pthread_mutex_unlock(&self->lock);
    return taken;
}

bool cfuture_done(struct cfuture *self)
{
    bool done;

    pthread_mutex_lock(&self->lock);
    done = self->done;
    pthread_mutex_unlock(&self->lock);
    return done;
}

static bool loop_is_gone(struct loop *loop)
{
    bool gone;

    pthread_mutex_lock(&loop->inbox.lock);
    gone = !loop->inbox.open;
    pthread_mutex_unlock(&loop->inbox.lock);
    return gone;
}

void cfuture_free(struct cfuture *self)
{
    pthread_mutex_lock(&self->lock);
    while (self->with_loop > 0 && !loop_is_gone(self->loop))
        pthread_cond_wait(&self->changed, &self->lock);
    pthread_mutex_unlock(&self->lock);
    pthread_mutex_destroy(&self->lock);
    pthread_cond_destroy(&self->changed);
}
