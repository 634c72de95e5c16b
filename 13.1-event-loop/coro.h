/*
 * coro.h - coroutines: functions that can stop in the middle and be resumed there.
 *
 * A coroutine is a frame (a struct that begins with struct coro and holds what Python
 * would keep in local variables) and a body, a function whose text looks like Python's:
 *
 *     struct nap {                            async def nap(n):
 *         struct coro co;
 *         int n;
 *         struct async_sleep sleep;
 *     };
 *     static co_status nap_body(struct coro *co)
 *     {
 *         struct nap *self = co_self(co, struct nap);
 *
 *         ASYNC (co) {
 *             while (self->n-- > 0)               while n > 0: n -= 1
 *                 AWAIT(async_sleep(&self->sleep, 1));    await asyncio.sleep(1)
 *         FINALLY:                            finally:
 *             puts("up");                         print("up")
 *         }
 *         return co_done(co);
 *     }
 *     static struct coro *nap(struct nap *self, int n)
 *     {
 *         self->n = n;
 *         return co_init(&self->co, nap_body);
 *     }
 *
 * What has to outlive an AWAIT is a field of the frame: the body is entered anew at each
 * resumption, and jumps to where it was. So `int n = f();` above ASYNC calls f() at each
 * resumption (that is how `self` works), and inside ASYNC it would be skipped, which the
 * compilers warn of. AWAIT may not stand inside a switch of your own. Next: task.h.
 */
#ifndef CORO_H
#define CORO_H

#include <errno.h>

#include "future.h"

struct task;

/* What a body's return tells the step: go on with `run` now, or sleep until `wait` is
 * done; both NULL: this coroutine is finished. */
typedef struct co_status {
    struct coro *run;
    struct future *wait;
} co_status;

/* Values of coro.at that are no source lines. */
enum { CO_START = 0, CO_FINALLY = -1, CO_FINISHED = -2 };

struct coro {
    co_status (*body)(struct coro *co);
    struct coro *parent; /* the coroutine that awaits it, NULL: a task's outermost */
    int at;              /* where to resume: the line of an AWAIT, or CO_* */
    int error;           /* the error it is leaving with, 0: none */
    int awaited;         /* what the last AWAIT brought: 0 or an error */
    bool leaving;        /* it has reached its FINALLY */
};

/* The frame that begins with this coroutine. */
#define co_self(coroutine, type) container_of(coroutine, type, co)

/* Calling the coroutine function only builds the coroutine, as in Python. */
static inline struct coro *co_init(struct coro *co, co_status (*body)(struct coro *))
{
    co->body = body;
    co->parent = NULL;
    co->at = CO_START;
    co->error = co->awaited = 0;
    co->leaving = false;
    return co;
}

/* `return co_done(co);` is Python's return: FINALLY first, if it has not been passed. A
 * body without FINALLY falls to co_close(), which ends it. */
static inline co_status co_done(struct coro *co)
{
    if (co->leaving) {
        co->at = CO_FINISHED;
        return (co_status){ NULL, NULL };
    }
    co->leaving = true;
    co->at = CO_FINALLY;
    return (co_status){ co, NULL };
}

/* `return co_raise(co, error);` is raise: FINALLY first. Inside FINALLY the new error
 * replaces the one that is pending. */
static inline co_status co_raise(struct coro *co, int error)
{
    co->error = error;
    return co_done(co);
}

/* The suite. The default is reached when `at` is no resume point of this body. */
#define ASYNC(co)                          \
    switch ((co)->at)                      \
    case CO_START:                         \
        if (0)                             \
        default:                           \
            return co_close(co, __func__); \
        else

#define FINALLY         \
    return co_done(co); \
    case CO_FINALLY

/* await x; x is a coroutine, a future or a task, evaluated once. An error is raised. */
#define AWAIT(x)                              \
    do {                                      \
        CO_SUSPEND(x);                        \
        if (co->awaited != 0)                 \
            return co_raise(co, co->awaited); \
    } while (0)

/* try: await x; except Exception as err. ECANCELED is not caught: it goes on out. */
#define AWAIT_CATCH(err, x)                 \
    do {                                    \
        CO_SUSPEND(x);                      \
        if (co->awaited == ECANCELED)       \
            return co_raise(co, ECANCELED); \
        (err) = co->awaited;                \
    } while (0)

/* try: await x; except BaseException as err: the only way to see a cancel. */
#define AWAIT_CATCH_ALL(err, x) \
    do {                        \
        CO_SUSPEND(x);          \
        (err) = co->awaited;    \
    } while (0)

#define CO_SUSPEND(x)                                  \
    return _Generic((x), struct coro *                 \
                    : co_await_coro, struct future *   \
                    : co_await_future, struct task *   \
                    : co_await_task)(co, x, __LINE__); \
    case __LINE__:

/* Hand the turn back for one pass: what asyncio.sleep(0) does. */
#define YIELD() AWAIT(&co_next_pass)
extern struct future co_next_pass;

/* The three meanings of AWAIT, chosen by the type of its operand. */
co_status co_await_coro(struct coro *co, struct coro *child, int line);
co_status co_await_future(struct coro *co, struct future *f, int line);
co_status co_await_task(struct coro *co, struct task *task, int line);

/* Where ASYNC goes when `at` is none of its resume points: the end of a body without
 * FINALLY. Anything else is misuse, named on stderr before abort(). */
co_status co_close(struct coro *co, const char *function);

/* The name of a coroutine's body and the line at which it waits, for traces. The string
 * is constant. */
const char *co_where(struct coro *co, int *line);

#endif
