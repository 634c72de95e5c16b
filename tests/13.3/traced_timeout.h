/* traced_timeout.h - runs a suite under a timeout and adds the outcome to the trace. */
#ifndef TRACED_TIMEOUT_H
#define TRACED_TIMEOUT_H

#include "cancel_case.h"

struct limited {
    struct coro co;
    const char *name;
    struct async_timeout limit;
    struct future *future; /* what `await` awaits, if the suite is a future */
    struct coro await;
    bool raises; /* the error is passed on */
};

static inline co_status await_future_body(struct coro *co)
{
    struct limited *self = container_of(co, struct limited, await);

    ASYNC (co) {
        AWAIT(self->future);
    }
    return co_done(co);
}

static inline co_status limited_body(struct coro *co)
{
    struct limited *self = co_self(co, struct limited);
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, &self->limit.co);
        at("%s=%s", self->name, error_name(err));
        return co_raise(co, self->raises ? err : 0);
    }
    return co_done(co);
}

static inline struct coro *limited(struct limited *self, const char *name, double delay,
                                   struct coro *suite)
{
    self->name = name;
    self->raises = false;
    async_timeout(&self->limit, delay, suite);
    return co_init(&self->co, limited_body);
}

static inline struct coro *limited_at(struct limited *self, double when,
                                      struct coro *suite)
{
    limited(self, "t", 0, suite);
    async_timeout_at(&self->limit, when, suite);
    return &self->co;
}

static inline struct coro *limited_future(struct limited *self, const char *name,
                                          double delay, struct future *f)
{
    self->future = f;
    return limited(self, name, delay, co_init(&self->await, await_future_body));
}

static inline struct coro *limited_raises(struct limited *self, const char *name,
                                          double delay, struct coro *suite)
{
    limited(self, name, delay, suite);
    self->raises = true;
    return &self->co;
}

static inline void note(bool b)
{
    trace("%s", truth(b));
}

static inline void note_count(void)
{
    trace("%d", task_cancelling(task_current()));
}

static inline void busy(struct handle *h) /* a callback that takes 5 s */
{
    (void)h;
    loop.virtual_now += 5;
}

static struct limited t; /* shared by the cases */

#endif
