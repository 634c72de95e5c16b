/* groups-tasks.c - checks of the task group: its tasks. */
#include "timed_jobs.h"

static struct guarded {
    struct task_group group;
    int behind[8]; /* stays 0 */
} guarded;
#define group guarded.group
static struct group_task member[12];
static struct coro suite;

static co_status cancel_one_body(struct coro *co)
{
    static struct async_sleep sleep;
    static struct job a, b;

    ASYNC (co) {
        task_group_create_task(&group, &member[0], job(&a, "a", 1));
        task_group_create_task(&group, &member[1], job(&b, "b", .3));
        AWAIT(async_sleep(&sleep, .1));
        task_cancel(&member[0].task, NULL);
    }
    return co_done(co);
}

STAGE(group_child_cancelled, "a+:1@0.00 b+:1@0.00 a-CE:4@0.10 b.:7@0.30 group=0:9@0.30")
{
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, async_task_group(&group, co_init(&suite, cancel_one_body)));
        told("group", err);
    }
    return co_done(co);
}

static struct async_sleep long_sleep;

/* ---- which tasks may add tasks, and when ---- */

static struct job added[4];

static void add(int n, const char *name)
{
    int err = task_group_create_task(&group, &member[n], job(&added[n % 4], name, .1));

    if (err != 0)
        EXPECT_INT(err, AIO_NOT_ENTERED);
    trace("%s", err == 0 ? "taken" : "refused");
}

static co_status adds_body(struct coro *co)
{
    static struct async_sleep sleep;

    ASYNC (co) {
        add(3, "x");
        AWAIT(async_sleep(&sleep, .3));
        add(4, "y");
    }
    return co_done(co);
}

static co_status late_body(struct coro *co)
{
    ASYNC (co) {
        AWAIT(async_sleep(&long_sleep, 5));

    FINALLY:
        add(5, "z");
    }
    return co_done(co);
}

static co_status fails_body(struct coro *co)
{
    static struct async_sleep sleep;

    ASYNC (co) {
        AWAIT(async_sleep(&sleep, .6));
        return co_raise(co, EIO);
    }
    return co_done(co);
}

static co_status three_body(struct coro *co)
{
    static struct coro adds, fails, late;

    ASYNC (co) {
        task_group_create_task(&group, &member[0], co_init(&adds, adds_body));
        task_group_create_task(&group, &member[1], co_init(&fails, fails_body));
        task_group_create_task(&group, &member[2], co_init(&late, late_body));
    }
    return co_done(co);
}

STAGE(group_refuses, "refused taken x+:2@0.00 x.:4@0.10 taken y+:8@0.30 y.:10@0.40"
                     " refused group=GROUP[EIO]:17@0.60 refused")
{
    int err;

    ASYNC (co) {
        async_task_group(&group, co_init(&suite, three_body));
        add(6, "early");
        AWAIT_CATCH_ALL(err, &group.co);
        mark("group=%s[%s]", error_name(err), error_name(group.errors[0]));
        EXPECT_INT(group.error_count, 1);
        add(7, "after");
    }
    return co_done(co);
}

struct heap_job {
    struct group_task member; /* first, so that the loop can free the block */
    struct coro co;
};

static co_status fail_body(struct coro *co)
{
    ASYNC (co) {
        YIELD();
        return co_raise(co, EIO);
    }
    return co_done(co);
}

static co_status many_body(struct coro *co)
{
    ASYNC (co) {
        for (int i = 0; i < 12; i++) {
            struct heap_job *job = malloc(sizeof *job);

            task_group_create_task(&group, &job->member, co_init(&job->co, fail_body));
            task_detach(&job->member.task);
        }
    }
    return co_done(co);
}

STAGE(group_many_errors, "")
{
    const int *errors;
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, async_task_group(&group, co_init(&suite, many_body)));
        EXPECT_INT(err, AIO_GROUP);
        EXPECT_INT(task_group_errors(&group, &errors), 12);
        EXPECT_INT(errors[0], EIO);
        EXPECT_INT(errors[TASK_GROUP_ERRORS - 1], EIO);
        for (int i = 0; i < 8; i++)
            EXPECT_INT(guarded.behind[i], 0);
    }
    return co_done(co);
}

static co_status empty_body(struct coro *co)
{
    ASYNC (co) {
    }
    return co_done(co);
}

/* A group that has ended without error accepts no more tasks. */
STAGE(group_finished, "refused")
{
    ASYNC (co) {
        AWAIT(async_task_group(&group, co_init(&suite, empty_body)));
        add(0, "late");
    }
    return co_done(co);
}

CHECK_MAIN({ "group: a task cancelled alone is no error", group_child_cancelled },
           { "group: who may add a task, and when", group_refuses },
           { "group: many errors, tasks on the heap", group_many_errors },
           { "group: none after its end", group_finished })
