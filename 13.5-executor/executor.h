/*
 * executor.h - a pool of threads that run calls which would block the loop.
 *
 * It follows concurrent.futures.ThreadPoolExecutor. Make one with executor_init(), pass
 * it to loop_run_in_executor(), and end it with executor_shutdown(). executor.c handles
 * only jobs and threads; run_in_executor.c completes the futures. The last fields of
 * struct executor serve a loop's default executor; run_in_executor.c explains them.
 * Next: run_in_executor.h.
 */
#ifndef EXECUTOR_H
#define EXECUTOR_H

#include <pthread.h>

#include "job.h"
#include "timeout.h"

struct executor_watcher { /* a callback for the end of the last thread */
    struct handle handle; /* in `watchers` until the last thread ends */
    struct loop *loop;    /* the loop that calls the handle */
};

struct shutdown_default_executor { /* a coroutine's frame: see run_in_executor.h */
    struct coro co;                /* the coroutine itself */
    struct coro suite;             /* the wait for `ended`, run under `limit` */
    struct executor *executor;     /* the executor that is shut down */
    double timeout;                /* seconds, or TIMEOUT_NONE */
    struct async_timeout limit;    /* the deadline */
    struct future ended;           /* done when the last thread has ended */
    struct executor_watcher watcher;
};

struct executor {
    pthread_mutex_t lock; /* guards the fields down to `watchers` */
    pthread_cond_t wake;  /* signalled for a new job, and at shutdown */
    struct link queue;    /* jobs that wait for a thread, oldest first */
    int queued;           /* number of jobs in `queue` */
    int max_threads;      /* upper limit of `threads` */
    int threads;          /* threads started so far; none ends before shutdown */
    int alive;            /* threads that have not ended */
    int idle;             /* threads that wait at `wake` */
    bool waking;          /* one idle thread was signalled and does not run yet */
    bool shut;            /* new jobs are refused; threads end when `queue` is empty */
    bool orphan;          /* the threads are detached: the last one frees the executor */
    struct link watchers; /* struct executor_watcher */
    /* used by the thread that shuts the executor down */
    pthread_t *ids; /* the threads, an owned array */
    int joined;     /* number of threads that have been joined or detached */
    /* used on the loop's thread, while the executor is a loop's default */
    bool on_heap;         /* the loop allocated it; see executor_leave() */
    struct loop *loop;    /* the loop whose default it is */
    struct link pending;  /* its unfinished calls, struct run_in_executor */
    struct closer closer; /* called by run() and loop_close() */
    struct shutdown_default_executor ending; /* the frame that run() awaits */
};

/* ThreadPoolExecutor(): initializes `ex`. No thread starts before the first job. At
 * most `max_threads` threads are started; 0 means min(32, executor_cpus() + 4). The
 * caller owns the struct. It must remain valid until executor_shutdown() with `wait`
 * has returned and until the futures of its jobs are done. Returns 0, or an errno
 * value: EINVAL for a negative number; ENOMEM. */
int executor_init(struct executor *ex, int max_threads);

/* Executor.shutdown(): refuses new jobs from now on. The threads end when the queue is
 * empty. With `cancel_pending`, the queued jobs are dropped, and their futures end with
 * ECANCELED one pass later. With `wait`, blocks until the threads have ended and releases
 * their resources. It can be called again, but not by two threads at the same time. */
void executor_shutdown(struct executor *ex, bool wait, bool cancel_pending);

/* Returns how many threads have been started. Any thread can call it. */
int executor_threads(struct executor *ex);

/* os.process_cpu_count(): returns the number of processors that this process can use; at
 * least 1. */
int executor_cpus(void);

/* Shuts `ex` down for a loop that is being closed. Does not wait for threads that still
 * run a job. An executor on the heap is freed, here or by its last thread. Call it on the
 * loop's thread only. */
void executor_leave(struct executor *ex);

/* Arranges that `fn` is called on watcher->loop once all threads have ended. The caller
 * sets watcher->loop first. Call it on that loop's thread only. */
void executor_watch(struct executor *ex, struct executor_watcher *watcher,
                    void (*fn)(struct handle *));

/* Ends the watch: `fn` is not called any more. Call it on the loop's thread only. */
void executor_unwatch(struct executor *ex, struct executor_watcher *watcher);

#endif
