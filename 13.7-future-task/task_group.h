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
    struct task task; /* first: it is a task, and may be detached */
    struct task_group *group;
    struct link in_group; /* its place among the group's tasks */
    struct handle done;   /* tells the group */
};

struct task_group {
    struct coro co;
    struct coro *suite;
    int suite_error;               /* what came out of it */
    struct task *parent;           /* the task that entered, NULL before */
    struct link tasks;             /* those that are not done, in creation order */
    struct future completed;       /* the parent waits here for the last of them */
    bool exiting;                  /* the suite has ended */
    bool aborting;                 /* the tasks were asked to cancel */
    bool parent_asked;             /* so was the parent, by us: we take that back */
    bool cancelled;                /* a cancel of the parent is to be raised in the end */
    int error_count;               /* how many have failed, the suite included */
    int errors[TASK_GROUP_ERRORS]; /* the first of these, in the order they came */
};

/* TaskGroup(): run `suite` as the body of the group, in the same task, then wait for the
 * group's tasks. Raises AIO_GROUP when a task or the suite failed: which errors is told
 * by task_group_errors(). ECANCELED when the parent was cancelled and nothing failed. */
struct coro *async_task_group(struct task_group *self, struct coro *suite);

/* TaskGroup.create_task(): `task` is the caller's and has to stay until the group ends.
 * On the heap it can be given to the loop: task_detach(&task->task), after this.
 * 0; AIO_NOT_ENTERED outside the group, and when it is cancelling its tasks;
 * AIO_LOOP_CLOSED. */
int task_group_create_task(struct task_group *self, struct group_task *task,
                           struct coro *co);

/* BaseExceptionGroup.exceptions: how many failed; the first TASK_GROUP_ERRORS of them in
 * *errors, which is the group's. A group inside a group tells AIO_GROUP. */
int task_group_errors(const struct task_group *self, const int **errors);

#endif
