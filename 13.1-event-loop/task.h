/*
 * task.h - a task: a future that completes itself by running a coroutine.
 *
 * Give a coroutine to loop_create_task(); the loop then runs it, one step at a time,
 * until it returns. Other coroutines await the task or cancel it. Next: sleep.h, main.c;
 * then section 13.3, whose subject is cancellation.
 */
#ifndef TASK_H
#define TASK_H

#include "coro.h"

enum { TASK_NAME_MAX = 32 }; /* room for "Task-4294967295" */

struct task {
    struct future future; /* first member: a task is a future */
    /* what it does next */
    struct handle step;     /* in the ready queue, or among the callbacks of `waiting` */
    struct coro *leaf;      /* the innermost frame: the one to resume */
    struct future *waiting; /* the future it waits for; NULL: ready, running or done */
    /* explained in section 13.3 */
    int cancelling;   /* requests to cancel, minus those taken back */
    bool must_cancel; /* a request that could not be delivered yet */
    /* identity */
    bool detached;       /* task_detach() was called: the loop frees the task */
    unsigned id;         /* its default name is Task-<id> */
    const char *name;    /* the name set by the user, not owned; or NULL */
    struct link in_loop; /* its link in loop->tasks until it is done */
};

/* loop.create_task(): schedules `co` to start in the next pass. The caller owns `task`
 * and the frame, and keeps both until the task is done and its done callbacks have run.
 * Call it on the loop's thread only. Returns 0; AIO_LOOP_CLOSED; or, in debug mode,
 * AIO_WRONG_THREAD. */
int loop_create_task(struct loop *loop, struct task *task, struct coro *co);

/* loop.create_task() with eager_start (CPython 3.12's eager_task_factory): runs `co`
 * inside this call up to its first wait, and only then hands the task to the loop. A
 * coroutine that never waits is done on return. When `loop` does not run in this thread,
 * the function does what loop_create_task() does. Returns 0 or the same errors. */
int loop_create_eager_task(struct loop *loop, struct task *task, struct coro *co);

/* Gives the task to the loop. After the task is done and its done callbacks have run,
 * the loop calls free(task), so `task` must be at the start of a block from malloc(). */
void task_detach(struct task *task);

/* Task.set_name(): the task keeps the pointer, so the string must outlive the task. */
void task_set_name(struct task *task, const char *name);

/* Task.get_name(): returns the name set by the user, or writes the default name to
 * `buffer` and returns that. */
const char *task_name(const struct task *task, char buffer[TASK_NAME_MAX]);

/* asyncio.current_task(): returns the task whose step runs in this thread, or NULL. */
struct task *task_current(void);

/* asyncio.all_tasks(): walks the loop's tasks that are not done, in creation order.
 * Returns the task after `task`, which must not be done. Returns the first task when
 * `task` is NULL, and NULL when there is no further task. */
struct task *task_next(struct loop *loop, struct task *task);

/* Task.cancel(): requests that the task end. If the task waits, the request cancels the
 * future it waits for; when that future ends with ECANCELED, the innermost await raises
 * ECANCELED one pass later. Otherwise ECANCELED is raised at the await where the task
 * resumes next; a body that has not started never runs. The task may catch ECANCELED and
 * go on. Returns false when the task is done already. `message` may be NULL and must
 * outlive the task. Call it on the loop's thread only. See section 13.3. */
bool task_cancel(struct task *task, const char *message);

/* The callback of task->step: runs the task up to its next wait. The debug mode of
 * section 13.4 recognizes tasks by it. */
void task_step(struct handle *h);

/* Empties the ready queue, reports the tasks that are still pending to the exception
 * handler, removes them from the loop, and frees the detached ones. Only loop_close()
 * calls it. */
void task_abandon_all(struct loop *loop);

/* Returns the future of `x`, a `struct future *` or a `struct task *`. */
#define as_future(x) \
    _Generic((x), struct future * : future_itself, struct task * : task_future)(x)

static inline struct future *future_itself(struct future *f)
{
    return f;
}

static inline struct future *task_future(struct task *task)
{
    return &task->future;
}

/* loop.run_until_complete(): calls loop_run_until_future() for a future or a task. */
#define loop_run_until_complete(loop, x) loop_run_until_future(loop, as_future(x))

#endif
