/*
 * queue.c - asyncio's queues.py: Queue, LifoQueue and PriorityQueue. The heap moves
 * items as Python's heapq does.
 */
#include "queue.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const struct future_kind putter_kind = { .what = "a slot in a queue",
                                                .cancel = future_end_cancelled };
static const struct future_kind getter_kind = { .what = "an item in a queue",
                                                .cancel = future_end_cancelled };

/* First in, first out: the table is used as a ring. */
static void fifo_put(struct queue *queue, void *item)
{
    size_t end = queue->head + queue->count++;

    queue->slots[end < queue->room ? end : end - queue->room] = item;
}

static void *fifo_get(struct queue *queue)
{
    void *item = queue->slots[queue->head];

    queue->head = queue->head + 1 < queue->room ? queue->head + 1 : 0;
    queue->count--;
    return item;
}

static const struct queue_order fifo = { fifo_put, fifo_get };

void queue_init(struct queue *queue, size_t maxsize, void **slots)
{
    queue->slots = slots;
    queue->room = slots != NULL ? maxsize : 0;
    queue->head = queue->count = 0;
    queue->maxsize = maxsize;
    queue->grows = slots == NULL;
    queue->order = &fifo;
    waiters_init(&queue->getters);
    waiters_init(&queue->putters);
    queue->unfinished = 0;
    event_init(&queue->finished);
    event_set(&queue->finished);
    queue->is_shutdown = false;
}

void queue_free(struct queue *queue)
{
    if (queue->grows)
        free(queue->slots);
    queue->slots = NULL;
    queue->room = queue->head = queue->count = 0;
}

/* Makes sure that one slot is free. The table doubles; the items that had wrapped
 * around to its beginning move behind its old end. */
static int make_room(struct queue *queue)
{
    size_t room = queue->room > 0 ? queue->room * 2 : 16;
    void **slots;

    if (queue->count < queue->room)
        return 0;
    if (!queue->grows || queue->room > SIZE_MAX / sizeof *slots / 2)
        return ENOMEM;
    slots = realloc(queue->slots, room * sizeof *slots);
    if (slots == NULL)
        return ENOMEM;
    if (queue->head > 0)
        memcpy(slots + queue->room, slots, queue->head * sizeof *slots);
    queue->slots = slots;
    queue->room = room;
    return 0;
}

int queue_put_nowait(struct queue *queue, void *item)
{
    int err;

    if (queue->is_shutdown)
        return AIO_QUEUE_SHUTDOWN;
    if (queue_full(queue))
        return AIO_QUEUE_FULL;
    err = make_room(queue);
    if (err != 0)
        return err;
    queue->order->put(queue, item);
    queue->unfinished++;
    event_clear(&queue->finished);
    waiters_pop(&queue->getters);
    return 0;
}

int queue_get_nowait(struct queue *queue, void **item)
{
    if (queue_empty(queue))
        return queue->is_shutdown ? AIO_QUEUE_SHUTDOWN : AIO_QUEUE_EMPTY;
    *item = queue->order->get(queue);
    waiters_pop(&queue->putters);
    return 0;
}

/* A woken task checks again, because another task can have taken the slot first. A
 * task that was woken and then cancelled wakes the next waiter in its place. */
static co_status queue_put_body(struct coro *co)
{
    struct queue_put *self = co_self(co, struct queue_put);
    struct queue *queue = self->queue;
    int err;

    ASYNC (co) {
        while (queue_full(queue)) {
            if (queue->is_shutdown)
                return co_raise(co, AIO_QUEUE_SHUTDOWN);
            err = waiters_join(&queue->putters, &self->waiter, &putter_kind);
            if (err != 0)
                return co_raise(co, err);
            AWAIT_CATCH_ALL(err, &self->waiter.future);
            waiter_leave(&self->waiter);
            if (err == 0)
                continue;
            if (!queue_full(queue) && !future_cancelled(&self->waiter.future))
                waiters_pop(&queue->putters);
            return co_raise(co, err);
        }
        return co_raise(co, queue_put_nowait(queue, self->item));
    }
    return co_done(co);
}

struct coro *queue_put(struct queue_put *self, struct queue *queue, void *item)
{
    self->queue = queue;
    self->item = item;
    return co_init(&self->co, queue_put_body);
}

static co_status queue_get_body(struct coro *co)
{
    struct queue_get *self = co_self(co, struct queue_get);
    struct queue *queue = self->queue;
    int err;

    ASYNC (co) {
        while (queue_empty(queue)) {
            if (queue->is_shutdown)
                return co_raise(co, AIO_QUEUE_SHUTDOWN);
            err = waiters_join(&queue->getters, &self->waiter, &getter_kind);
            if (err != 0)
                return co_raise(co, err);
            AWAIT_CATCH_ALL(err, &self->waiter.future);
            waiter_leave(&self->waiter);
            if (err == 0)
                continue;
            if (!queue_empty(queue) && !future_cancelled(&self->waiter.future))
                waiters_pop(&queue->getters);
            return co_raise(co, err);
        }
        return co_raise(co, queue_get_nowait(queue, &self->item));
    }
    return co_done(co);
}

struct coro *queue_get(struct queue_get *self, struct queue *queue)
{
    self->queue = queue;
    return co_init(&self->co, queue_get_body);
}

int queue_task_done(struct queue *queue)
{
    if (queue->unfinished == 0)
        return AIO_RELEASED;
    if (--queue->unfinished == 0)
        event_set(&queue->finished);
    return 0;
}

struct coro *queue_join(struct event_wait *self, struct queue *queue)
{
    return event_wait(self, &queue->finished);
}

void queue_shutdown(struct queue *queue, bool immediate)
{
    queue->is_shutdown = true;
    while (immediate && !queue_empty(queue)) {
        queue->order->get(queue);
        queue_task_done(queue);
    }
    while (waiters_pop(&queue->getters))
        ;
    while (waiters_pop(&queue->putters))
        ;
}

/* ---- LifoQueue, PriorityQueue ---- */

static void lifo_put(struct queue *queue, void *item)
{
    queue->slots[queue->count++] = item;
}

static void *lifo_get(struct queue *queue)
{
    return queue->slots[--queue->count];
}

static const struct queue_order lifo = { lifo_put, lifo_get };

void lifo_queue_init(struct queue *queue, size_t maxsize, void **slots)
{
    queue_init(queue, maxsize, slots);
    queue->order = &lifo;
}

static bool before(struct queue *queue, const void *a, const void *b)
{
    return container_of(queue, struct priority_queue, queue)->compare(a, b) < 0;
}

/* Moves `item` from slot `i` up to its place, as heapq._siftdown does. */
static void rise(struct queue *queue, size_t i, void *item)
{
    for (; i > 0; i = (i - 1) / 2) {
        void *parent = queue->slots[(i - 1) / 2];

        if (!before(queue, item, parent))
            break;
        queue->slots[i] = parent;
    }
    queue->slots[i] = item;
}

static void heap_put(struct queue *queue, void *item)
{
    rise(queue, queue->count++, item);
}

/* Removes the top item, as heapq.heappop and _siftup do: the empty slot at the top
 * moves down along the smaller children, then the last item fills it and moves up to
 * its place. */
static void *heap_get(struct queue *queue)
{
    void *top = queue->slots[0], *last = queue->slots[--queue->count];
    size_t hole = 0, child;

    if (queue->count == 0)
        return top;
    while ((child = 2 * hole + 1) < queue->count) {
        if (child + 1 < queue->count &&
            !before(queue, queue->slots[child], queue->slots[child + 1]))
            child++;
        queue->slots[hole] = queue->slots[child];
        hole = child;
    }
    rise(queue, hole, last);
    return top;
}

static const struct queue_order heap = { heap_put, heap_get };

void priority_queue_init(struct priority_queue *queue, size_t maxsize, void **slots,
                         int (*compare)(const void *a, const void *b))
{
    queue_init(&queue->queue, maxsize, slots);
    queue->queue.order = &heap;
    queue->compare = compare;
}
