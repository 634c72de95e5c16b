/*
 * mended.c - regressions: how run() ends, timeouts that have expired, late messages, the
 * order of posts, wake-ups that fail. Each case behaves as CPython 3.13 does.
 */
#include "cancel_case.h"
#include "inbox.h"
#include "interrupt.h"
#include "runner.h"
#include <signal.h>
#include <unistd.h>
#define STAGE struct stage *self = co_self(co, struct stage)

/* 1. B71: errors are reported after ALL leftovers have been awaited, once */
static struct runner runner;
static struct nap naps[3];
static struct task tasks[3];
static struct async_sleep wait_a_bit;
static void told(struct loop *l, const struct exception_context *c)
{
    trace("%s:%s@%.2f", c->message, error_name(c->error), loop_time(l));
}
static co_status after_all_body(struct coro *co)
{
    ASYNC (co) {
        loop_create_task(&runner.loop, &tasks[0],
                         nap_answers(&naps[0], "a", 100, 0, EIO));
        loop_create_task(&runner.loop, &tasks[1],
                         nap_answers(&naps[1], "b", 100, 5, ECANCELED));
        AWAIT(async_sleep(&wait_a_bit, 1));
    }
    return co_done(co);
}
struct block {
    struct task task;
    struct nap nap;
};
static co_status twice_told_body(struct coro *co)
{
    struct block *b;
    ASYNC (co) {
        loop_create_task(&runner.loop, &tasks[1],
                         nap_answers(&naps[1], "b", 100, 5, ECANCELED));
        b = malloc(sizeof *b);
        loop_create_task(&runner.loop, &b->task, nap_answers(&b->nap, "a", 100, 0, EIO));
        task_detach(&b->task);
        AWAIT(async_sleep(&wait_a_bit, 1));
    }
    return co_done(co);
}
static void runm(co_status (*body)(struct coro *), const char *exp)
{
    static const struct loop_policy policy = { &selector_poll, &clock_virtual };
    struct coro m;
    marks_tell_time = true;
    runner_init(&runner, &policy);
    runner.loop.on_exception = told;
    runner_run(&runner, co_init(&m, body));
    runner_close(&runner);
    EXPECT_TRACE(exp);
    marks_tell_time = false;
}
static void after_all(void)
{
    runm(after_all_body, "a+@0.00 b+@0.00 a-CE@1.00 a-fin@1.00 b-CE@1.00 b-clean@6.00 "
                         "b-fin@6.00 unhandled exception during run() shutdown:EIO@6.00");
}
static void twice_told(void)
{
    runm(twice_told_body,
         "b+@0.00 a+@0.00 b-CE@1.00 a-CE@1.00 a-fin@1.00 b-clean@6.00 b-fin@6.00 "
         "unhandled exception during run() shutdown:EIO@6.00");
}

/* 2. expired() is true as soon as the deadline came (EXPIRING), inside the suite too */
static struct async_timeout limit;
static co_status suite_body(struct coro *co)
{
    static struct async_sleep s;
    int err;
    ASYNC (co) {
        AWAIT_CATCH_ALL(err, async_sleep(&s, 10));
        trace("%s", truth(timeout_expired(&limit)));
        return co_raise(co, err);
    }
    return co_done(co);
}
CASE(expiring, "True ETIMEDOUT")
{
    STAGE;
    int err;
    ASYNC (co) {
        AWAIT_CATCH_ALL(err, async_timeout(&limit, 1, co_init(&self->any, suite_body)));
        trace("%s", error_name(err));
    }
    return co_done(co);
}

/* 3. the message of a cancelled task or future that was done before it is awaited */
CASE(late_message, "a+:1 a-CE:1 a-fin:1 main=ECANCELED(why):4")
{
    STAGE;
    int err;
    ASYNC (co) {
        start(self, 0, nap(&self->nap[0], "a", 10));
        YIELD();
        zero();
        task_cancel(&self->task[0], "why");
        for (self->i = 0; self->i < 4; self->i++)
            YIELD();
        AWAIT_CATCH_ALL(err, &self->task[0]);
        say("main", err);
    }
    return co_done(co);
}

/* 4. run() inside a run(): refused, and leaves nothing behind */
static co_status nothing_body(struct coro *co)
{
    ASYNC (co) {
    }
    return co_done(co);
}
static co_status inside_body(struct coro *co)
{
    static struct coro c;
    ASYNC (co) {
        trace("%s", aio_strerror(async_run(co_init(&c, nothing_body))));
    }
    return co_done(co);
}
static void nested(void)
{
    struct coro c;
    setenv("LOOP_CLOCK", "virtual", 1);
    async_run(co_init(&c, inside_body));
    EXPECT(get_event_loop() == NULL);
    EXPECT_TRACE("This event loop is already running");
}

/* 5. every post reports a failed wake-up, not only the first */
static struct handle h[2];
static void no(struct handle *x)
{
    (void)x;
}
static void loud(void)
{
    open_virtual_loop();
    loop_open_inbox(&loop);
    dup2(loop.inbox.wake[0], loop.inbox.wake[1]);
    atomic_store(&loop.inbox.asleep, true);
    EXPECT_INT(loop_call_soon_threadsafe(&loop, &h[0], no), EBADF);
    EXPECT_INT(loop_call_soon_threadsafe(&loop, &h[1], no), EBADF);
    loop_close(&loop);
}

/* 6. a post, then call_soon on the loop's thread (joined in between): FIFO */
static void sx(struct handle *x)
{
    (void)x;
    trace("x");
}
static void sy(struct handle *x)
{
    (void)x;
    trace("y");
}
static void *post(void *u)
{
    loop_call_soon_threadsafe(&loop, &h[0], sx);
    return u;
}
static void both(struct handle *x)
{
    pthread_t t;
    (void)x;
    pthread_create(&t, NULL, post, NULL);
    pthread_join(t, NULL);
    loop_call_soon(&loop, &h[1], sy);
}
static void fifo(void)
{
    static struct handle g;
    open_virtual_loop();
    loop_open_inbox(&loop);
    loop_call_soon(&loop, &g, both);
    for (int i = 0; i < 4; i++) {
        loop_stop(&loop);
        loop_run_forever(&loop);
    }
    EXPECT_TRACE("x y");
    loop_close(&loop);
}

/* 7. a leftover stops the loop: run() must report it */
static co_status stops_body(struct coro *co)
{
    static struct async_sleep s;
    ASYNC (co) {
        AWAIT(async_sleep(&s, 100));
    FINALLY:
        loop_stop(get_running_loop());
    }
    return co_done(co);
}
static struct coro stops;
static co_status stopping_body(struct coro *co)
{
    ASYNC (co) {
        loop_create_task(get_running_loop(), &tasks[0], co_init(&stops, stops_body));
        loop_create_task(get_running_loop(), &tasks[1],
                         nap_answers(&naps[1], "b", 100, 1, ECANCELED));
        YIELD();
    }
    return co_done(co);
}
static void stopped(void)
{
    struct coro c;
    int e = async_run(co_init(&c, stopping_body));
    EXPECT_INT(e, AIO_LOOP_STOPPED);
    trace_reset();
}

/* 8. SIGINT was ignored before (nohup, a shell's &): asyncio leaves it ignored */
static co_status press_body(struct coro *co)
{
    ASYNC (co) {
        raise(SIGINT);
        YIELD();
        YIELD();
        YIELD();
    }
    return co_done(co);
}
static void ignored(void)
{
    struct coro c;
    struct sigaction a;
    signal(SIGINT, SIG_IGN);
    runner_register_interrupts();
    EXPECT_INT(async_run(co_init(&c, press_body)), 0);
    sigaction(SIGINT, NULL, &a);
    EXPECT(a.sa_handler == SIG_IGN);
}
CHECK_MAIN({ "after_all", after_all }, { "twice_told", twice_told },
           { "expiring", expiring }, { "late_message", late_message },
           { "nested", nested }, { "loud", loud }, { "fifo", fifo },
           { "stopped", stopped }, { "ignored", ignored })
