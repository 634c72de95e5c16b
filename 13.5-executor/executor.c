/*
 * pool.c - the executor: one mutex, one queue, threads that take turns at it.
 *
 * Read work() first: it is the life of a thread. A thread holds the lock from posting an
 * answer until it sleeps or has the next job, so whoever sees the answer finds the thread
 * idle: a pool never starts a thread that it does not need. Next: run_in_executor.c.
 */
#include "executor.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

void job_discard(struct job *job)
{
    if (job->drop != NULL)
        job->drop(job->copy);
    free(job);
}

/* Send the answer through the thread-safe door. With the lock held; it is let go while
 * an answer that nobody wants is thrown away. */
static void send_back(struct executor *ex, struct job *job, int error)
{
    job->error = error;
    job->stage = JOB_POSTED;
    if (job->owner != NULL && loop_call_soon_threadsafe(job->loop, &job->handle,
                                                        job->deliver) != AIO_LOOP_CLOSED)
        return;
    pthread_mutex_unlock(&ex->lock);
    job_discard(job);
    pthread_mutex_lock(&ex->lock);
}

static struct job *take_first(struct executor *ex)
{
    struct job *job = container_of(ex->queue.next, struct job, handle.link);

    ring_remove(&job->handle.link);
    ex->queued--;
    return job;
}

/* Let the lock go, then wake a thread for the jobs that wait. One is on its way at a time,
 * and wakes the next when it has come and jobs are left: a thousand at once cost one call
 * into the kernel here and not a thousand. */
static void unlock_and_wake(struct executor *ex)
{
    bool wake = ex->queued > 0 && ex->idle > 0 && !ex->waking;

    if (wake)
        ex->waking = true;
    pthread_mutex_unlock(&ex->lock);
    if (wake)
        pthread_cond_signal(&ex->wake);
}

/* Sleep until there is a job; NULL: there will be none. */
static struct job *next_job(struct executor *ex)
{
    struct job *job;

    ex->idle++;
    while (ex->queued == 0 && !ex->shut) {
        pthread_cond_wait(&ex->wake, &ex->lock);
        ex->waking = false;
    }
    ex->idle--;
    if (ex->queued == 0)
        return NULL;
    job = take_first(ex);
    job->stage = JOB_RUNNING;
    return job;
}

/* A thread has come to its end, with the lock held. */
static void leave(struct executor *ex)
{
    bool last = --ex->alive == 0, mine = last && ex->orphan;

    while (last && !ring_empty(&ex->watchers)) {
        struct executor_watcher *watcher =
            container_of(ex->watchers.next, struct executor_watcher, handle.link);

        ring_remove(&watcher->handle.link);
        loop_call_soon_threadsafe(watcher->loop, &watcher->handle, watcher->handle.fn);
    }
    pthread_mutex_unlock(&ex->lock);
    if (mine)
        free(ex);
}

static void *work(void *arg)
{
    struct executor *ex = arg;
    struct job *job;
    int error;

    pthread_mutex_lock(&ex->lock);
    while ((job = next_job(ex)) != NULL) {
        unlock_and_wake(ex);
        error = job->fn(job->copy);
        pthread_mutex_lock(&ex->lock);
        send_back(ex, job, error);
    }
    leave(ex);
    return NULL;
}

/* A new thread inherits the mask: with all signals blocked there, they reach the thread
 * whose business they are, the main one. */
static int start_thread(struct executor *ex)
{
    sigset_t all, before;
    int err;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    err = pthread_create(&ex->ids[ex->threads], NULL, work, ex);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (err == 0) {
        ex->threads++;
        ex->alive++;
    }
    return err;
}

/* ThreadPoolExecutor._adjust_thread_count: idle threads first, then a new one. When all
 * are busy one of them comes for the job later. */
static int find_thread(struct executor *ex)
{
    int err = 0;

    if (ex->queued > ex->idle && ex->threads < ex->max_threads)
        err = start_thread(ex);
    return ex->threads > 0 ? 0 : err;
}

int executor_submit(struct executor *ex, struct job *job)
{
    int err = AIO_SHUTDOWN;

    job->executor = ex;
    job->stage = JOB_QUEUED;
    handle_init(&job->handle);
    pthread_mutex_lock(&ex->lock);
    if (!ex->shut) {
        ring_append(&ex->queue, &job->handle.link);
        ex->queued++;
        err = find_thread(ex);
        if (err != 0)
            take_first(ex); /* without threads it is the only one */
    }
    unlock_and_wake(ex);
    return err;
}

void executor_abandon(struct job *job)
{
    struct executor *ex = job->executor;
    bool running;

    pthread_mutex_lock(&ex->lock);
    running = job->stage == JOB_RUNNING;
    job->owner = NULL;
    if (job->stage == JOB_QUEUED) {
        ring_remove(&job->handle.link);
        ex->queued--;
    } else if (job->stage == JOB_POSTED) {
        handle_cancel_threadsafe(job->loop, &job->handle);
    }
    pthread_mutex_unlock(&ex->lock);
    if (!running) /* else it is the thread's, and may be gone by now */
        job_discard(job);
}

/* Threads that wait cost little: more than processors, but not without end. */
static int default_threads(void)
{
    int threads = executor_cpus() + 4;

    return threads < 32 ? threads : 32;
}

int executor_init(struct executor *ex, int max_threads)
{
    if (max_threads < 0)
        return EINVAL;
    if (max_threads == 0)
        max_threads = default_threads();
    *ex = (struct executor){ .max_threads = max_threads };
    ex->ids = calloc((size_t)max_threads, sizeof *ex->ids);
    if (ex->ids == NULL)
        return ENOMEM;
    pthread_mutex_init(&ex->lock, NULL); /* both for good: a late caller may ask */
    pthread_cond_init(&ex->wake, NULL);
    ring_init(&ex->queue);
    ring_init(&ex->watchers);
    ring_init(&ex->pending);
    return 0;
}

void executor_shutdown(struct executor *ex, bool wait, bool cancel_pending)
{
    pthread_mutex_lock(&ex->lock);
    ex->shut = true;
    while (cancel_pending && ex->queued > 0)
        send_back(ex, take_first(ex), ECANCELED);
    pthread_cond_broadcast(&ex->wake);
    pthread_mutex_unlock(&ex->lock);
    if (!wait)
        return;
    while (ex->joined < ex->threads)
        pthread_join(ex->ids[ex->joined++], NULL);
    free(ex->ids);
    ex->ids = NULL;
}

int executor_threads(struct executor *ex)
{
    int threads;

    pthread_mutex_lock(&ex->lock);
    threads = ex->threads;
    pthread_mutex_unlock(&ex->lock);
    return threads;
}
