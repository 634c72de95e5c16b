/*
 * executor.c - the thread pool: one mutex, one queue of jobs, and worker threads.
 *
 * Read work() first: it is the main function of each thread. After a job, a thread posts
 * the answer and keeps the lock until it sleeps or has taken the next job. So the thread
 * is already idle or busy again when the loop sees the answer, and the pool never starts
 * a thread that it does not need. Next: run_in_executor.c.
 */
#define _GNU_SOURCE /* sched_getaffinity(), which POSIX does not have */
#include "executor.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

void job_discard(struct job *job)
{
    if (job->drop != NULL)
        job->drop(job->copy);
    free(job);
}

/* Posts the answer to the loop with loop_call_soon_threadsafe(). The caller holds the
 * lock. When no future waits for the answer, the job is freed, and the lock is released
 * meanwhile: `drop` is the user's function and may be slow. */
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

/* Releases the lock, then wakes one idle thread if jobs are queued. Only one thread is
 * being woken at any time. When it runs and finds more jobs, it wakes the next thread. So
 * a thousand jobs submitted at once cost the loop one system call and not a thousand. */
static void unlock_and_wake(struct executor *ex)
{
    bool wake = ex->queued > 0 && ex->idle > 0 && !ex->waking;

    if (wake)
        ex->waking = true;
    pthread_mutex_unlock(&ex->lock);
    if (wake)
        pthread_cond_signal(&ex->wake);
}

/* Waits for a job and takes it from the queue. Returns NULL when the executor is shut
 * down and the queue is empty. The caller holds the lock. */
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

/* Ends the calling thread's part in the pool. The caller holds the lock; this function
 * releases it. The last thread notifies the watchers. */
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

/* A new thread inherits the signal mask of its creator. All signals are blocked while the
 * thread is created, so that the system delivers them to the main thread. */
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

/* ThreadPoolExecutor._adjust_thread_count: starts a thread only when there are more jobs
 * than idle threads. If no thread can be started, the job waits for a busy one. It is an
 * error only when the pool has no thread at all. */
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
            take_first(ex); /* no thread exists, so no other job is queued */
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
    if (!running) /* a running job belongs to its thread, which may have freed it */
        job_discard(job);
}

/* On Linux a process can be confined to some of the processors (taskset, containers).
 * POSIX has no call for that. On other systems, and when the machine has more processors
 * than cpu_set_t can hold, all processors that are online are counted. */
int executor_cpus(void)
{
    long count;
#ifdef __linux__
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return CPU_COUNT(&set);
#endif
    count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (int)count : 1;
}

/* ThreadPoolExecutor's default. Most jobs wait and use no processor, so the pool has more
 * threads than processors; the upper limit bounds the memory for their stacks. */
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
    /* These two are never destroyed: executor_submit() after a shutdown still locks. */
    pthread_mutex_init(&ex->lock, NULL);
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

/* ---- the end of an executor that belongs to a loop ---- */

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

/* Detaches the threads that still run. The last one to end frees the executor. */
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

/* If all threads are idle, they end at once, and joining them does not block the loop. */
void executor_leave(struct executor *ex)
{
    bool busy;

    pthread_mutex_lock(&ex->lock);
    while (!ring_empty(&ex->watchers)) /* their loop is closing: nothing to notify */
        ring_remove(ex->watchers.next);
    busy = ex->queued > 0 || ex->alive > ex->idle;
    pthread_mutex_unlock(&ex->lock);
    executor_shutdown(ex, ex->on_heap && !busy, false);
    if (ex->on_heap)
        orphan(ex);
}
