/*
 * cancel.h - the request to cancel, counted, and the states in which it finds a task.
 *
 * From 13.1: task_cancel(), which passes the request to what the task waits for.
 * Next: timeout.h, which is built on the counter.
 */
#ifndef CANCEL_H
#define CANCEL_H

#include "task.h"

/* Task.cancelling(): requests to cancel, less those taken back. */
int task_cancelling(const struct task *task);

/* Task.uncancel(): take one request back; how many are left. At 0 a request that was not
 * delivered yet is dropped. */
int task_uncancel(struct task *task);

/* The message of the latest request to cancel, or of the ECANCELED that ended the task:
 * what str(CancelledError) shows. NULL when there was none. */
const char *task_cancel_message(const struct task *task);

enum task_state {
    TASK_NEW,       /* created, its body has not started */
    TASK_READY,     /* its step stands in the ready queue */
    TASK_RUNNING,   /* its step runs now */
    TASK_WAITING,   /* it waits for a future */
    TASK_DONE,      /* it returned */
    TASK_CANCELLED, /* it ended with ECANCELED */
    TASK_FAILED,    /* it ended with another error */
};

enum task_state task_state(const struct task *task);

/* "new", "ready", ... */
const char *task_state_name(enum task_state state);

/* What a waiting task waits for ("sleep", "a task", ...), else NULL. */
const char *task_waits_for(const struct task *task);

#endif
