/*
 * coro.h - coroutines: functions that can stop at an AWAIT and be resumed there.
 *
 * A coroutine has two parts. Its frame is a struct that begins with struct coro and holds
 * what Python keeps in local variables. Its body is a function that reads like Python's:
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
 * A variable that must keep its value across an AWAIT is a field of the frame, because
 * each resumption calls the body again, and the body jumps to the place where it stopped.
 * So `int n = f();` above ASYNC calls f() at each resumption (`self` relies on that).
 * Inside ASYNC the jump would skip the initialization, and the compilers warn about it.
 * AWAIT must not stand inside a switch statement of your own. Next: task.h.
 */
#ifndef CORO_H
#define CORO_H

#include <errno.h>

#include "future.h"

struct task;

/* The return value of a body. `run`: the task continues with that coroutine now. `wait`:
 * the task sleeps until that future is done. Both NULL: this coroutine is finished. */
typedef struct co_status {
    struct coro *run;
    struct future *wait;
} co_status;

/* Values of coro.at that are not source lines. */
enum { CO_START = 0, CO_FINALLY = -1, CO_FINISHED = -2 };

struct coro {
    co_status (*body)(struct coro *co);
    struct coro *parent; /* the coroutine that awaits it; NULL: a task's outermost */
    int at;              /* where to resume: the line of an AWAIT, or CO_* */
    int error;           /* the error that it ends with; 0: none */
    int awaited;         /* the outcome of the last AWAIT: 0 or an error */
    bool leaving;        /* it has reached its FINALLY */
};

/* The frame whose first member is this coroutine. */
#define co_self(coroutine, type) container_of(coroutine, type, co)

/* Initializes a coroutine and returns it. Nothing of the body runs, as in Python. */
static inline struct coro *co_init(struct coro *co, co_status (*body)(struct coro *))
{
    co->body = body;
    co->parent = NULL;
    co->at = CO_START;
    co->error = co->awaited = 0;
    co->leaving = false;
    return co;
}

/* `return co_done(co);` is Python's return. It runs FINALLY first, unless the body is
 * already in it. In a body that has no FINALLY, the macro ASYNC calls co_close()
 * instead, which finishes the coroutine. */
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

/* `return co_raise(co, error);` is Python's raise. It runs FINALLY first. Inside FINALLY,
 * the new error replaces the pending one. */
static inline co_status co_raise(struct coro *co, int error)
{
    co->error = error;
    return co_done(co);
}

/* Begins the part of a body that may contain AWAIT. The switch takes the default label
 * when `at` is not a resume point of this body. */
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

/* await x, where x is a coroutine, a future or a task. x is evaluated once. An error of x
 * is raised in this coroutine. */
#define AWAIT(x)                              \
    do {                                      \
        CO_SUSPEND(x);                        \
        if (co->awaited != 0)                 \
            return co_raise(co, co->awaited); \
    } while (0)

/* try: await x; except Exception as err. ECANCELED is not caught: it is raised. */
#define AWAIT_CATCH(err, x)                 \
    do {                                    \
        CO_SUSPEND(x);                      \
        if (co->awaited == ECANCELED)       \
            return co_raise(co, ECANCELED); \
        (err) = co->awaited;                \
    } while (0)

/* try: await x; except BaseException as err. Only this one catches ECANCELED. */
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

/* asyncio.sleep(0): lets the other ready callbacks run, and goes on in the next pass. */
#define YIELD() AWAIT(&co_next_pass)
extern struct future co_next_pass;

/* For CO_SUSPEND() only: what it calls for a coroutine, for a future and for a task. */
co_status co_await_coro(struct coro *co, struct coro *child, int line);
co_status co_await_future(struct coro *co, struct future *f, int line);
co_status co_await_task(struct coro *co, struct task *task, int line);

/* ASYNC calls it when `at` is not a resume point of the body. This is normal at the end
 * of a body that has no FINALLY: the coroutine finishes. In all other cases it is misuse:
 * the function prints the reason to stderr and calls abort(). */
co_status co_close(struct coro *co, const char *function);

/* Returns the name of the coroutine's body, a constant string, and sets *line to the
 * coroutine's `at`: the line of the AWAIT at which it waits. For traces. */
const char *co_where(struct coro *co, int *line);

#endif
