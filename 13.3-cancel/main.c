/*
 * main.c - section 13.3: requests to cancel a task, and how the task can respond.
 *
 * Usage: build/13.3/main
 * New since section 13.1: async_run() instead of a bare loop, and pages that can hang.
 * Next: 13.4-callbacks/main.c, where threads and signals make requests to the loop.
 */
#include <stdio.h>

#include "cancel.h"
#include "runner.h"
#include "sleep.h"
#include "timeout.h"

static double start; /* loop time at which the part began */

static void begin(const char *title)
{
    printf("-- %s\n", title);
    start = loop_time(get_running_loop());
}

static void say(const char *who, const char *what)
{
    printf("t=%.2f  %-7s %s\n", loop_time(get_running_loop()) - start, who, what);
}

static const char *yes(bool it)
{
    return it ? "True" : "False";
}

static const char *outcome(int err)
{
    switch (err) {
    case 0:
        return "returned";
    case ECANCELED:
        return "CancelledError";
    case ETIMEDOUT:
        return "TimeoutError";
    default:
        return "another error";
    }
}

/* ---- child and parent: the request reaches the child, the error the parent ---- */

struct child { /* async def child() */
    struct coro co;
    bool opened;
    struct async_sleep sleep, flush;
};

static co_status child_body(struct coro *co)
{
    struct child *self = co_self(co, struct child);

    ASYNC (co) {
        say("child", "opens");
        self->opened = true;
        AWAIT(async_sleep(&self->sleep, 10));
        say("child", "is never here");

    FINALLY:
        if (self->opened)
            AWAIT(async_sleep(&self->flush, 0.05));
        say("child", "has cleaned up, which took an await");
    }
    return co_done(co);
}

static struct coro *child(struct child *self)
{
    self->opened = false;
    return co_init(&self->co, child_body);
}

struct parent { /* async def parent() */
    struct coro co;
    struct child child;
};

static co_status parent_body(struct coro *co)
{
    struct parent *self = co_self(co, struct parent);

    ASYNC (co) {
        AWAIT(child(&self->child));

    FINALLY:
        say("parent", "has cleaned up");
    }
    return co_done(co);
}

static struct coro *parent(struct parent *self)
{
    return co_init(&self->co, parent_body);
}

struct ask { /* async def ask() */
    struct coro co;
    struct parent parent;
    struct task task;
    struct async_sleep sleep;
};

static co_status ask_body(struct coro *co)
{
    struct ask *self = co_self(co, struct ask);
    bool asked;
    int err;

    ASYNC (co) {
        begin("a request, not a blow");
        loop_create_task(get_running_loop(), &self->task, parent(&self->parent));
        printf("state: %s\n", task_state_name(task_state(&self->task)));
        AWAIT(async_sleep(&self->sleep, 0.1));
        printf("state: %s\n", task_state_name(task_state(&self->task)));
        asked = task_cancel(&self->task, "enough");
        printf("cancel() = %s, done = %s\n", yes(asked),
               yes(future_done(&self->task.future)));
        AWAIT_CATCH_ALL(err, &self->task);
        say("main", outcome(err));
        printf("message: %s, state: %s\n", task_cancel_message(&self->task),
               task_state_name(task_state(&self->task)));
        printf("cancel() again = %s\n", yes(task_cancel(&self->task, NULL)));
    }
    return co_done(co);
}

/* ---- a cancel before the first step, and a task that catches a cancel ---- */

struct stubborn { /* async def stubborn() */
    struct coro co;
    struct async_sleep sleep;
};

static co_status stubborn_body(struct coro *co)
{
    struct stubborn *self = co_self(co, struct stubborn);
    int err;

    ASYNC (co) {
        say("worker", "begins");
        AWAIT_CATCH_ALL(err, async_sleep(&self->sleep, 10));
        printf("caught %s, goes on; cancelling = %d\n", outcome(err),
               task_cancelling(task_current()));
        AWAIT(async_sleep(&self->sleep, 0.2));
        printf("uncancel leaves %d\n", task_uncancel(task_current()));
    }
    return co_done(co);
}

struct answers { /* async def answers() */
    struct coro co;
    struct stubborn stubborn;
    struct task task;
    struct async_sleep sleep;
};

static co_status answers_body(struct coro *co)
{
    struct answers *self = co_self(co, struct answers);
    struct loop *loop = get_running_loop();
    int err;

    ASYNC (co) {
        begin("before the first step: the body never runs");
        loop_create_task(loop, &self->task, co_init(&self->stubborn.co, stubborn_body));
        task_cancel(&self->task, NULL);
        AWAIT_CATCH_ALL(err, &self->task);
        say("main", outcome(err));

        begin("the task decides: this one catches it");
        loop_create_task(loop, &self->task, co_init(&self->stubborn.co, stubborn_body));
        AWAIT(async_sleep(&self->sleep, 0.1));
        task_cancel(&self->task, NULL);
        AWAIT_CATCH_ALL(err, &self->task);
        say("main", outcome(err));
        printf("cancelled = %s\n", yes(future_cancelled(&self->task.future)));
    }
    return co_done(co);
}

/* ---- the step towards the crawler: a timeout ends a page that hangs ---- */

static const double latency[] = { 0.2, 3600, 0.3 }; /* page 1 hangs */

struct page { /* async def page(n) */
    struct coro co;
    int n;
    bool open;
    struct async_sleep sleep;
};

static co_status page_body(struct coro *co)
{
    struct page *self = co_self(co, struct page);

    ASYNC (co) {
        self->open = true;
        AWAIT(async_sleep(&self->sleep, latency[self->n]));
        printf("t=%.2f  page %d  arrived\n", loop_time(get_running_loop()) - start,
               self->n);

    FINALLY:
        if (self->open)
            printf("t=%.2f  page %d  closed\n", loop_time(get_running_loop()) - start,
                   self->n);
    }
    return co_done(co);
}

static struct coro *page(struct page *self, int n)
{
    self->n = n;
    self->open = false;
    return co_init(&self->co, page_body);
}

struct crawl { /* async def crawl() */
    struct coro co;
    int n;
    struct page page;
    struct async_timeout limit;
};

static co_status crawl_body(struct coro *co)
{
    struct crawl *self = co_self(co, struct crawl);
    int err;

    ASYNC (co) {
        begin("pages: 0.50 s for each, no more");
        for (self->n = 0; self->n < 3; self->n++) {
            AWAIT_CATCH(err,
                        async_timeout(&self->limit, 0.5, page(&self->page, self->n)));
            printf("t=%.2f  page %d  %s\n", loop_time(get_running_loop()) - start,
                   self->n, outcome(err));
        }
    }
    return co_done(co);
}

/* ---- the tasks that are left when the main coroutine returns ---- */

struct leftover { /* async def leftover() */
    struct coro co;
    struct async_sleep sleep;
};

static co_status leftover_body(struct coro *co)
{
    struct leftover *self = co_self(co, struct leftover);

    ASYNC (co) {
        AWAIT(async_sleep(&self->sleep, 1000));

    FINALLY:
        say("left", "cancelled by run(), which waits for it");
    }
    return co_done(co);
}

struct program { /* async def program() */
    struct coro co;
    struct ask ask;
    struct answers answers;
    struct crawl crawl;
    struct leftover leftover;
    struct task task;
    struct async_sleep sleep;
};

static co_status program_body(struct coro *co)
{
    struct program *self = co_self(co, struct program);

    ASYNC (co) {
        AWAIT(co_init(&self->ask.co, ask_body));
        AWAIT(co_init(&self->answers.co, answers_body));
        AWAIT(co_init(&self->crawl.co, crawl_body));

        begin("left over");
        loop_create_task(get_running_loop(), &self->task,
                         co_init(&self->leftover.co, leftover_body));
        AWAIT(async_sleep(&self->sleep, 0.1));
        say("main", "returns");
    }
    return co_done(co);
}

int main(void)
{
    struct program program;
    int err = async_run(co_init(&program.co, program_body));

    if (err != 0)
        fprintf(stderr, "13.3: %s\n", aio_strerror(err));
    else
        puts("the loop is closed");
    return err != 0;
}
