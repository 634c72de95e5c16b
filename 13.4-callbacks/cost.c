/*
 * cost.c - measures a million steps: as callbacks, as awaits, as passes and as tasks.
 *
 * The times depend on the machine and its load; only their order is stable. The column of
 * bytes is the memory that one waiting step occupies.
 */
#include "cost.h"

#include <stdio.h>
#include <time.h>

#include "sleep.h"

enum { STEPS = 1000000 };

static struct loop loop;
static long left; /* callbacks that are still to run */

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void row(const char *what, double seconds, size_t bytes)
{
    printf("%-34s %8.1f %8zu\n", what, seconds * 1e9 / STEPS, bytes);
}

static struct handle again;

static void count_down(struct handle *h)
{
    if (--left > 0)
        loop_call_soon(&loop, h, count_down);
    else
        loop_stop(&loop);
}

static void callbacks(void)
{
    double began = now();

    left = STEPS;
    loop_call_soon(&loop, &again, count_down);
    loop_run_forever(&loop);
    row("call_soon", now() - began, sizeof(struct handle));
}

static co_status nothing_body(struct coro *co)
{
    ASYNC (co) {
    }
    return co_done(co);
}

struct steps {
    struct coro co, child;
    struct task task;
    long i;
    double began;
};

static co_status steps_body(struct coro *co)
{
    struct steps *self = co_self(co, struct steps);

    ASYNC (co) {
        self->began = now();
        for (self->i = 0; self->i < STEPS; self->i++)
            AWAIT(co_init(&self->child, nothing_body));
        row("await a coroutine", now() - self->began, sizeof(struct coro));

        self->began = now();
        for (self->i = 0; self->i < STEPS; self->i++)
            YIELD();
        row("a turn of a task (sleep(0))", now() - self->began, sizeof(struct task));

        self->began = now();
        for (self->i = 0; self->i < STEPS; self->i++) {
            loop_create_task(&loop, &self->task, co_init(&self->child, nothing_body));
            AWAIT(&self->task);
        }
        row("create a task and await it", now() - self->began,
            sizeof(struct task) + sizeof(struct coro));
    }
    return co_done(co);
}

int cost_table(void)
{
    struct loop_policy policy = { selectors[0], &clock_monotonic };
    struct steps steps;
    struct task task;

    if (loop_init(&loop, &policy) != 0)
        return 1;
    printf("%-34s %8s %8s\n", "one step", "ns", "bytes");
    callbacks();
    loop_create_task(&loop, &task, co_init(&steps.co, steps_body));
    loop_run_until_complete(&loop, &task);
    return loop_close(&loop);
}
