/* queues.c - behaviour of queues. queues.py on asyncio. */
#include "async_wait.h"
#include "queue.h"
#include "scenario.h"
#include "wait_for.h"

static int number[] = { 0, 1, 2, 3, 4 }; /* items: &number[3] is 3 */

static struct queue queue, other;

struct user { /* gets an item, or puts one, and reports the outcome */
    struct coro co;
    const char *name;
    struct queue *queue;
    int item; /* 0: gets */
    struct queue_get get;
    struct queue_put put;
};

static struct coro *use(struct user *self)
{
    return self->item == 0 ? queue_get(&self->get, self->queue)
                           : queue_put(&self->put, self->queue, &number[self->item]);
}

static co_status user_body(struct coro *co)
{
    struct user *self = co_self(co, struct user);
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, use(self));
        if (err != 0)
            told(self->name, err);
        else if (self->item == 0)
            mark("%s got %d", self->name, *(int *)self->get.item);
        else
            mark("%s put %d", self->name, self->item);
    }
    return co_done(co);
}

static struct user users[3];

static struct coro *put(int n, const char *name, int item)
{
    users[n].name = name;
    users[n].queue = &queue;
    users[n].item = item;
    return co_init(&users[n].co, user_body);
}

static struct coro *get(int n, const char *name)
{
    return put(n, name, 0);
}

static const char *put_nowait(int item)
{
    return name_of(queue_put_nowait(&queue, &number[item]));
}

static struct async_wait wait;

#define WAIT(count) \
    AWAIT(async_wait(&wait, stage.item, count, TIMEOUT_NONE, ALL_COMPLETED))

ROW(b67, "B67 queue: a getter that is woken and cancelled passes it on, the item is kept")
{
    ASYNC (co) {
        queue_init(&queue, 0, NULL);
        start(0, get(0, "a"));
        start(1, get(1, "b"));
        YIELD();
        put_nowait(1);
        task_cancel(&stage.task[0], NULL);
        WAIT(2);

    FINALLY:
        queue_free(&queue);
    }
    return co_done(co);
}

static void overtake(void)
{
    void *item;

    mark("full: %s", put_nowait(4));
    queue_get_nowait(&queue, &item);
    mark("got %d", *(int *)item);
    mark("overtakes: %s", put_nowait(4));
}

ROW(b67b, "B67b queue: put_nowait may overtake a putter that waits")
{
    static void *slots[1];
    static int i;
    void *item;

    ASYNC (co) {
        queue_init(&queue, 1, slots);
        put_nowait(1);
        start(0, put(0, "a", 2));
        start(1, put(1, "b", 3));
        YIELD();
        overtake();
        SLEEP(.1);
        for (i = 0; i < 3; i++) {
            AWAIT(get(2, "main"));
            SLEEP(.1);
        }
        mark("empty: %s", name_of(queue_get_nowait(&queue, &item)));
        WAIT(2);
    }
    return co_done(co);
}

ROW(b68, "B68 queue: asking an empty one with timeouts piles nobody up")
{
    static struct queue_get frame;
    static struct async_wait_for wait_for;
    static int i;

    ASYNC (co) {
        stage.without_passes = true;
        queue_init(&queue, 0, NULL);
        for (i = 0; i < 3; i++)
            ATTEMPT("get", async_wait_for(&wait_for, queue_get(&frame, &queue), .1));
        put_nowait(1);
        mark("size: %zu", queue_qsize(&queue));
        AWAIT(get(0, "main"));

    FINALLY:
        queue_free(&queue);
    }
    return co_done(co);
}

static co_status worker_body(struct coro *co)
{
    static struct queue_get frame;
    static struct async_sleep sleep;

    ASYNC (co) {
        for (;;) {
            AWAIT(queue_get(&frame, &queue));
            mark("working on %d", *(int *)frame.item);
            AWAIT(async_sleep(&sleep, .1));
            queue_task_done(&queue);
        }
    }
    return co_done(co);
}

static struct event_wait join;

ROW(b69,
    "B69 queue: join ends when every item is done; one task_done too many is refused")
{
    static struct coro worker;

    ASYNC (co) {
        queue_init(&queue, 0, NULL);
        mark("task_done: %s", name_of(queue_task_done(&queue)));
        ATTEMPT("join of nothing", queue_join(&join, &queue));
        start(0, co_init(&worker, worker_body));
        put_nowait(1);
        put_nowait(2);
        ATTEMPT("join", queue_join(&join, &queue));
        mark("task_done: %s", name_of(queue_task_done(&queue)));
        task_cancel(&stage.task[0], NULL);
        ATTEMPT("worker", &stage.task[0]);

    FINALLY:
        queue_free(&queue);
    }
    return co_done(co);
}

ROW(b70, "B70 queue: shutdown refuses puts, gets drain it first, join still waits")
{
    static void *slots[2];
    static int i;

    ASYNC (co) {
        queue_init(&queue, 2, slots);
        put_nowait(1);
        put_nowait(2);
        start(0, put(0, "putter", 3));
        start(1, attempt(1, "join", queue_join(&join, &queue)));
        YIELD();
        queue_shutdown(&queue, false);
        mark("put: %s", put_nowait(4));
        for (i = 0; i < 3; i++)
            AWAIT(get(1, "main"));
        mark("joined: %s", truth(future_done(&stage.task[1].future)));
        queue_task_done(&queue);
        queue_task_done(&queue);
        WAIT(2);
    }
    return co_done(co);
}

ROW(b70b, "B70b queue: immediate shutdown empties it, and join returns")
{
    ASYNC (co) {
        queue_init(&queue, 0, NULL);
        queue_init(&other, 0, NULL);
        start(0, get(0, "getter"));
        users[0].queue = &other;
        start(1, attempt(1, "join", queue_join(&join, &queue)));
        put_nowait(1);
        put_nowait(2);
        YIELD();
        queue_shutdown(&queue, true);
        queue_shutdown(&other, false);
        mark("size: %zu", queue_qsize(&queue));
        AWAIT(get(1, "main"));
        WAIT(2);

    FINALLY:
        queue_free(&queue);
        queue_free(&other);
    }
    return co_done(co);
}

ROWS(&b67, &b67b, &b68, &b69, &b70, &b70b)
