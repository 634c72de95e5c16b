/*
 * executor.h - a pool of threads that run what would block the loop.
 *
 * It follows concurrent.futures.ThreadPoolExecutor. The pool knows jobs and threads and
 * nothing of futures: that side is run_in_executor.h, to be read next.
 */
#ifndef EXECUTOR_H
#define EXECUTOR_H

#include <pthread.h>

#include "job.h"
#include "timeout.h"

struct executor_watcher { /* wants to know when the last thread has ended */
    struct handle handle; /* its place among the watchers, later what is called */
    struct loop *loop;    /* where */
};

struct shutdown_default_executor { /* a coroutine's frame: see run_in_executor.h */
    struct coro co, suite;         /* itself, and what runs under `limit` */
    struct executor *executor;     /* the one that it ends */
    double timeout;                /* seconds, or TIMEOUT_NONE */
    struct async_timeout limit;    /* the deadline */
    struct future gone;            /* done when the last thread has ended */
    struct executor_watcher watcher;
};

struct executor {
    pthread_mutex_t lock; /* guards this group */
    pthread_cond_t wake;  /* a job was queued, or no more will come */
    struct link queue;    /* jobs that wait for a thread, oldest first */
    int queued;           /* how many they are */
    int max_threads;      /* never more than these */
    int threads;          /* started so far; they stay until the end */
    int alive;            /* of those, not ended yet */
    int idle;             /* of those, asleep at `wake` */
    bool waking;          /* one of those was woken and has not arrived yet */
    bool shut;            /* no new jobs; threads end when the queue is empty */
    bool orphan;          /* nobody joins: the last thread frees the executor */
    struct link watchers; /* struct executor_watcher */
    /* of whoever shuts it down */
    pthread_t *ids; /* of the threads, owned */
    int joined;     /* how many of them have been joined */
    /* on the loop's thread, once it is that loop's default executor */
    bool on_heap;         /* made, and freed, by the loop */
    struct loop *loop;    /* whose default it is */
    struct link pending;  /* struct run_in_executor that wait for an answer */
    struct closer closer; /* by which run() and loop_close() find it */
    struct shutdown_default_executor ending; /* what run() awaits */
};

/* ThreadPoolExecutor(): make `ex` ready for use. No thread starts before the first job,
 * at most `max_threads` will, for 0 min(32, executor_cpus() + 4). The struct is the
 * caller's, and must stay until a shutdown with `wait` and until its futures are done.
 * 0; EINVAL for a negative number; ENOMEM. */
int executor_init(struct executor *ex, int max_threads);

/* Executor.shutdown(): refuse new jobs; the threads end when the queue is empty. With
 * `cancel_pending` it is emptied: those futures end with ECANCELED, a pass later. With
 * `wait` block until the threads have ended, and release all. May be called again, but
 * by one thread at a time. */
void executor_shutdown(struct executor *ex, bool wait, bool cancel_pending);

/* How many threads have been started. */
int executor_threads(struct executor *ex);

/* os.process_cpu_count(): the processors that this process may use; at least 1. */
int executor_cpus(void);

/* For run_in_executor.c: the loop is being closed, so shut `ex` down, and do not wait for
 * threads that still run a job. One on the heap is freed, here or by its last thread. */
void executor_leave(struct executor *ex);

/* For shelf/shutdown.c: have `fn` called on the watcher's loop when all threads have
 * ended; or not any more. */
void executor_watch(struct executor *ex, struct executor_watcher *watcher,
                    void (*fn)(struct handle *));
void executor_unwatch(struct executor *ex, struct executor_watcher *watcher);

#endif
