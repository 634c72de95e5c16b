/*
 * tasks.c - the cost of a task: a switch, a start with its end, an item passed on. Next:
 * memory.c.
 */
#include <stdlib.h>

#include "bench.h"
#include "queue.h"
#include "task.h"

/* ---- two tasks in turn ---- */

struct yielder { /* async def yielder(): for _ in range(left): await sleep(0) */
    struct task task;
    struct coro co;
    long left;
};

static co_status yielder_body(struct coro *co)
{
    struct yielder *self = co_self(co, struct yielder);

    ASYNC (co) {
        for (; self->left > 0; self->left--)
            YIELD();
    }
    return co_done(co);
}

static void task_switch(long n)
{
    struct yielder pair[2];
    double start;

    for (int i = 0; i < 2; i++) {
        pair[i].left = n / 2;
        loop_create_task(&loop, &pair[i].task, co_init(&pair[i].co, yielder_body));
    }
    start = wall_seconds();
    must(loop_run_until_complete(&loop, &pair[1].task), "switch");
    report("task_switch", n, wall_seconds() - start);
}

/* ---- start a task and await its result ---- */

struct child {        /* async def child(): return 1 */
    struct task task; /* first: the loop frees the block */
    struct coro co;
    long result;
};

static co_status child_body(struct coro *co)
{
    struct child *self = co_self(co, struct child);

    ASYNC (co) {
        self->result = 1;
    }
    return co_done(co);
}

struct parent { /* async def parent(): for _ in range(n): await create_task(child()) */
    struct coro co;
    long left, sum;
    bool on_heap;
    struct child own, *child;
};

static void start_child(struct parent *self)
{
    self->child = self->on_heap ? malloc(sizeof *self->child) : &self->own;
    must(self->child == NULL ? ENOMEM : 0, "memory");
    loop_create_task(&loop, &self->child->task, co_init(&self->child->co, child_body));
    if (self->on_heap)
        task_detach(&self->child->task);
}

static co_status parent_body(struct coro *co)
{
    struct parent *self = co_self(co, struct parent);

    ASYNC (co) {
        for (; self->left > 0; self->left--) {
            start_child(self);
            AWAIT(&self->child->task);
            self->sum += self->child->result;
        }
    }
    return co_done(co);
}

/* Seconds for n children, one after the other. */
double spawn_seconds(long n, bool on_heap)
{
    struct parent parent = { .left = n, .on_heap = on_heap };
    struct task task;
    double start = wall_seconds();

    loop_create_task(&loop, &task, co_init(&parent.co, parent_body));
    must(loop_run_until_complete(&loop, &task), "spawn");
    must(parent.sum == n ? 0 : EINVAL, "spawn: the sum");
    return wall_seconds() - start;
}

static void spawn_own(long n)
{
    report("spawn_await", n, spawn_seconds(n, false));
}

static void spawn_heap(long n)
{
    report("spawn_await_heap", n, spawn_seconds(n, true));
}

static void spawn(long n)
{
    spawn_own(n);
    spawn_heap(n);
}

/* ---- one item at a time through a queue ---- */

struct producer { /* async def producer(): for _ in range(n): await q.put(item) */
    struct task task;
    struct coro co;
    struct queue *queue;
    long left;
    struct queue_put put;
};

static co_status producer_body(struct coro *co)
{
    struct producer *self = co_self(co, struct producer);

    ASYNC (co) {
        for (; self->left > 0; self->left--)
            AWAIT(queue_put(&self->put, self->queue, self));
    }
    return co_done(co);
}

struct consumer { /* async def consumer(): start the producer; n times await q.get() */
    struct task task;
    struct coro co;
    struct queue queue;
    void *slot;
    long left, count;
    struct producer producer;
    struct queue_get get;
};

static co_status consumer_body(struct coro *co)
{
    struct consumer *self = co_self(co, struct consumer);
    struct producer *producer = &self->producer;

    ASYNC (co) {
        queue_init(&self->queue, 1, &self->slot);
        producer->queue = &self->queue;
        producer->left = self->left;
        loop_create_task(&loop, &producer->task, co_init(&producer->co, producer_body));
        for (; self->left > 0; self->left--) {
            AWAIT(queue_get(&self->get, &self->queue));
            self->count += self->get.item == producer;
        }
        AWAIT(&producer->task);

    FINALLY:
        queue_free(&self->queue);
    }
    return co_done(co);
}

static void queue(long n)
{
    struct consumer consumer = { .left = n };
    double start = wall_seconds();

    loop_create_task(&loop, &consumer.task, co_init(&consumer.co, consumer_body));
    must(loop_run_until_complete(&loop, &consumer.task), "queue");
    must(consumer.count == n ? 0 : EINVAL, "queue: the count");
    report("queue_pingpong", n, wall_seconds() - start);
}

const struct bench task_benches[] = {
    { "switch", task_switch },    { "spawn", spawn }, { "spawn_own", spawn_own },
    { "spawn_heap", spawn_heap }, { "queue", queue }, { NULL, NULL },
};
