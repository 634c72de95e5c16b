/*
 * tasks.c - the order in which tasks take turns, and their names. The traces are CPython
 * 3.13's: each mark is a word and the turn of the loop. Eager start is not implemented
 * yet.
 */
#include "turn_trace.h"

/* ---- the smallest task ---- */

struct steps { /* async def steps(name): twice: say it, sleep(0) */
    struct coro co;
    const char *name;
    int i;
};

static co_status steps_body(struct coro *co)
{
    struct steps *self = co_self(co, struct steps);

    ASYNC (co) {
        for (self->i = 0; self->i < 2; self->i++) {
            trace("%s%d@%lu", self->name, self->i, loop.turns);
            YIELD();
        }
    }
    return co_done(co);
}

static struct coro *steps(struct steps *self, const char *name)
{
    self->name = name;
    return co_init(&self->co, steps_body);
}

/* ---- the order of steps ---- */

struct interleave {
    struct coro co, call;
    struct steps a, b;
    struct task task_a, task_b;
};

static co_status call_body(struct coro *co)
{
    ASYNC (co) {
        said("cs");
    }
    return co_done(co);
}

static co_status interleave_body(struct coro *co)
{
    struct interleave *self = co_self(co, struct interleave);

    ASYNC (co) {
        said("main");
        AWAIT(co_init(&self->call, call_body));
        loop_create_task(&loop, &self->task_a, steps(&self->a, "a"));
        loop_create_task(&loop, &self->task_b, steps(&self->b, "b"));
        said("made");
        AWAIT(&self->task_a);
        AWAIT(&self->task_b);
        said("end");
    }
    return co_done(co);
}

static void tasks_take_turns(void)
{
    struct interleave frame;

    run(co_init(&frame.co, interleave_body));
    EXPECT_TRACE("main@1 cs@1 made@1 a0@2 b0@2 a1@3 b1@3 end@5 turns=6");
}

/* ---- several waiters ---- */

struct waiter {
    struct coro co;
    struct task task;
    const char *name;
    struct future *on;
};

static co_status waiter_body(struct coro *co)
{
    struct waiter *self = co_self(co, struct waiter);

    ASYNC (co) {
        AWAIT(self->on);
        said(self->name);
    }
    return co_done(co);
}

struct line {
    struct coro co;
    struct waiter waiters[3];
    struct future future;
    int i;
};

static co_status line_body(struct coro *co)
{
    static const char *const names[] = { "a", "b", "c" };
    struct line *self = co_self(co, struct line);

    ASYNC (co) {
        future_init(&self->future, &loop);
        for (self->i = 0; self->i < 3; self->i++) {
            struct waiter *w = &self->waiters[self->i];

            w->name = names[self->i];
            w->on = &self->future;
            loop_create_task(&loop, &w->task, co_init(&w->co, waiter_body));
        }
        YIELD();
        said("set");
        future_set_result(&self->future, NULL);
        said("after");
        for (self->i = 0; self->i < 3; self->i++)
            AWAIT(&self->waiters[self->i].task);
    }
    return co_done(co);
}

static void waiters_wake_in_their_order(void)
{
    struct line frame;

    run(co_init(&frame.co, line_body));
    EXPECT_TRACE("set@2 after@2 a@3 b@3 c@3 turns=5");
}

/* ---- names, and the set of all tasks ---- */

static int alive(void)
{
    int n = 0;

    for (struct task *t = task_next(&loop, NULL); t != NULL; t = task_next(&loop, t))
        n++;
    return n;
}

struct crew {
    struct coro co;
    struct steps steps[3];
    struct task tasks[3];
    int i;
};

static co_status crew_body(struct coro *co)
{
    struct crew *self = co_self(co, struct crew);
    char name[TASK_NAME_MAX];

    ASYNC (co) {
        for (self->i = 0; self->i < 3; self->i++)
            loop_create_task(&loop, &self->tasks[self->i],
                             steps(&self->steps[self->i], "s"));
        trace_reset();
        EXPECT_INT(alive(), 4);
        EXPECT_STR(task_name(task_current(), name), "Task-1");
        EXPECT_STR(task_name(&self->tasks[2], name), "Task-4");
        task_set_name(&self->tasks[2], "third");
        EXPECT_STR(task_name(&self->tasks[2], name), "third");
        EXPECT(task_next(&loop, NULL) == task_current());
        EXPECT(task_next(&loop, task_current()) == &self->tasks[0]);
        for (self->i = 0; self->i < 3; self->i++)
            AWAIT(&self->tasks[self->i]);
        EXPECT_INT(alive(), 1);
    }
    return co_done(co);
}

static void tasks_have_names_and_are_listed(void)
{
    struct crew frame;

    EXPECT(task_current() == NULL);
    run(co_init(&frame.co, crew_body));
    EXPECT(task_current() == NULL);
    trace_reset();
}

CHECK_MAIN({ "tasks take turns at each await", tasks_take_turns },
           { "waiters wake in their order", waiters_wake_in_their_order },
           { "tasks have names and are listed", tasks_have_names_and_are_listed })
