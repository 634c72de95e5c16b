/*
 * runner.h - asyncio.run(): opens a loop, runs the main coroutine, cancels the tasks that
 * are left, and closes the loop.
 *
 * A program calls async_run(main) and needs no more than that. struct runner is for a
 * program that runs several main coroutines in one loop. Next: main.c; then section 13.4,
 * which adds Ctrl-C (interrupt.h).
 */
#ifndef RUNNER_H
#define RUNNER_H

#include "task.h"

struct runner {               /* asyncio.Runner */
    struct loop loop;         /* its own loop */
    struct task main;         /* the main coroutine's task */
    struct {                  /* the state of runner_interrupts, for one runner_run() */
        struct handle handle; /* called for each SIGINT */
        int count;            /* SIGINTs so far */
        bool stopped;         /* a SIGINT has stopped the loop */
    } interrupt;
};

/* asyncio.Runner(): opens a loop with `policy` (NULL: loop_policy_from_environment()) and
 * makes it this thread's loop. The caller owns the struct, which must not move, and ends
 * it with runner_close(). Returns 0, or an error of loop_init(). */
int runner_init(struct runner *runner, const struct loop_policy *policy);

/* Runner.run(): runs `main` until it is done. Returns the error of `main`, or an error of
 * loop_create_task(), loop_run_until_complete() or runner_interrupts. */
int runner_run(struct runner *runner, struct coro *main);

/* Runner.close(): cancels the tasks that are left, in creation order, and waits for them;
 * reports those that fail to the exception handler; awaits the shutdown() coroutine of
 * each struct closer (loop.h); closes the loop. Returns 0; the first error of these
 * coroutines; or AIO_LOOP_STOPPED when loop_stop() ended the wait. */
int runner_close(struct runner *runner);

/* asyncio.run(): calls runner_init(), runner_run() and runner_close(). Returns 0, their
 * first error, or AIO_LOOP_RUNNING when a loop already runs in this thread. */
int async_run(struct coro *main);

/* Functions that every runner_run() of the process calls. runner_interrupts is NULL until
 * runner_register_interrupts() (section 13.4) sets it; then Ctrl-C cancels `main`. */
struct runner_interrupts {
    /* Called before the loop runs. Returns 0, or an error that runner_run() returns. */
    int (*enter)(struct runner *runner);
    /* Called after the run, with its error. Returns the error of runner_run(). */
    int (*leave)(struct runner *runner, int error);
};
extern const struct runner_interrupts *_Atomic runner_interrupts;

#endif
