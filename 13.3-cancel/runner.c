/*
 * runner.c - asyncio's runners.py: Runner, and run(), which uses one. runner_close() runs
 * runner_shutdown_body() in the loop before it closes the loop.
 */
#include "runner.h"

#include <stdlib.h>

static const char unhandled[] = "unhandled exception during run() shutdown";

const struct runner_interrupts *_Atomic runner_interrupts;

int runner_init(struct runner *runner, const struct loop_policy *policy)
{
    int err = loop_init(&runner->loop, policy);

    if (err == 0)
        set_event_loop(&runner->loop);
    return err;
}

int runner_run(struct runner *runner, struct coro *main)
{
    const struct runner_interrupts *interrupts = runner_interrupts;
    int err = loop_create_task(&runner->loop, &runner->main, main);

    if (err == 0 && interrupts != NULL)
        err = interrupts->enter(runner);
    if (err != 0)
        return err;
    err = loop_run_until_complete(&runner->loop, &runner->main);
    return interrupts != NULL ? interrupts->leave(runner, err) : err;
}

/* The error of a task that failed during the shutdown. The task itself may be freed
 * before the error is reported. */
struct failure {
    struct link link;
    struct task task; /* a copy, for its name */
    int error;
};

/* The failures in the loop that this thread closes, in creation order of the tasks. */
static _Thread_local struct link failures;

static void record_failure(const struct task *task, int error)
{
    struct failure *failure = malloc(sizeof *failure);
    struct link *younger = failures.next;

    if (failure == NULL) { /* report it now: that may break the order */
        loop_call_exception_handler(task->future.loop, unhandled, error, task);
        return;
    }
    failure->task = *task;
    failure->error = error;
    while (younger != &failures &&
           container_of(younger, struct failure, link)->task.id < task->id)
        younger = younger->next;
    ring_append(younger, &failure->link);
}

static void report_failures(struct loop *loop)
{
    loop->on_task_failure = NULL;
    while (!ring_empty(&failures)) {
        struct failure *first = container_of(failures.next, struct failure, link);

        ring_remove(&first->link);
        loop_call_exception_handler(loop, unhandled, first->error, &first->task);
        free(first);
    }
}

struct runner_shutdown { /* the coroutine that runs in the loop after the main task */
    struct coro co;
    struct loop *loop;
    struct task *left;   /* the oldest task that is not done */
    struct link *closer; /* the closer that is shut down now */
    int error;           /* the first error of a closer */
};

/* BaseRunner._cancel_all_tasks, then the closers (in asyncio: shutdown_default_executor).
 * The task of this coroutine is younger than the tasks that it waits for, so the wait
 * ends when the oldest pending task is its own. A task that one of them starts during its
 * clean-up is younger than this coroutine's: as in asyncio, nobody waits for it. */
static co_status runner_shutdown_body(struct coro *co)
{
    struct runner_shutdown *self = co_self(co, struct runner_shutdown);
    struct closer *closer;
    int err;

    ASYNC (co) {
        while ((self->left = task_next(self->loop, NULL)) != task_current())
            AWAIT_CATCH_ALL(err, self->left);
        report_failures(self->loop);
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
    struct runner_shutdown shutdown = { .loop = loop, .closer = &loop->closers };
    struct task task;
    int err, close_err;

    for (struct task *t = task_next(loop, NULL); t != NULL; t = task_next(loop, t))
        task_cancel(t, NULL);
    ring_init(&failures);
    loop->on_task_failure = record_failure;
    if (!ring_empty(&loop->tasks) || !ring_empty(&loop->closers)) {
        loop_create_task(loop, &task, co_init(&shutdown.co, runner_shutdown_body));
        err = loop_run_until_complete(loop, &task);
        if (shutdown.error == 0)
            shutdown.error = err; /* AIO_LOOP_STOPPED: a callback stopped the loop */
    }
    report_failures(loop);
    close_err = loop_close(loop);
    return shutdown.error != 0 ? shutdown.error : close_err;
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
