/* coro.c - the three forms of AWAIT, and the end of a body. */
#include "coro.h"

#include <stdio.h>
#include <stdlib.h>

#include "task.h"

struct future co_next_pass; /* only a marker for wait_at() in task.c */

static void misuse(const char *function, int line, const char *what)
{
    fflush(NULL); /* abort() may discard buffered output */
    fprintf(stderr, "%s:%d: %s\n", function, line, what);
    abort();
}

/* The child starts at once, in the same task: awaiting a coroutine takes no pass. */
co_status co_await_coro(struct coro *co, struct coro *child, int line)
{
    if (child->at != CO_START)
        misuse("AWAIT", line, "cannot reuse already awaited coroutine");
    child->parent = co;
    co->at = line;
    return (co_status){ child, NULL };
}

/* The body goes on at once when the future is done already. */
co_status co_await_future(struct coro *co, struct future *f, int line)
{
    co->at = line;
    if (!f->done)
        return (co_status){ NULL, f };
    f->retrieved = true;
    co->awaited = f->error;
    if (f->error == ECANCELED) /* pass its message on */
        task_current()->future.message = f->message;
    return (co_status){ co, NULL };
}

co_status co_await_task(struct coro *co, struct task *task, int line)
{
    return co_await_future(co, &task->future, line);
}

/* co_where() calls the body with this value of `at`, which is not a resume point
 * either. */
enum { CO_ASKED = -3 };
static _Thread_local const char *answer;

co_status co_close(struct coro *co, const char *function)
{
    if (co->at == CO_FINALLY)
        co->at = CO_FINISHED;
    else if (co->at == CO_ASKED)
        answer = function;
    else if (co->at == CO_FINISHED)
        misuse(function, 0, "resumed after it finished");
    else
        misuse(function, co->at, "not a resume point: is AWAIT inside a switch?");
    return (co_status){ NULL, NULL };
}

const char *co_where(struct coro *co, int *line)
{
    *line = co->at;
    co->at = CO_ASKED;
    co->body(co);
    co->at = *line;
    return answer;
}
