/* cancel.c - the counter of requests, and the states, computed from the task's fields. */
#include "cancel.h"

int task_cancelling(const struct task *task)
{
    return task->cancelling;
}

int task_uncancel(struct task *task)
{
    if (task->cancelling > 0 && --task->cancelling == 0)
        task->must_cancel = false;
    return task->cancelling;
}

const char *task_cancel_message(const struct task *task)
{
    bool holds_message = !task->future.done || task->future.error == ECANCELED;

    return holds_message ? task->future.message : NULL;
}

enum task_state task_state(const struct task *task)
{
    if (task->future.done && task->future.error == 0)
        return TASK_DONE;
    if (task->future.done)
        return task->future.error == ECANCELED ? TASK_CANCELLED : TASK_FAILED;
    if (task->future.loop->current == task)
        return TASK_RUNNING;
    if (task->waiting != NULL && !task->waiting->done)
        return TASK_WAITING;
    return task->leaf->at == CO_START ? TASK_NEW : TASK_READY;
}

const char *task_state_name(enum task_state state)
{
    static const char *const names[] = { "new",  "ready",     "running", "waiting",
                                         "done", "cancelled", "failed" };

    return names[state];
}

const char *task_waits_for(const struct task *task)
{
    return task_state(task) == TASK_WAITING ? task->waiting->kind->what : NULL;
}
