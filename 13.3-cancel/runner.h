/*
 * runner.h - from main coroutine to exit: asyncio.run() and what is left over after it.
 *
 * Next: main.c; then 13.4, which adds Ctrl-C.
 */
#ifndef RUNNER_H
#define RUNNER_H

#include "task.h"

struct runner {       /* asyncio.Runner */
    struct loop loop; /* its own loop */
    struct task main; /* the main coroutine's task */
    /* 13.4: what to do around the main task; each may be NULL */
    int (*enter)(struct runner *runner);
    int (*leave)(struct runner *runner, int error);
    void *interrupt; /* what those two keep */
};

/* asyncio.Runner(): open a loop by `policy`, or by the environment for NULL, and make it
 * this thread's. 0, or what loop_init() says. */
int runner_init(struct runner *runner, const struct loop_policy *policy);

/* Runner.run(): run `main` to its end. Its error. */
int runner_run(struct runner *runner, struct coro *main);

/* Runner.close(): cancel the tasks that are left, in creation order, wait for them, tell
 * the exception handler of those that fail, wait for what registered itself by
 * loop_on_close(), close the loop. 0; the first error of the latter; AIO_LOOP_STOPPED. */
int runner_close(struct runner *runner);

/* asyncio.run(): the three of them. The main coroutine's error, else that of the rest;
 * AIO_LOOP_RUNNING inside a running loop. */
int async_run(struct coro *main);

#endif
