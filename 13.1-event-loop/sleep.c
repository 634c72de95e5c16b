/* sleep.c - a future, and a timer that completes it and is cancelled at the end. */
#include "sleep.h"

static const struct future_kind sleep_kind = { .what = "sleep",
                                               .cancel = future_end_cancelled };

static void wake(struct handle *h)
{
    struct async_sleep *self = container_of(h, struct async_sleep, timer.handle);

    future_set_result(&self->future, NULL);
}

static co_status async_sleep_body(struct coro *co)
{
    struct async_sleep *self = co_self(co, struct async_sleep);
    struct loop *loop = get_running_loop();
    int err;

    ASYNC (co) {
        if (self->delay <= 0) {
            YIELD();
            return co_done(co);
        }
        future_init_kind(&self->future, loop, &sleep_kind);
        err = loop_call_later(loop, &self->timer, self->delay, wake);
        if (err != 0)
            return co_raise(co, err);
        AWAIT(&self->future);

    FINALLY:
        timer_cancel(loop, &self->timer);
    }
    return co_done(co);
}

struct coro *async_sleep(struct async_sleep *self, double delay)
{
    self->delay = delay;
    timer_init(&self->timer);
    return co_init(&self->co, async_sleep_body);
}
