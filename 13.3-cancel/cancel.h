/*
 * cancel.h - the counter of requests to cancel a task, and the states of a task.
 *
 * The request itself is task_cancel(), in section 13.1's task.h. A task that catches
 * ECANCELED and goes on takes the request back with task_uncancel(). Call all functions
 * on the loop's thread only. Next: timeout.h, which is built on the counter.
 */
#ifndef CANCEL_H
#define CANCEL_H

#include "task.h"

/* Task.cancelling(): returns the number of requests to cancel, minus those taken back. */
int task_cancelling(const struct task *task);

/* Task.uncancel(): takes one request back. Returns the number of requests that are left.
 * When none is left, a request that was not delivered yet is dropped. */
int task_uncancel(struct task *task);

/* Returns the message of the ECANCELED that ended the task (str(CancelledError)) or, for
 * a pending task, of the last cancel that has reached it: a cancel passed on to a future
 * reaches the task when it wakes. Returns NULL when there is no message. */
const char *task_cancel_message(const struct task *task);

enum task_state {
    TASK_NEW,       /* created; its body has not started */
    TASK_READY,     /* its step is in the ready queue */
    TASK_RUNNING,   /* its step runs now */
    TASK_WAITING,   /* it waits for a future */
    TASK_DONE,      /* it ended without an error */
    TASK_CANCELLED, /* it ended with ECANCELED */
    TASK_FAILED,    /* it ended with another error */
};

/* Returns the state of the task now. */
enum task_state task_state(const struct task *task);

/* Returns "new", "ready", "running" and so on. The string is constant. */
const char *task_state_name(enum task_state state);

/* Returns what a waiting task waits for ("sleep", "a task" and so on), or NULL when it
 * does not wait. The string is constant. */
const char *task_waits_for(const struct task *task);

#endif
