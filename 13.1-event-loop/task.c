/*
 * task.c - the step that drives a coroutine, and the request to cancel it.
 *
 * A task is resumed at its innermost frame. When a frame finishes, its error goes to the
 * frame that awaits it and the step goes on there.
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

/* A detached task's last handle queues behind its waiters', so it dies after the last of
 * them has read it; when none has, this is the last moment to tell of its error. */
static void free_detached(struct handle *h)
{
    struct task *task = container_of(h, struct task, step);
    int error = task->future.error;

    if (error != 0 && error != ECANCELED && !task->future.retrieved)
        loop_call_exception_handler(task->future.loop,
                                    "Task exception was never retrieved", error, task);
    free(task);
}

/* A request to cancel that met no further await still cancels a task that returns, but
 * not one that fails. */
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

/* loop_call_soon() without its questions: the step belongs to the loop's own thread, and
 * stands in no line while it runs. */
static void step_soon(struct task *task)
{
    loop_collect(task->future.loop);
    ring_append(&task->future.loop->ready, &task->step.link);
}

/* Sleep until `f` is done. What cannot be waited for is raised where it was awaited, one
 * pass later. A cancel that came while the task ran is passed on at once. */
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

/* Run frames until one has to wait or the outermost is finished. */
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

/* Task.__step and __wakeup: bring the leaf what it waited for, or the pending cancel. A
 * body that has not started yet never does when it is cancelled. */
void task_step(struct handle *h)
{
    struct task *task = container_of(h, struct task, step);
    struct future *f = task->waiting;
    struct loop *loop = task->future.loop;
    struct task *before = loop->current; /* NULL but for an eager task (shelf) */

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

/* Task.__eager_start. */
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

/* Pass the request to what the task waits for; when that is on its way already, or the
 * task runs or is about to, keep it until the next await. */
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

/* Frames lie in one another, and their handles in rings that run through them all: so
 * first everything is taken out of the rings, and only then anything is freed. */
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
