/* outcome.c - asyncio's Future.result(), Future.exception() and Future.__del__. */
#include "outcome.h"

int future_result(struct future *f, void **value)
{
    if (!f->done)
        return AIO_INVALID_STATE;
    f->retrieved = true;
    if (f->error == 0 && value != NULL)
        *value = f->value;
    return f->error;
}

int future_exception(struct future *f, int *error)
{
    if (!f->done)
        return AIO_INVALID_STATE;
    if (future_cancelled(f))
        return ECANCELED;
    f->retrieved = true;
    *error = f->error;
    return 0;
}

static void drop(struct future *f, const char *message, const struct task *task)
{
    if (!f->done || f->error == 0 || f->retrieved || future_cancelled(f))
        return;
    f->retrieved = true;
    loop_call_exception_handler(f->loop, message, f->error, task);
}

void future_drop(struct future *f)
{
    drop(f, "Future exception was never retrieved", NULL);
}

void task_drop(struct task *task)
{
    drop(&task->future, "Task exception was never retrieved", task);
}
