/* eager.h - tasks that start at once (CPython 3.12's eager_task_factory). */
#ifndef EAGER_H
#define EAGER_H

#include "task.h"

/* loop.create_task() with eager_start: `co` runs now, inside this call, up to its first
 * wait; only then does the task meet the loop. One that never waits is done on return.
 * The running loop's thread only; else as loop_create_task(). */
int loop_create_eager_task(struct loop *loop, struct task *task, struct coro *co);

#endif
