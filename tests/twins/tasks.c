/*
 * tasks.c - behaviour of tasks: the cost of an await, the order of tasks. tasks.py on
 * asyncio.
 */
#include "async_wait.h"
#include "scenario.h"
#include "shield.h"
#include "task_group.h"

static co_status nothing_body(struct coro *co)
{
    ASYNC (co) {
    }
    return co_done(co);
}

static struct coro nothings[5];

static struct coro *nothing(int n)
{
    return co_init(&nothings[n], nothing_body);
}

static unsigned long before;

/* Await x and report how many passes that took. */
#define COST(word, x)                                            \
    do {                                                         \
        before = stage.loop.turns;                               \
        AWAIT(x);                                                \
        mark("%s: %lu passes", word, stage.loop.turns - before); \
    } while (0)

static void set_g(struct handle *h)
{
    (void)h;
    future_set_result(&stage.g, NULL);
}

static struct task_group group;
static struct group_task group_task;

static co_status suite_body(struct coro *co)
{
    ASYNC (co) {
        task_group_create_task(&group, &group_task, nothing(4));
    }
    return co_done(co);
}

static void prepare(void)
{
    future_init(&stage.f, &stage.loop);
    future_set_result(&stage.f, NULL);
    future_init(&stage.g, &stage.loop);
}

ROW(b23, "B23 what an await costs in passes")
{
    static struct gather gather;
    static struct async_wait wait;
    static struct shield shield;
    static struct coro suite;

    ASYNC (co) {
        prepare();
        COST("a done future", &stage.f);
        COST("a plain coroutine", nothing(0));
        COST("sleep(0)", async_sleep(&stage.sleep, 0));
        COST("a new task", start(0, nothing(0)));
        loop_call_soon(&stage.loop, say(0, "", NULL), set_g);
        COST("a future set by call_soon", &stage.g);
        start(1, nothing(1));
        COST("gather", async_gather(&gather, &stage.item[1], 1, 0));
        start(2, nothing(2));
        COST("wait", async_wait(&wait, &stage.item[2], 1, TIMEOUT_NONE, ALL_COMPLETED));
        COST("shield", async_shield(&shield, start(3, nothing(3))));
        COST("a group", async_task_group(&group, co_init(&suite, suite_body)));
    }
    return co_done(co);
}

struct turns {
    struct coro co;
    const char *name;
    int i;
};

static co_status turns_body(struct coro *co)
{
    struct turns *self = co_self(co, struct turns);

    ASYNC (co) {
        for (self->i = 0; self->i < 3; self->i++) {
            mark("%s%d", self->name, self->i);
            YIELD();
        }
    }
    return co_done(co);
}

ROW(b24, "B24 sleep(0) costs one pass, and tasks take turns")
{
    static struct turns a = { .name = "a" }, b = { .name = "b" };
    static struct async_wait wait;

    ASYNC (co) {
        start(0, co_init(&a.co, turns_body));
        start(1, co_init(&b.co, turns_body));
        AWAIT(async_wait(&wait, stage.item, 2, TIMEOUT_NONE, ALL_COMPLETED));
    }
    return co_done(co);
}

static co_status await_itself_body(struct coro *co)
{
    ASYNC (co) {
        ATTEMPT("itself", task_current());
    }
    return co_done(co);
}

ROW(b25, "B25 a task that awaits itself gets an error")
{
    static struct coro itself;

    ASYNC (co) {
        AWAIT(start(0, co_init(&itself, await_itself_body)));
    }
    return co_done(co);
}

struct child {
    struct coro co;
    const char *name;
    int passes;
};

static co_status child_body(struct coro *co)
{
    struct child *self = co_self(co, struct child);

    ASYNC (co) {
        mark("%s-1", self->name);
        if (self->passes > 0) {
            while (self->passes-- > 0)
                YIELD();
            mark("%s-2", self->name);
        }
    }
    return co_done(co);
}

ROW(b26, "B26 eager start: the body runs inside create_task")
{
    static struct child slow = { .name = "child", .passes = 1 };
    static struct child quick = { .name = "quick" };

    ASYNC (co) {
        mark("before");
        soon(0, "ready before the child's second step", NULL);
        loop_create_eager_task(&stage.loop, &stage.task[0],
                               co_init(&slow.co, child_body));
        mark("after-create");
        loop_create_eager_task(&stage.loop, &stage.task[1],
                               co_init(&quick.co, child_body));
        mark("done: %s", truth(future_done(&stage.task[1].future)));
        AWAIT(&stage.task[0]);
        mark("d");
    }
    return co_done(co);
}

static co_status cancels_itself_body(struct coro *co)
{
    return co_raise(co, ECANCELED);
}

ROW(b29, "B29 a coroutine that raises CancelledError ends its task cancelled")
{
    static struct coro cancels;

    ASYNC (co) {
        start(0, co_init(&cancels, cancels_itself_body));
        ATTEMPT("awaiter", &stage.task[0]);
        states(1);
    }
    return co_done(co);
}

ROWS(&b23, &b24, &b25, &b26, &b29)
