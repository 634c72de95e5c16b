/*
 * task.c - the step that runs a coroutine, the request to cancel it, and the end of a
 * task.
 *
 * A step resumes the innermost frame. When a frame finishes, its error goes to the frame
 * that awaits it, and the step goes on there.
 */
#include "task.h"

#include <stdio.h>
#include <stdlib.h>

static bool cancel_kind(struct future *f, const char *message)
{
    return task_cancel(container_of(f, struct task, future), message);
}

static const struct future_kind task_kind = { .what = "a task",
                                              .cancel = cancel_kind,
                                              .ends_itself = true };

static int task_init(struct task *task, struct loop *loop, struct coro *co)
{
    future_init_kind(&task->future, loop, &task_kind);
    handle_init(&task->step);
    task->step.fn = task_step;
    task->leaf = co;
    task->waiting = NULL;
    task->cancelling = 0;
    task->must_cancel = task->detached = false;
    task->name = NULL;
    if (loop->closed)
        return AIO_LOOP_CLOSED;
    task->id = ++loop->tasks_made;
    ring_append(&loop->tasks, &task->in_loop);
    return 0;
}

int loop_create_task(struct loop *loop, struct task *task, struct coro *co)
{
    int err = task_init(task, loop, co);

    return err != 0 ? err : loop_call_soon(loop, &task->step, task_step);
}

/* The last callback of a detached task. It is scheduled after the callbacks of the tasks
 * that wait for this one, so all of them have read the outcome when it frees the task. An
 * error that none of them has read is reported here. */
static void free_detached(struct handle *h)
{
    struct task *task = container_of(h, struct task, step);
    int error = task->future.error;

    if (error != 0 && error != ECANCELED && !task->future.retrieved)
        loop_call_exception_handler(task->future.loop,
                                    "Task exception was never retrieved", error, task);
    free(task);
}

/* When a request to cancel is still undelivered (the task reached no further await), a
 * task that returns ends cancelled, and a task that fails keeps its error. */
static void finish(struct task *task, int error)
{
    struct loop *loop = task->future.loop;
    const char *message = task->future.message;

    if (task->must_cancel && error == 0)
        error = ECANCELED;
    task->must_cancel = false;
    ring_remove(&task->in_loop);
    future_finish(&task->future, error, NULL);
    if (error == ECANCELED)
        task->future.message = message;
    else if (error != 0 && loop->on_task_failure != NULL) {
        task->future.retrieved = true;
        loop->on_task_failure(task, error);
    }
    if (task->detached)
        loop_call_soon(loop, &task->step, free_detached);
}

/* loop_call_soon() without its checks: a step runs on the loop's thread, and its handle
 * is in no ring while it runs. */
static void step_soon(struct task *task)
{
    loop_collect(task->future.loop);
    ring_append(&task->future.loop->ready, &task->step.link);
}

/* Makes the task sleep until `f` is done. When the task must not wait for `f`, the error
 * is raised at the AWAIT one pass later. A cancel that was requested while the task ran
 * is passed on to `f` at once. */
static void wait_at(struct task *task, struct future *f)
{
    struct loop *loop = task->future.loop;

    task->leaf->awaited = 0;
    if (f == &co_next_pass) {
        step_soon(task);
    } else if (f == &task->future || f->loop != loop) {
        task->leaf->awaited = f->loop != loop ? AIO_OTHER_LOOP : AIO_SELF_AWAIT;
        step_soon(task);
    } else {
        task->waiting = f;
        ring_append(&f->callbacks, &task->step.link); /* `f` is pending */
        if (task->must_cancel && future_cancel(f, task->future.message))
            task->must_cancel = false;
    }
}

/* Runs frames until one of them has to wait or the outermost one is finished. */
static void run_frames(struct task *task)
{
    for (;;) {
        struct coro *co = task->leaf;
        co_status status = co->body(co);

        if (status.run != NULL) {
            task->leaf = status.run;
        } else if (status.wait != NULL) {
            wait_at(task, status.wait);
            return;
        } else if (co->parent == NULL) {
            finish(task, co->error);
            return;
        } else {
            co->parent->awaited = co->error;
            task->leaf = co->parent;
        }
    }
}

/* Task.__step and Task.__wakeup: hands the leaf the outcome of the future that it waited
 * for, or the pending cancel. When a task is cancelled before its first step, its body
 * never starts. */
void task_step(struct handle *h)
{
    struct task *task = container_of(h, struct task, step);
    struct future *f = task->waiting;
    struct loop *loop = task->future.loop;
    struct task *before = loop->current; /* not NULL only for an eager task */

    task->waiting = NULL;
    if (f != NULL) {
        f->retrieved = true;
        task->leaf->awaited = f->error;
        if (f->error == ECANCELED)
            task->future.message = f->message;
    }
    if (task->must_cancel) {
        task->must_cancel = false;
        task->leaf->awaited = ECANCELED;
        if (task->leaf->at == CO_START) {
            finish(task, ECANCELED);
            return;
        }
    }
    loop->current = task;
    run_frames(task);
    loop->current = before;
}

/* Task.__eager_start: the first step, without the ready queue. */
int loop_create_eager_task(struct loop *loop, struct task *task, struct coro *co)
{
    int err;

    if (get_running_loop() != loop)
        return loop_create_task(loop, task, co);
    err = task_init(task, loop, co);
    if (err == 0)
        task_step(&task->step);
    return err;
}

/* Passes the request to the future that the task waits for. When that future is done
 * already, or the task runs or is ready to run, the request is kept until the next
 * await. */
bool task_cancel(struct task *task, const char *message)
{
    if (task->future.done)
        return false;
    task->cancelling++;
    if (task->waiting != NULL && future_cancel(task->waiting, message))
        return true;
    task->must_cancel = true;
    task->future.message = message;
    return true;
}

void task_detach(struct task *task)
{
    task->detached = true;
}

void task_set_name(struct task *task, const char *name)
{
    task->name = name;
}

const char *task_name(const struct task *task, char buffer[TASK_NAME_MAX])
{
    if (task->name != NULL)
        return task->name;
    snprintf(buffer, TASK_NAME_MAX, "Task-%u", task->id);
    return buffer;
}

struct task *task_current(void)
{
    struct loop *loop = get_running_loop();

    return loop != NULL ? loop->current : NULL;
}

struct task *task_next(struct loop *loop, struct task *task)
{
    struct link *next = task != NULL ? task->in_loop.next : loop->tasks.next;

    return next != &loop->tasks ? container_of(next, struct task, in_loop) : NULL;
}

/* Frames contain other frames and tasks, and the rings link handles inside them. So the
 * function first removes every handle from its ring, and frees blocks only after that. */
void task_abandon_all(struct loop *loop)
{
    struct link dead;
    struct task *task;

    ring_init(&dead);
    while (!ring_empty(&loop->ready)) {
        struct handle *h = container_of(loop->ready.next, struct handle, link);

        ring_remove(&h->link);
        if (h->fn == free_detached)
            ring_append(&dead, &h->link);
    }
    while ((task = task_next(loop, NULL)) != NULL) {
        loop_call_exception_handler(loop, "Task was destroyed but it is pending!", 0,
                                    task);
        ring_remove(&task->in_loop);
        ring_remove(&task->step.link);
        if (task->detached)
            ring_append(&dead, &task->step.link);
    }
    while (!ring_empty(&dead)) {
        struct handle *h = container_of(dead.next, struct handle, link);

        ring_remove(&h->link);
        free_detached(h);
    }
}
