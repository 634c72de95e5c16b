/* task_group.c - asyncio's taskgroups.py: create_task, _on_task_done, __aexit__. */
#include "task_group.h"

#include "cancel.h"

static const struct future_kind group_kind = { .what = "a task group",
                                               .cancel = future_end_cancelled };

static void abort_tasks(struct task_group *self)
{
    self->aborting = true;
    for (struct link *l = self->tasks.next; l != &self->tasks; l = l->next)
        task_cancel(&container_of(l, struct group_task, in_group)->task, NULL);
}

static void add_error(struct task_group *self, int error)
{
    if (self->error_count < TASK_GROUP_ERRORS)
        self->errors[self->error_count] = error;
    self->error_count++;
}

/* _on_task_done: the first error cancels the other tasks and the parent, which runs the
 * suite. A task that ended with ECANCELED has not failed. */
static void task_done(struct handle *h)
{
    struct group_task *task = container_of(h, struct group_task, done);
    struct task_group *self = task->group;
    int error = future_error(&task->task.future);

    ring_remove(&task->in_group);
    if (ring_empty(&self->tasks))
        future_set_result(&self->completed, NULL);
    if (error == 0 || error == ECANCELED)
        return;
    add_error(self, error);
    if (self->aborting)
        return;
    abort_tasks(self);
    self->parent_asked = true;
    task_cancel(self->parent, NULL);
}

int task_group_create_task(struct task_group *self, struct group_task *task,
                           struct coro *co)
{
    int err;

    if (self->parent == NULL || self->aborting ||
        (self->exiting && ring_empty(&self->tasks)))
        return AIO_NOT_ENTERED;
    err = loop_create_task(self->parent->future.loop, &task->task, co);
    if (err != 0)
        return err;
    task->group = self;
    ring_append(&self->tasks, &task->in_group);
    handle_init(&task->done);
    return future_add_done_callback(&task->task.future, &task->done, task_done);
}

/* Makes `completed` a new future and returns it. */
static struct future *last_task(struct task_group *self)
{
    future_init_kind(&self->completed, self->parent->future.loop, &group_kind);
    return &self->completed;
}

/* The parent was cancelled while it waited for the tasks. If the group is not aborting,
 * other code has cancelled it: cancel the tasks and raise ECANCELED at the end. */
static void parent_cancelled(struct task_group *self)
{
    if (!self->aborting) {
        self->cancelled = true;
        abort_tasks(self);
    }
}

/* The start of __aexit__: an error of the suite cancels the tasks. */
static void suite_ended(struct task_group *self, int error)
{
    self->exiting = true;
    self->cancelled = error == ECANCELED;
    if (error != 0 && !self->aborting)
        abort_tasks(self);
}

/* The end of __aexit__: returns what the group raises. Errors win over a cancel of the
 * parent, but the cancel is not lost: it is requested again, for the parent's next
 * await. */
static int outcome(struct task_group *self, int suite_error)
{
    if (self->parent_asked && task_uncancel(self->parent) == 0)
        self->cancelled = false;
    if (self->cancelled && self->error_count == 0)
        return ECANCELED;
    if (suite_error != 0 && suite_error != ECANCELED)
        add_error(self, suite_error);
    if (self->error_count == 0)
        return 0;
    if (task_cancelling(self->parent) > 0) {
        task_uncancel(self->parent);
        task_cancel(self->parent, NULL);
    }
    return AIO_GROUP;
}

static co_status async_task_group_body(struct coro *co)
{
    struct task_group *self = co_self(co, struct task_group);
    int err;

    ASYNC (co) {
        self->parent = task_current();
        last_task(self); /* task_done() may complete it before the parent waits for it */
        AWAIT_CATCH_ALL(self->suite_error, self->suite);
        suite_ended(self, self->suite_error);
        while (!ring_empty(&self->tasks)) {
            AWAIT_CATCH_ALL(err, last_task(self));
            if (err != 0)
                parent_cancelled(self);
        }
        return co_raise(co, outcome(self, self->suite_error));
    }
    return co_done(co);
}

struct coro *async_task_group(struct task_group *self, struct coro *suite)
{
    self->suite = suite;
    self->parent = NULL;
    ring_init(&self->tasks);
    self->exiting = self->aborting = false;
    self->parent_asked = self->cancelled = false;
    self->error_count = 0;
    return co_init(&self->co, async_task_group_body);
}

int task_group_errors(const struct task_group *self, const int **errors)
{
    *errors = self->errors;
    return self->error_count;
}
