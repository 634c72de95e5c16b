/*
 * run.c CASE - coroutines that break a rule, each ended by abort() with a message that
 * names the place, and some that nearly do and must work. misuse.bats reads the messages.
 */
#include <stdio.h>
#include <string.h>

#include "sleep.h"

static struct loop loop;

struct body {
    struct coro co, child;
    struct async_sleep sleep;
    struct future future;
    struct task task;
    int i, evaluated;
    const char *exit; /* how it leaves: "return", "raise", "cancel", "end" */
};

static struct body frame;

/* Run frame.co to its end; print how it ended. */
static int run(co_status (*body)(struct coro *))
{
    int err;

    loop_create_task(&loop, &frame.task, co_init(&frame.co, body));
    err = loop_run_until_complete(&loop, &frame.task);
    printf("error %s\n", err == 0            ? "none"
                         : err == ECANCELED  ? "cancelled"
                         : err == ENOENT     ? "ENOENT"
                         : err == ECONNRESET ? "ECONNRESET"
                                             : "another");
    return 0;
}

static co_status switch_body(struct coro *co)
{
    ASYNC (co) {
        switch (1) {
        case 1:
            YIELD(); /* in a switch */
        }
    }
    return co_done(co);
}

static co_status finished_body(struct coro *co)
{
    ASYNC (co) {
        co->error = 0;
    }
    return co_done(co);
}

static co_status reuse_body(struct coro *co)
{
    struct body *self = co_self(co, struct body);

    ASYNC (co) {
        AWAIT(co_init(&self->child, finished_body));
        AWAIT(&self->child); /* used up */
    }
    return co_done(co);
}

static struct coro *count(struct body *self)
{
    self->evaluated++;
    return async_sleep(&self->sleep, 0.1);
}

static co_status once_body(struct coro *co)
{
    struct body *self = co_self(co, struct body);
    int err;

    ASYNC (co) {
        AWAIT(count(self));
        AWAIT_CATCH(err, count(self));
        AWAIT_CATCH_ALL(err, count(self));
        printf("evaluated %d, err %d\n", self->evaluated, err);
    }
    return co_done(co);
}

static co_status unbraced_body(struct coro *co)
{
    struct body *self = co_self(co, struct body);

    ASYNC (co) {
        for (self->i = 0; self->i < 4; self->i++)
            if (self->i % 2 == 0)
                AWAIT(async_sleep(&self->sleep, 1));
            else if (self->i == 1)
                YIELD();
            else
                printf("t=%.0f\n", loop_time(&loop));
    }
    return co_done(co);
}

static co_status exits_body(struct coro *co)
{
    struct body *self = co_self(co, struct body);

    ASYNC (co) {
        YIELD();
        if (strcmp(self->exit, "return") == 0)
            return co_done(co);
        if (strcmp(self->exit, "raise") == 0)
            return co_raise(co, ENOENT);
        if (strcmp(self->exit, "cancel") == 0)
            task_cancel(&self->task, NULL);
        YIELD();
    FINALLY:
        puts("finally");
        YIELD();
        puts("still there");
    }
    return co_done(co);
}

/* An error raised in FINALLY, by an await or by co_raise, replaces the pending one. */
static co_status replace_body(struct coro *co)
{
    struct body *self = co_self(co, struct body);

    ASYNC (co) {
        return co_raise(co, ENOENT);
    FINALLY:
        if (strcmp(self->exit, "await") == 0) {
            future_init(&self->future, &loop);
            future_set_exception(&self->future, ECONNRESET);
            AWAIT(&self->future);
        }
        return co_raise(co, ECONNRESET);
    }
    return co_done(co);
}

/* An error caught in FINALLY leaves the pending one as it is. */
static co_status caught_body(struct coro *co)
{
    struct body *self = co_self(co, struct body);
    int err;

    ASYNC (co) {
        task_cancel(&self->task, NULL);
        YIELD();
    FINALLY:
        future_init(&self->future, &loop);
        future_set_exception(&self->future, ECONNRESET);
        AWAIT_CATCH(err, &self->future);
        printf("caught %d\n", err == ECONNRESET);
    }
    return co_done(co);
}

static int resume_finished(void)
{
    struct coro co;

    co_init(&co, finished_body);
    finished_body(&co); /* to its end */
    finished_body(&co); /* through the close */
    finished_body(&co); /* and once too often */
    return 0;
}

static int run_case(const char *name)
{
    if (strcmp(name, "switch") == 0)
        return run(switch_body);
    if (strcmp(name, "finished") == 0)
        return resume_finished();
    if (strcmp(name, "reuse") == 0)
        return run(reuse_body);
    if (strcmp(name, "once") == 0)
        return run(once_body);
    if (strcmp(name, "unbraced") == 0)
        return run(unbraced_body);
    if (strcmp(name, "await") == 0 || strcmp(name, "co_raise") == 0)
        return run(replace_body);
    if (strcmp(name, "caught") == 0)
        return run(caught_body);
    return run(exits_body);
}

int main(int argc, char **argv)
{
    static const struct loop_policy policy = { &selector_poll, &clock_virtual };

    if (argc != 2 || loop_init(&loop, &policy) != 0)
        return 1;
    puts("begin"); /* in the buffer of stdout, which an abort() must not lose */
    frame.exit = argv[1];
    run_case(argv[1]);
    return loop_close(&loop);
}
