/* future.c - completing a future, and its callbacks. Section 13.7 explains futures. */
#include "future.h"

#include <errno.h>

bool future_end_cancelled(struct future *f, const char *message)
{
    future_finish(f, ECANCELED, NULL);
    f->message = message;
    return true;
}

const struct future_kind future_plain = { .what = "a future",
                                          .cancel = future_end_cancelled };

bool future_cancelled(const struct future *f)
{
    return f->done && f->error == ECANCELED && !f->kind->passes_on;
}

int future_error(struct future *f)
{
    if (!f->done)
        return AIO_INVALID_STATE;
    f->retrieved = true;
    return f->error;
}

/* Future.__schedule_callbacks: schedules the callbacks in order. Each handle holds its
 * function, so one splice moves the whole ring. */
void future_finish(struct future *f, int error, void *value)
{
    f->value = value;
    f->error = error;
    f->done = true;
    loop_collect(f->loop);
    ring_splice(&f->loop->ready, &f->callbacks);
}

static int check_set(const struct future *f)
{
    if (f->kind->ends_itself)
        return ENOTSUP;
    return f->done ? AIO_INVALID_STATE : 0;
}

int future_set_result(struct future *f, void *value)
{
    int err = check_set(f);

    if (err != 0)
        return err;
    future_finish(f, 0, value);
    return 0;
}

int future_set_exception(struct future *f, int error)
{
    int err = error != 0 ? check_set(f) : EINVAL;

    if (err != 0)
        return err;
    future_finish(f, error, NULL);
    return 0;
}

bool future_cancel(struct future *f, const char *message)
{
    return !f->done && f->kind->cancel(f, message);
}

int future_add_done_callback(struct future *f, struct handle *h,
                             void (*fn)(struct handle *))
{
    if (f->done)
        return loop_call_soon(f->loop, h, fn);
    if (handle_scheduled(h))
        return EBUSY;
    h->fn = fn;
    ring_append(&f->callbacks, &h->link);
    return 0;
}

int future_remove_done_callback(struct future *f, struct handle *h)
{
    if (f->done || !handle_scheduled(h))
        return 0;
    ring_remove(&h->link);
    return 1;
}
