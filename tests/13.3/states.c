/*
 * states.c - checks of a task's states, of the future that it awaits, and of the chain of
 * frames that shows its place.
 */
#include "cancel_case.h"

#define STAGE struct stage *self = co_self(co, struct stage)

struct fate { /* records its own state, then awaits a future */
    struct coro co;
    const struct task *task;
    struct future *future;
};

static void note_state(const struct task *task)
{
    const char *what = task_waits_for(task);

    if (what != NULL)
        trace("%s(%s)", task_state_name(task_state(task)), what);
    else
        trace("%s", task_state_name(task_state(task)));
}

static co_status fate_body(struct coro *co)
{
    struct fate *self = co_self(co, struct fate);

    ASYNC (co) {
        note_state(self->task);
        AWAIT(self->future);
    }
    return co_done(co);
}

enum { RETURNED, CANCELLED, FAILED, NEVER_BEGUN, FATES };

/* Four tasks with four outcomes: each path through the states. */
CASE(fates, "new running waiting(a future) ready done new running waiting(a future) ready"
            " cancelled new running waiting(a future) ready failed new new cancelled")
{
    STAGE;
    static struct fate fate;
    int err;

    ASYNC (co) {
        for (self->i = 0; self->i < FATES; self->i++) {
            future_init(&self->f, &loop);
            fate.future = &self->f;
            fate.task = start(self, 0, co_init(&fate.co, fate_body));
            note_state(&self->task[0]);
            if (self->i != NEVER_BEGUN) {
                YIELD();
                note_state(&self->task[0]);
            }
            if (self->i == RETURNED)
                future_set_result(&self->f, NULL);
            else if (self->i == FAILED)
                future_set_exception(&self->f, EIO);
            else
                task_cancel(&self->task[0], NULL);
            note_state(&self->task[0]);
            AWAIT_CATCH_ALL(err, &self->task[0]);
            EXPECT_INT(err, self->i == RETURNED ? 0
                            : self->i == FAILED ? EIO
                                                : ECANCELED);
            note_state(&self->task[0]);
        }
    }
    return co_done(co);
}

CASE(waits_for, "parent=ECANCELED:3 parent-fin:3")
{
    STAGE;
    static struct async_sleep sleep;
    int err;

    ASYNC (co) {
        start(self, 0, async_sleep(&sleep, 1));
        start(self, 1, over_future(&self->over[0], "parent", &self->task[0].future));
        note_state(&self->task[0]);
        note_state(&self->task[1]);
        note_state(task_current());
        YIELD();
        note_state(&self->task[0]);
        note_state(&self->task[1]);
        task_cancel(&self->task[0], NULL);
        EXPECT_TRACE("new new running waiting(sleep) waiting(a task)");
        AWAIT_CATCH_ALL(err, &self->task[1]);
        EXPECT_INT(err, ECANCELED);
        EXPECT(task_waits_for(&self->task[1]) == NULL);
    }
    return co_done(co);
}

/* ---- all tasks, in creation order, without the done ones ---- */

static void list_tasks(void)
{
    char name[TASK_NAME_MAX];

    for (struct task *t = task_next(&loop, NULL); t != NULL; t = task_next(&loop, t))
        trace("%s", task_name(t, name));
}

CASE(all_tasks, "main one two three main one two three main one three main three main")
{
    STAGE;
    static struct async_sleep sleeps[3];
    static const char *const names[] = { "one", "two", "three" };
    static const double delays[] = { 1, 10, 3 };

    ASYNC (co) {
        task_set_name(task_current(), "main");
        for (int i = 0; i < 3; i++)
            task_set_name(start(self, i, async_sleep(&sleeps[i], delays[i])), names[i]);
        list_tasks();
        YIELD();
        task_cancel(&self->task[1], NULL);
        list_tasks();
        YIELD();
        list_tasks();
        AWAIT(async_sleep(&self->sleep, 2));
        list_tasks();
        AWAIT(async_sleep(&self->sleep, 2));
        list_tasks();
    }
    return co_done(co);
}

/* ---- done callbacks of a task that is cancelled ---- */

static void one(struct handle *h)
{
    (void)h;
    mark("%s", "cb1");
}

static void two(struct handle *h)
{
    (void)h;
    mark("%s", "cb2");
}

static void late(struct handle *h)
{
    (void)h;
    mark("%s", "late");
}

CASE(done_callbacks, "a+:1 a-CE:1 a-fin:1 cb1:2 cb2:2 late:4 end:5")
{
    STAGE;
    static struct handle h[3];

    ASYNC (co) {
        start(self, 0, nap(&self->nap[0], "a", 10));
        future_add_done_callback(&self->task[0].future, &h[0], one);
        future_add_done_callback(&self->task[0].future, &h[1], two);
        YIELD();
        zero();
        task_cancel(&self->task[0], NULL);
        for (self->i = 0; self->i < 3; self->i++)
            YIELD();
        future_add_done_callback(&self->task[0].future, &h[2], late);
        YIELD();
        YIELD();
        mark("%s", "end");
    }
    return co_done(co);
}

/* ---- the chain of frames, and what an await costs ---- */

CASE(chain, "inner-CE:2 inner-fin:2 middle=ECANCELED:2 middle-fin:2 outer=ECANCELED:2"
            " outer-fin:2")
{
    STAGE;
    int line;

    ASYNC (co) {
        start(self, 0,
              over(&self->over[0], "outer",
                   over(&self->over[1], "middle", nap(&self->nap[0], "inner", 10))));
        YIELD();
        EXPECT_TRACE("inner+:1");
        for (struct coro *c = self->task[0].leaf; c != NULL; c = c->parent) {
            trace("%s", co_where(c, &line));
            EXPECT(line > 0);
        }
        EXPECT_TRACE("async_sleep_body nap_body over_body over_body");
        task_cancel(&self->task[0], NULL);
        YIELD();
    }
    return co_done(co);
}

static co_status nothing_body(struct coro *co)
{
    ASYNC (co) {
    }
    return co_done(co);
}

CASE(pass_costs, "coroutine:0 task:2")
{
    STAGE;

    ASYNC (co) {
        zero();
        AWAIT(co_init(&self->any, nothing_body));
        mark("%s", "coroutine");
        AWAIT(start(self, 0, co_init(&self->any, nothing_body)));
        mark("%s", "task");
    }
    return co_done(co);
}

CHECK_MAIN({ "fates", fates }, { "waits_for", waits_for }, { "all_tasks", all_tasks },
           { "done_callbacks", done_callbacks }, { "chain", chain },
           { "pass_costs", pass_costs })
