/*
 * task.h - a task: a future that fills itself by resuming a coroutine.
 *
 * Next: sleep.h, main.c; then 13.3, which opens the request to cancel.
 */
#ifndef TASK_H
#define TASK_H

#include "coro.h"

enum { TASK_NAME_MAX = 32 }; /* room for "Task-4294967295" */

struct task {
    struct future future; /* first: a task is a future */
    /* what it does next */
    struct handle step;     /* its one place: in the ready queue, or at `waiting` */
    struct coro *leaf;      /* the innermost frame, the one to resume */
    struct future *waiting; /* what it waits for, or NULL: it is ready, running or done */
    /* opened by 13.3 */
    int cancelling;   /* requests to cancel, less those taken back */
    bool must_cancel; /* a request that could not be delivered yet */
    /* who it is */
    bool detached;       /* the loop frees it; it is the first member of its block */
    unsigned id;         /* named Task-<id> ... */
    const char *name;    /* ... unless the user gave a name, which must outlive it */
    struct link in_loop; /* its place among loop->tasks until it is done */
};

/* loop.create_task(): `co` starts one pass later. The caller owns `task` and the frame;
 * both must stay until the task is done. 0; AIO_LOOP_CLOSED. */
int loop_create_task(struct loop *loop, struct task *task, struct coro *co);

/* Give the task to the loop: when it is done and its waiters have run, the loop calls
 * free() on the block whose first member `task` is. */
void task_detach(struct task *task);

/* Task.set_name(): the string must outlive the task. */
void task_set_name(struct task *task, const char *name);

/* Task.get_name(): its name, made up in `buffer` where it was given none. */
const char *task_name(const struct task *task, char buffer[TASK_NAME_MAX]);

/* asyncio.current_task(): the task whose step runs on this thread's loop, or NULL. */
struct task *task_current(void);

/* asyncio.all_tasks(): the loop's tasks that are not done, in creation order: the one
 * after `task`, or the first for NULL; NULL at the end. */
struct task *task_next(struct loop *loop, struct task *task);

/* Task.cancel(): ask the task to end. ECANCELED is raised at its innermost await, a pass
 * later; the task decides. False when it is done. `message` may be NULL and must outlive
 * the task. The lesson on it is 13.3. */
bool task_cancel(struct task *task, const char *message);

/* For eager tasks (shelf): the two halves of loop_create_task(), and of a task's life.
 * task_init() has its errors; task_step() is the callback of task->step. */
int task_init(struct task *task, struct loop *loop, struct coro *co);
void task_step(struct handle *h);

/* For loop_close(): empty the ready queue, report tasks that are still pending and forget
 * them, free those that are detached. */
void task_abandon_all(struct loop *loop);

/* For task.c: the last callback of a detached task. */
void task_free_detached(struct handle *h);

/* The future of anything that can be awaited but a bare coroutine. */
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

/* loop.run_until_complete() of a future or a task. */
#define loop_run_until_complete(loop, x) loop_run_until_future(loop, as_future(x))

#endif
