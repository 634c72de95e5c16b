/*
 * job.h - a call that is lent to a thread: what the loop's side and the thread share.
 *
 * A job is a block on the heap that is part of nobody's frame, so that the thread can go
 * on when the one who waited has gone. Next: executor.h.
 */
#ifndef JOB_H
#define JOB_H

#include <stddef.h>

#include "inbox.h"

struct executor;
struct run_in_executor;

enum job_stage { JOB_QUEUED, JOB_RUNNING, JOB_POSTED };

struct job {
    struct handle handle; /* its place in the queue, later on the way back */
    struct executor *executor;
    struct loop *loop;                 /* where the answer goes */
    void (*deliver)(struct handle *h); /* what the loop calls there */
    int (*fn)(void *arg);              /* runs in the thread, on `copy` */
    int error;                         /* what it returned */
    /* guarded by the executor's lock */
    enum job_stage stage;
    struct run_in_executor *owner; /* who waits; NULL: the job is abandoned */
    void (*drop)(void *arg);       /* for a copy that nobody gets; may be NULL */
    size_t size;                   /* bytes in `copy` */
    max_align_t copy[];            /* of the argument; the result is written here too */
};

/* Queue `job`; an idle thread takes it, or a new one. 0; AIO_SHUTDOWN; or the error of
 * pthread_create() when there is no thread at all. */
int executor_submit(struct executor *ex, struct job *job);

/* On the loop's thread: nobody waits for `job` any more. A queued one never runs, a
 * running one runs on and nobody hears of it. `job` is not the caller's after it. */
void executor_abandon(struct job *job);

/* Free a job whose copy nobody gets. */
void job_discard(struct job *job);

#endif
