/* runner.c - asyncio's runners.py. */
#include "runner.h"

#include <stdlib.h>

static const char unhandled[] = "unhandled exception during run() shutdown";

int runner_init(struct runner *runner, const struct loop_policy *policy)
{
    int err = loop_init(&runner->loop, policy);

    runner->enter = NULL;
    runner->leave = NULL;
    runner->interrupt = NULL;
    if (err == 0)
        set_event_loop(&runner->loop);
    return err;
}

int runner_run(struct runner *runner, struct coro *main)
{
    int err = loop_create_task(&runner->loop, &runner->main, main);

    if (err == 0 && runner->enter != NULL)
        err = runner->enter(runner);
    if (err != 0)
        return err;
    err = loop_run_until_complete(&runner->loop, &runner->main);
    return runner->leave != NULL ? runner->leave(runner, err) : err;
}

/* What a task left over has failed with. The task itself may be gone when it is told. */
struct last_error {
    struct link link;
    struct task task; /* a copy, for its name */
    int error;
};

static _Thread_local struct link
    last_errors; /* of the loop that is being closed, by age of the task */

static void note_error(const struct task *task, int error)
{
    struct last_error *note = malloc(sizeof *note);
    struct link *younger = last_errors.next;

    if (note == NULL) { /* then at once, in whatever order */
        loop_call_exception_handler(task->future.loop, unhandled, error, task);
        return;
    }
    note->task = *task;
    note->error = error;
    while (younger != &last_errors &&
           container_of(younger, struct last_error, link)->task.id < task->id)
        younger = younger->next;
    ring_append(younger, &note->link);
}

static void tell_errors(struct loop *loop)
{
    loop->on_last_error = NULL;
    while (!ring_empty(&last_errors)) {
        struct last_error *first =
            container_of(last_errors.next, struct last_error, link);

        ring_remove(&first->link);
        loop_call_exception_handler(loop, unhandled, first->error, &first->task);
        free(first);
    }
}

struct last_rites { /* what runs in the loop after the main task */
    struct coro co;
    struct loop *loop;
    struct task *left;   /* the oldest task that is not done */
    struct link *closer; /* the next one to shut down */
    int error;           /* the first error of a closer */
};

/* BaseRunner._cancel_all_tasks, then what shutdown_default_executor() stands for. This
 * task is younger than those that it waits for: the first one in line that is itself
 * ends the wait, and what they start while they end is not waited for, as in asyncio. */
static co_status last_rites_body(struct coro *co)
{
    struct last_rites *self = co_self(co, struct last_rites);
    struct closer *closer;
    int err;

    ASYNC (co) {
        while ((self->left = task_next(self->loop, NULL)) != task_current())
            AWAIT_CATCH_ALL(err, self->left);
        tell_errors(self->loop);
        while ((self->closer = self->closer->next) != &self->loop->closers) {
            closer = container_of(self->closer, struct closer, link);
            if (closer->shutdown == NULL)
                continue;
            AWAIT_CATCH_ALL(err, closer->shutdown(closer));
            if (self->error == 0)
                self->error = err;
        }
    }
    return co_done(co);
}

int runner_close(struct runner *runner)
{
    struct loop *loop = &runner->loop;
    struct last_rites rites = { .loop = loop, .closer = &loop->closers };
    struct task task;
    int err, close_err;

    for (struct task *t = task_next(loop, NULL); t != NULL; t = task_next(loop, t))
        task_cancel(t, NULL);
    ring_init(&last_errors);
    loop->on_last_error = note_error;
    if (!ring_empty(&loop->tasks) || !ring_empty(&loop->closers)) {
        loop_create_task(loop, &task, co_init(&rites.co, last_rites_body));
        err = loop_run_until_complete(loop, &task);
        if (rites.error == 0)
            rites.error = err; /* AIO_LOOP_STOPPED: somebody would not have it */
    }
    tell_errors(loop);
    close_err = loop_close(loop);
    return rites.error != 0 ? rites.error : close_err;
}

int async_run(struct coro *main)
{
    struct runner runner;
    int err, close_err;

    if (get_running_loop() != NULL)
        return AIO_LOOP_RUNNING;
    err = runner_init(&runner, NULL);
    if (err != 0)
        return err;
    err = runner_run(&runner, main);
    close_err = runner_close(&runner);
    return err != 0 ? err : close_err;
}
