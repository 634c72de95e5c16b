/* coro.c - what an AWAIT does, and what a body does that lost its place. */
#include "coro.h"

#include <stdio.h>
#include <stdlib.h>

#include "task.h"

struct future co_next_pass; /* never waited at: task_step() knows its address */

static void misuse(const char *function, int line, const char *what)
{
    fflush(NULL); /* abort() would lose what stdout still holds */
    fprintf(stderr, "%s:%d: %s\n", function, line, what);
    abort();
}

/* A child runs on at once, in the same task: awaiting a coroutine costs no pass. */
co_status co_await_coro(struct coro *co, struct coro *child, int line)
{
    if (child->at != CO_START)
        misuse("AWAIT", line, "cannot reuse already awaited coroutine");
    child->parent = co;
    co->at = line;
    return (co_status){ child, NULL };
}

/* A future that is done has its outcome at hand: go straight on. */
co_status co_await_future(struct coro *co, struct future *f, int line)
{
    co->at = line;
    if (!f->done)
        return (co_status){ NULL, f };
    f->retrieved = true;
    co->awaited = f->error;
    if (f->error == ECANCELED) /* its message comes along */
        task_current()->future.message = f->message;
    return (co_status){ co, NULL };
}

co_status co_await_task(struct coro *co, struct task *task, int line)
{
    return co_await_future(co, &task->future, line);
}

/* co_where() asks with this place, which is no resume point either. */
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
