/*
 * compile.c - a correct body, which causes no warning, and mistakes that the compilers
 * must refuse: misuse.bats defines one name and expects the error that belongs to it.
 */
#include "sleep.h"

struct body {
    struct coro co;
    struct async_sleep sleep;
    struct future *future;
    struct task *task;
    int i;
};

static co_status f_body(struct coro *co)
{
    struct body *self = co_self(co, struct body);
    int err;

    ASYNC (co) {
        if (self->i == 0)
            AWAIT(self->future);
        else
            AWAIT(async_sleep(&self->sleep, 1));
        for (self->i = 0; self->i < 3; self->i++)
            YIELD();
        while (self->i-- > 0) {
            AWAIT_CATCH(err, self->task);
            if (err == ENOENT)
                continue;
            if (err != 0)
                return co_raise(co, err);
        }
        switch (self->i) { /* a nested switch, without an AWAIT in it */
        case 1:
            self->i = 2;
            break;
        default:
            return co_done(co);
        }
        AWAIT_CATCH_ALL(err, async_sleep(&self->sleep, 2));
        self->i = err;
#ifdef BARE_RETURN
        return 0;
#endif
#ifdef TWO_ON_A_LINE
        /* clang-format off */
        AWAIT(self->future); AWAIT(self->task);
        /* clang-format on */
#endif
#ifdef NOT_AWAITABLE
        AWAIT(&self->i);
#endif
#ifdef LOCAL_WITH_A_VALUE
        int n = 5;
        YIELD();
        self->i = n;
#endif
#ifdef LOCAL_SET_BEFORE_AN_AWAIT
        int n;
        n = 5;
        YIELD();
        self->i = n;
#endif
#ifdef LOOP_OVER_A_LOCAL_WITH_A_VALUE
        int n = 5;
        while (n-- > 0)
            YIELD();
#endif
#ifdef LOOP_OVER_A_LOCAL_SET_BEFORE
        int n;
        for (n = 5; n > 0; n--)
            YIELD();
#endif
#ifdef LOCAL_ABOVE_SET_BEFORE_AN_AWAIT
        err = 5;
        YIELD();
        self->i = err;
#endif
#ifdef LOCAL_SET_IN_A_LOOP
        for (self->i = 0; self->i < 3; self->i++) {
            if (self->i == 0)
                err = 5;
            YIELD();
        }
        self->i = err;
#endif
    FINALLY:
        YIELD();
        self->i = 0;
    }
    return co_done(co);
}

struct coro *f(struct body *self);

struct coro *f(struct body *self)
{
    return co_init(&self->co, f_body);
}
