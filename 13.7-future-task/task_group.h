/*
 * task_group.h - asyncio.TaskGroup: tasks that belong together and end together.
 *
 *     async with asyncio.TaskGroup() as group:    AWAIT(async_task_group(&self->group,
 *         await body(group)                           body(&self->body, &self->group)));
 *
 * The suite adds tasks while it runs. When one fails, the others and the suite are
 * cancelled; the group ends when all have. Next: shield.h.
 */
#ifndef TASK_GROUP_H
#define TASK_GROUP_H

#include "task.h"

enum { TASK_GROUP_ERRORS = 8 };

struct group_task {
    struct task task; /* first: a detached task frees the block */
    struct task_group *group;
    struct link in_group; /* its place among the group's tasks */
    struct handle done;   /* notifies the group */
};

struct task_group {
    struct coro co;
    struct coro *suite;
    int suite_error;         /* its outcome */
    struct task *parent;     /* the task that entered, NULL before */
    struct link tasks;       /* those that are not done, in creation order */
    struct future completed; /* the parent awaits this until the last task is done */
    bool exiting;            /* the suite has ended */
    bool aborting;           /* the tasks were cancelled */
    bool parent_asked;       /* the group cancelled the parent, and will uncancel it */
    bool cancelled;          /* a cancel of the parent is raised at the end */
    int error_count;         /* failures, the suite's included */
    int errors[TASK_GROUP_ERRORS]; /* the first of them, in order of time */
};

/* TaskGroup(): runs `suite` as the body of the group, in the same task, then waits for
 * the group's tasks. Raises AIO_GROUP when a task or the suite failed;
 * task_group_errors() returns the errors. Raises ECANCELED when the parent was
 * cancelled and nothing failed. */
struct coro *async_task_group(struct task_group *self, struct coro *suite);

/* TaskGroup.create_task(): creates a task of the group. `task` is the caller's and must
 * stay until the group ends; a block on the heap can be given to the loop with
 * task_detach(&task->task) afterwards. Returns 0; AIO_NOT_ENTERED outside the group and
 * while it cancels its tasks; AIO_LOOP_CLOSED. */
int task_group_create_task(struct task_group *self, struct group_task *task,
                           struct coro *co);

/* BaseExceptionGroup.exceptions: returns the number of failures, and points *errors at
 * the first TASK_GROUP_ERRORS of them, an array of the group. The error of a group
 * inside a group is AIO_GROUP. */
int task_group_errors(const struct task_group *self, const int **errors);

#endif
