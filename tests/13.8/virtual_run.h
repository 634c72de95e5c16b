/* virtual_run.h - a loop under virtual time for a coroutine of rows.c or crowd.c. */
#ifndef VIRTUAL_RUN_H
#define VIRTUAL_RUN_H

#include "check.h"
#include "gather.h"
#include "runner.h"
#include "sleep.h"

static struct loop loop;
static struct async_sleep nap;

#define SLEEP(seconds) AWAIT(async_sleep(&nap, seconds))

static inline void run(co_status (*body)(struct coro *))
{
    static struct task task;
    static struct coro main;
    struct loop_policy policy;
    const char *wrong;

    EXPECT_INT(loop_policy_from_environment(&policy, &wrong), 0);
    policy.clock = &clock_virtual;
    EXPECT_INT(loop_init(&loop, &policy), 0);
    set_event_loop(&loop);
    loop_create_task(&loop, &task, co_init(&main, body));
    EXPECT_INT(loop_run_until_complete(&loop, &task), 0);
    EXPECT_INT(loop.watched, 0);
    EXPECT_INT(loop_close(&loop), 0);
}

#endif
