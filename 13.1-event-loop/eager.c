/* eager.c - Task.__eager_start: the first step, without the ready queue. */
#include "eager.h"

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
