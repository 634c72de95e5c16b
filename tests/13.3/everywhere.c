/*
 * everywhere.c - a cancel at turn k, for each k until the task ends before it. The task
 * awaits one of each kind: a turn, a timeout, a sleep, a task, a future, clean-up.
 */
#include <fcntl.h>
#include <unistd.h>

#include "cancel_case.h"

struct one { /* a timeout around a nap, then clean-up that awaits */
    struct coro co;
    struct async_timeout limit;
    struct nap nap;
    struct async_sleep flush;
};

static co_status one_body(struct coro *co)
{
    struct one *self = co_self(co, struct one);

    ASYNC (co) {
        AWAIT(async_timeout(&self->limit, 5, nap(&self->nap, "n", 1)));

    FINALLY:
        AWAIT(async_sleep(&self->flush, 0.5));
        mark("%s", "flushed");
    }
    return co_done(co);
}

struct two { /* a child task, which never outlives it */
    struct coro co;
    struct task child;
    struct nap nap;
};

static co_status two_body(struct coro *co)
{
    struct two *self = co_self(co, struct two);
    int err;

    ASYNC (co) {
        loop_create_task(&loop, &self->child, nap(&self->nap, "c", 1));
        AWAIT(&self->child);

    FINALLY:
        task_cancel(&self->child, NULL);
        AWAIT_CATCH_ALL(err, &self->child);
        EXPECT(err == 0 || err == ECANCELED);
    }
    return co_done(co);
}

struct three { /* a future that a timer completes */
    struct coro co;
    struct future f;
    struct timer timer;
};

static void complete(struct handle *h)
{
    future_set_result(&container_of(h, struct three, timer.handle)->f, NULL);
}

static co_status three_body(struct coro *co)
{
    struct three *self = co_self(co, struct three);

    ASYNC (co) {
        future_init(&self->f, &loop);
        timer_init(&self->timer);
        loop_call_later(&loop, &self->timer, 0.5, complete);
        AWAIT(&self->f);

    FINALLY:
        timer_cancel(&loop, &self->timer);
        EXPECT(ring_empty(&self->f.callbacks));
        mark("%s", "timer");
    }
    return co_done(co);
}

struct victim {
    struct coro co;
    int fd; /* 1 + an open descriptor, 0: none */
    struct one one;
    struct two two;
    struct three three;
};

static co_status victim_body(struct coro *co)
{
    struct victim *self = co_self(co, struct victim);

    ASYNC (co) {
        self->fd = 1 + open("/dev/null", O_RDONLY);
        YIELD();
        AWAIT(co_init(&self->one.co, one_body));
        AWAIT(co_init(&self->two.co, two_body));
        AWAIT(co_init(&self->three.co, three_body));

    FINALLY:
        if (self->fd > 0) {
            close(self->fd - 1);
            mark("%s", "closed");
        }
    }
    return co_done(co);
}

/* CPython 3.13's traces: entry k is the trace of a cancel in turn k, after the wait. */
static const char *const expected[] = {
    "True ECANCELED@0.00",
    "True closed:2 ECANCELED@0.00",
    "n+:2 True n-CE:3 n-fin:3 flushed:5 closed:5 ECANCELED@1.50",
    "n+:2 True n-CE:4 n-fin:4 flushed:6 closed:6 ECANCELED@1.50",
    "n+:2 n.:4 n-fin:4 True closed:5 ECANCELED@1.50",
    "n+:2 n.:4 n-fin:4 True closed:6 ECANCELED@1.50",
    "n+:2 n.:4 n-fin:4 flushed:6 True closed:8 ECANCELED@1.50",
    "n+:2 n.:4 n-fin:4 flushed:6 c+:7 True c-CE:8 c-fin:8 closed:9 ECANCELED@2.50",
    "n+:2 n.:4 n-fin:4 flushed:6 c+:7 True c-CE:9 c-fin:9 closed:10 ECANCELED@2.50",
    "n+:2 n.:4 n-fin:4 flushed:6 c+:7 c.:9 c-fin:9 True closed:10 ECANCELED@2.50",
    "n+:2 n.:4 n-fin:4 flushed:6 c+:7 c.:9 c-fin:9 True timer:11 closed:11 "
    "ECANCELED@3.00",
    "n+:2 n.:4 n-fin:4 flushed:6 c+:7 c.:9 c-fin:9 True timer:12 closed:12 "
    "ECANCELED@3.00",
    "n+:2 n.:4 n-fin:4 flushed:6 c+:7 c.:9 c-fin:9 timer:12 closed:12 False 0@3.00",
};

static unsigned long cancel_turn;
static struct task task;

/* It replaces the clock's wait(). Posts are read there, before the timers that are
 * due. */
static int wait_and_cancel(struct loop *l, double timeout)
{
    int n = clock_virtual.wait(l, timeout);

    if (l->turns == cancel_turn)
        trace("%s", truth(task_cancel(&task, NULL)));
    return n;
}

static int lowest_free_descriptor(void)
{
    int fd = open("/dev/null", O_RDONLY);

    close(fd);
    return fd;
}

static void each_turn(void)
{
    struct clock clock = { "virtual", clock_virtual.time, wait_and_cancel };
    int free_before = lowest_free_descriptor(), err;

    for (cancel_turn = 1; cancel_turn <= sizeof expected / sizeof *expected;
         cancel_turn++) {
        struct victim victim = { .fd = 0 };

        open_virtual_loop();
        first_turn = 0;
        loop.clock = &clock;
        loop.watched++; /* as if a descriptor were watched: wait in each turn */
        loop_create_task(&loop, &task, co_init(&victim.co, victim_body));
        err = loop_run_until_complete(&loop, &task);
        at("%s", error_name(err));
        EXPECT_TRACE(expected[cancel_turn - 1]);
        loop.watched--;
        close_empty_loop();
        EXPECT_INT(lowest_free_descriptor(), free_before);
    }
}

CHECK_MAIN({ "each_turn", each_turn })
