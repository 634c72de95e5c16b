/*
 * errors.c - how errors propagate, and runs that are stopped. The traces are CPython
 * 3.13's: each mark is a word and the turn of the loop.
 */
#include "turn_trace.h"

/* ---- errors ---- */

struct level {
    struct coro co;
    struct async_sleep sleep;
};

static co_status level3_body(struct coro *co)
{
    struct level *self = co_self(co, struct level);

    ASYNC (co) {
        AWAIT(async_sleep(&self->sleep, 1));
        return co_raise(co, ECONNREFUSED);
    FINALLY:
        said("fin3");
    }
    return co_done(co);
}

struct level2 {
    struct coro co;
    struct level level3;
};

static co_status level2_body(struct coro *co)
{
    struct level2 *self = co_self(co, struct level2);

    ASYNC (co) {
        AWAIT(co_init(&self->level3.co, level3_body));
    FINALLY:
        said("fin2");
        YIELD();
        said("fin2b");
    }
    return co_done(co);
}

struct level1 {
    struct coro co;
    struct level2 level2;
};

static co_status level1_body(struct coro *co)
{
    struct level1 *self = co_self(co, struct level1);
    int err;

    ASYNC (co) {
        AWAIT_CATCH(err, co_init(&self->level2.co, level2_body));
        EXPECT_INT(err, ECONNREFUSED);
        said("caught");
        AWAIT(co_init(&self->level2.co, level2_body));
        said("not reached");
    FINALLY:
        said("fin1");
    }
    return co_done(co);
}

static void errors_travel_outward_through_each_clean_up(void)
{
    struct level1 frame;
    char want[200];

    run(co_init(&frame.co, level1_body));
    snprintf(want, sizeof want,
             "fin3@3 fin2@3 fin2b@4 caught@4 fin3@6 fin2@6 fin2b@7 fin1@7 -> %d turns=8",
             ECONNREFUSED);
    EXPECT_TRACE(want);
}

static co_status bad_body(struct coro *co)
{
    ASYNC (co) {
        said("bad");
        return co_raise(co, EIO);
    }
    return co_done(co);
}

struct twice {
    struct coro co, bad;
    struct task task;
};

static co_status twice_body(struct coro *co)
{
    struct twice *self = co_self(co, struct twice);
    int err;

    ASYNC (co) {
        loop_create_task(&loop, &self->task, co_init(&self->bad, bad_body));
        AWAIT_CATCH(err, &self->task);
        trace("got%d@%lu", err == EIO, loop.turns);
        AWAIT_CATCH(err, &self->task);
        trace("got%d@%lu", err == EIO, loop.turns);
    }
    return co_done(co);
}

static void an_error_is_told_to_each_who_awaits(void)
{
    struct twice frame;

    run(co_init(&frame.co, twice_body));
    EXPECT_TRACE("bad@2 got1@3 got1@3 turns=4");
}

/* ---- stop, and go on later ---- */

struct half {
    struct coro co;
    struct async_sleep sleep;
};

static co_status half_body(struct coro *co)
{
    struct half *self = co_self(co, struct half);

    ASYNC (co) {
        said("half");
        AWAIT(async_sleep(&self->sleep, 1));
        said("stop");
        loop_stop(&loop);
        AWAIT(async_sleep(&self->sleep, 5));
        said("not reached");
    FINALLY:
        said("fin");
    }
    return co_done(co);
}

static void a_stopped_run_can_be_taken_up_again(void)
{
    struct half frame;
    struct task task;

    begin();
    loop_create_task(&loop, &task, co_init(&frame.co, half_body));
    EXPECT_INT(loop_run_until_complete(&loop, &task), AIO_LOOP_STOPPED);
    EXPECT(!future_done(&task.future) && ring_empty(&task.future.callbacks));
    EXPECT_STR(aio_strerror(AIO_LOOP_STOPPED),
               "Event loop stopped before Future completed.");
    EXPECT(task_cancel(&task, NULL));
    EXPECT_INT(loop_run_until_complete(&loop, &task), ECANCELED);
    EXPECT_TRACE("half@1 stop@3 fin@4");
    EXPECT(future_cancelled(&task.future) && loop_time(&loop) == 1);
    end();
}

static co_status call_body(struct coro *co)
{
    ASYNC (co) {
        said("cs");
    }
    return co_done(co);
}

static co_status last_body(struct coro *co)
{
    ASYNC (co) {
        said("m");
        loop_stop(&loop);
    }
    return co_done(co);
}

static void say_callback(struct handle *h)
{
    (void)h;
    said("cb");
}

/* The done callbacks of the awaited task get their pass, before or after run returns. */
static void done_callbacks_get_their_pass(void)
{
    struct coro co;
    struct task task;
    struct handle cb;

    begin();
    handle_init(&cb);
    loop_create_task(&loop, &task, co_init(&co, call_body));
    EXPECT_INT(future_add_done_callback(&task.future, &cb, say_callback), 0);
    EXPECT_INT(loop_run_until_complete(&loop, &task), 0);
    EXPECT_TRACE("cs@1 cb@2");
    loop.turns = 0;
    loop_create_task(&loop, &task, co_init(&co, last_body));
    EXPECT_INT(future_add_done_callback(&task.future, &cb, say_callback), 0);
    loop_run_forever(&loop);
    EXPECT(future_done(&task.future));
    run_one_pass();
    EXPECT_TRACE("m@1 cb@2");
    end();
}

static void co_where_names_the_body_and_the_line(void)
{
    struct half frame;
    struct task task;
    int line = 0, at;

    begin();
    loop_create_task(&loop, &task, co_init(&frame.co, half_body));
    EXPECT_STR(co_where(&frame.co, &line), "half_body");
    EXPECT_INT(line, CO_START);
    run_one_pass();
    EXPECT_STR(co_where(&frame.co, &line), "half_body");
    EXPECT(line > CO_START && line == frame.co.at);
    at = line;
    EXPECT_STR(co_where(task.leaf, &line), "async_sleep_body");
    EXPECT_INT(frame.co.at, at); /* a query changes nothing */
    task_cancel(&task, NULL);
    EXPECT_INT(loop_run_until_complete(&loop, &task), ECANCELED);
    EXPECT_TRACE("half@1 fin@2");
    end();
}

CHECK_MAIN({ "errors travel outward through each clean-up",
             errors_travel_outward_through_each_clean_up },
           { "an error is told to each who awaits", an_error_is_told_to_each_who_awaits },
           { "a stopped run can be taken up again", a_stopped_run_can_be_taken_up_again },
           { "done callbacks get their pass", done_callbacks_get_their_pass },
           { "co_where names the body and the line",
             co_where_names_the_body_and_the_line })
