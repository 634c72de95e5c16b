/*
 * futures.c - behaviour of futures: callbacks, outcomes, unread errors. futures.py on
 * asyncio.
 */
#include "scenario.h"

static void add(struct future *f, int n, const char *word)
{
    future_add_done_callback(f, say(n, word, NULL), say_it);
}

ROW(b19, "B19 done callbacks are queued in their order, never called at once")
{
    struct future *f = &stage.f;

    ASYNC (co) {
        future_init(f, &stage.loop);
        add(f, 0, "cb1");
        add(f, 1, "cb2");
        add(f, 2, "removed");
        mark("removed: %d", future_remove_done_callback(f, &stage.say[2].timer.handle));
        soon(3, "before", NULL);
        mark("set");
        future_set_result(f, NULL);
        soon(4, "after", NULL);
        add(f, 5, "cb-late");
        mark("sync-end");
        YIELD();
    }
    return co_done(co);
}

static void tell(void)
{
    loop_call_exception_handler(&stage.loop, "wrong", EIO, NULL);
}

ROW(b20, "B20 a callback that calls the exception handler does not stop the others")
{
    struct future *f = &stage.f;

    ASYNC (co) {
        future_init(f, &stage.loop);
        future_add_done_callback(f, say(0, "cb1", tell), say_it);
        add(f, 1, "cb2");
        future_set_result(f, NULL);
        YIELD();
    }
    return co_done(co);
}

ROW(b21, "B21 a waiting task stands in the line of the callbacks")
{
    struct future *f = &stage.f;

    ASYNC (co) {
        future_init(f, &stage.loop);
        add(f, 0, "cb-before");
        start(0, attempt_future(0, "awaiter", f));
        YIELD();
        add(f, 1, "cb-after");
        future_set_result(f, NULL);
        AWAIT(&stage.task[0]);
    }
    return co_done(co);
}

static void read_and_set(struct future *f)
{
    int err;

    mark("result: %s", name_of(future_result(f, NULL)));
    mark("exception: %s", name_of(future_exception(f, &err)));
    future_set_result(f, NULL);
    mark("set again: %s", name_of(future_set_result(f, NULL)));
    mark("fail: %s", name_of(future_set_exception(f, EIO)));
    mark("cancel: %s", truth(future_cancel(f, NULL)));
    mark("result: %s", name_of(future_result(f, NULL)));
}

ROW(b22, "B22 set twice, read early, cancelled too late")
{
    struct future *g = &stage.g;

    ASYNC (co) {
        future_init(&stage.f, &stage.loop);
        read_and_set(&stage.f);
        future_init(g, &stage.loop);
        mark("cancel: %s", truth(future_cancel(g, NULL)));
        mark("cancelled: %s", truth(future_cancelled(g)));
        mark("set: %s", name_of(future_set_result(g, NULL)));
        start(0, job(0, "a", 1));
        mark("set a task: %s", name_of(future_set_result(&stage.task[0].future, NULL)));
        task_cancel(&stage.task[0], NULL);
    }
    return co_done(co);
}

static void unread(const char *how)
{
    int err;

    future_init(&stage.f, &stage.loop);
    if (strcmp(how, "cancelled") == 0)
        future_cancel(&stage.f, NULL);
    else
        future_set_exception(&stage.f, EIO);
    if (strcmp(how, "read") == 0)
        future_exception(&stage.f, &err);
    mark("%s", how);
    future_drop(&stage.f);
}

ROW(b27, "B27 an error that nobody read is reported when its future goes")
{
    ASYNC (co) {
        unread("unread");
        unread("read");
        unread("cancelled");
        start(0, job_fails(0, "a", .1, EIO));
        SLEEP(1);
        mark("the task goes");
        task_drop(&stage.task[0]);
    }
    return co_done(co);
}

LOOP_ROW(b28, "B28 a task that is still pending at the end is reported")
{
    future_init(&stage.f, &stage.loop);
    start(0, attempt_future(0, "never", &stage.f));
    loop_stop(&stage.loop);
    loop_run_forever(&stage.loop);
    mark("%s", truth(stage.task[0].future.done));
    loop_close(&stage.loop);
}

ROWS(&b19, &b20, &b21, &b22, &b27, &b28)
