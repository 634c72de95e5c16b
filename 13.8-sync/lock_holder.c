/* lock_holder.c - from a task to the future it waits at, and on to the lock's holder. */
#include "lock_holder.h"

#include <stdio.h>

#include "cancel.h"

/* Only the holder's number is kept, because the task may be gone: see if it is there. */
static const char *holder_name(struct loop *loop, unsigned id, char name[TASK_NAME_MAX])
{
    for (struct task *t = task_next(loop, NULL); t != NULL; t = task_next(loop, t))
        if (t->id == id)
            return task_name(t, name);
    snprintf(name, TASK_NAME_MAX, "Task-%u, ended", id);
    return name;
}

const char *task_wait_reason(const struct task *task, char buffer[WAIT_REASON_MAX])
{
    const char *what = task_waits_for(task);
    struct lock_acquire *frame;
    char name[TASK_NAME_MAX];

    if (what == NULL || task->waiting->kind != &lock_kind)
        return what;
    frame = container_of(task->waiting, struct lock_acquire, waiter.future);
    if (!frame->lock->locked)
        return what;
    snprintf(buffer, WAIT_REASON_MAX, "%s held by %s", what,
             holder_name(task->future.loop, frame->lock->holder, name));
    return buffer;
}
