/*
 * job.h - a call that a worker thread makes for the loop.
 *
 * run_in_executor.c makes a job. executor.c runs it and posts the answer to the loop. A
 * job is a block on the heap and not part of a coroutine's frame, so the thread can
 * finish it after the waiting coroutine has ended. Next: executor.h.
 */
#ifndef JOB_H
#define JOB_H

#include <stddef.h>

#include "inbox.h"

struct executor;
struct run_in_executor;

enum job_stage { JOB_QUEUED, JOB_RUNNING, JOB_POSTED };

struct job {
    struct handle handle; /* first in the executor's queue, then in the loop's inbox */
    struct executor *executor;
    struct loop *loop;                 /* the loop that gets the answer */
    void (*deliver)(struct handle *h); /* called by the loop with `handle` */
    int (*fn)(void *arg);              /* called in the thread, with `copy` */
    int error;                         /* the value that `fn` returned */
    /* guarded by the executor's lock, except `size` and `copy` */
    enum job_stage stage;
    struct run_in_executor *owner; /* the waiting call; NULL: the job is abandoned */
    void (*drop)(void *arg);       /* releases the contents of an unused copy; or NULL */
    size_t size;                   /* bytes in `copy` */
    max_align_t copy[];            /* the argument's copy; `fn` writes its result here */
};

/* Queues `job`, and starts a thread when too few are idle and the pool may grow. Returns
 * 0, or an error: AIO_SHUTDOWN when the executor is shut down; the error of
 * pthread_create() when the pool's first thread cannot be started. After an error the
 * caller still owns `job`. Call it on the loop's thread only. */
int executor_submit(struct executor *ex, struct job *job);

/* Gives `job` up: its answer is not delivered. A queued job never runs; a running job
 * runs to its end. The caller must not use `job` afterwards. Call it on the loop's thread
 * only. */
void executor_abandon(struct job *job);

/* Calls `drop`, if it is set, with the job's copy, and frees the job. Any thread can call
 * it. */
void job_discard(struct job *job);

#endif
