/*
 * task_group.h - asyncio.TaskGroup: tasks that belong together and end together.
 *
 *     async with asyncio.TaskGroup() as group:    AWAIT(async_task_group(&self->group,
 *         await body(group)                           body(&self->body, &self->group)));
 *
 * The suite is the coroutine in the group (Python's body of `async with`); it adds the
 * tasks. When a task fails, the others and the suite are cancelled. The group ends when
 * all of them have ended. Call these functions on the loop's thread only. Next: shield.h.
 */
#ifndef TASK_GROUP_H
#define TASK_GROUP_H

#include "task.h"

enum { TASK_GROUP_ERRORS = 8 }; /* a group stores this many errors and counts all */

struct group_task {
    struct task task; /* first member, as task_detach() requires */
    struct task_group *group;
    struct link in_group; /* its link in group->tasks until it is done */
    struct handle done;   /* the task's done callback, which notifies the group */
};

struct task_group {
    struct coro co;
    struct coro *suite;            /* the body of the group, run in the parent */
    int suite_error;               /* the error that the suite ended with, or 0 */
    struct task *parent;           /* the task that entered the group; NULL: none yet */
    struct link tasks;             /* the tasks that are not done, in creation order */
    struct future completed;       /* done with the last task; the parent waits for it */
    bool exiting;                  /* the suite has ended */
    bool aborting;                 /* the tasks have been cancelled */
    bool parent_asked;             /* the group has cancelled the parent as well */
    bool cancelled;                /* the group has to raise the parent's ECANCELED */
    int error_count;               /* failures so far, the suite's included */
    int errors[TASK_GROUP_ERRORS]; /* the first errors, in order of arrival */
};

/* asyncio.TaskGroup(): returns a coroutine that runs `suite` in the same task and then
 * waits for the tasks of the group. Raises AIO_GROUP when a task or the suite has
 * failed; task_group_errors() returns the errors. Raises ECANCELED when the parent was
 * cancelled and nothing failed. When both happened, it raises AIO_GROUP, and the
 * parent's next await raises ECANCELED. The caller owns `self` and keeps it until the
 * coroutine has ended. */
struct coro *async_task_group(struct task_group *self, struct coro *suite);

/* TaskGroup.create_task(): adds a task that runs `co`. The caller owns `task` and keeps
 * it until the group has ended. After this call, task_detach(&task->task) can give a task
 * on the heap to the loop. Returns 0; AIO_NOT_ENTERED before the group is entered, once
 * it has cancelled its tasks, or after the suite and all tasks have ended;
 * AIO_LOOP_CLOSED. */
int task_group_create_task(struct task_group *self, struct group_task *task,
                           struct coro *co);

/* BaseExceptionGroup.exceptions: returns the number of failures, and sets *errors to an
 * array of the first ones, at most TASK_GROUP_ERRORS. The group owns the array. A failed
 * group inside the group counts as one failure, AIO_GROUP. */
int task_group_errors(const struct task_group *self, const int **errors);

#endif
