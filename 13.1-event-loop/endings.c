/* endings.c - what nobody waits for any more: errors that nobody has caught, tasks that
 * were let go, and those that are left when the loop closes. */
#include <stdio.h>
#include <stdlib.h>

#include "task.h"

void loop_call_exception_handler(struct loop *loop, const char *message, int error,
                                 const struct task *task)
{
    struct exception_context context = { message, error, task };
    char name[TASK_NAME_MAX];

    if (loop->on_exception != NULL && !loop->handling) {
        loop->handling = true; /* what goes wrong in there goes to stderr */
        loop->on_exception(loop, &context);
        loop->handling = false;
        return;
    }
    fputs(message, stderr);
    if (task != NULL)
        fprintf(stderr, ": %s", task_name(task, name));
    if (error != 0)
        fprintf(stderr, ": %s", aio_strerror(error));
    fputc('\n', stderr);
}

/* A detached task's last handle queues behind its waiters', so it dies after the last of
 * them has read it; when none has, this is the last moment to tell of its error. */
void task_free_detached(struct handle *h)
{
    struct task *task = container_of(h, struct task, step);
    int error = task->future.error;

    if (error != 0 && error != ECANCELED && !task->future.retrieved)
        loop_call_exception_handler(task->future.loop,
                                    "Task exception was never retrieved", error, task);
    free(task);
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
        if (h->fn == task_free_detached)
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
        task_free_detached(h);
    }
}
