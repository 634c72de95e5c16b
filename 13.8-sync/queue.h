/*
 * queue.h - asyncio.Queue: producer tasks hand items to consumer tasks.
 *
 *     AWAIT(queue_put(&self->put, &queue, item));
 *     AWAIT(queue_get(&self->get, &queue));           self->get.item is the item
 *     queue_task_done(&queue);
 *
 * A bounded queue makes the producers wait when the consumers are slower. Items are
 * pointers; the queue never reads what they point to. Call every function on the loop's
 * thread only. Next: process.h, channel.h.
 */
#ifndef QUEUE_H
#define QUEUE_H

#include "event.h"

struct queue;

struct queue_order { /* the order of the items: asyncio's _put() and _get() */
    void (*put)(struct queue *queue, void *item); /* called only when a slot is free */
    void *(*get)(struct queue *queue);            /* called only when there is an item */
};

struct queue {
    void **slots;   /* the table of items */
    size_t room;    /* slots in the table */
    size_t head;    /* the slot of the oldest item */
    size_t count;   /* items in the queue */
    size_t maxsize; /* the greatest number of items; 0: no limit */
    bool grows;     /* the queue allocated the table and may enlarge it */
    const struct queue_order *order; /* first in first out, or another order */
    struct waiters getters, putters;
    size_t unfinished;     /* number of items put minus number marked done */
    struct event finished; /* set while `unfinished` is 0 */
    bool is_shutdown;
};

struct queue_put {
    struct coro co;
    struct queue *queue;
    void *item;
    struct waiter waiter;
};

struct queue_get {
    struct coro co;
    struct queue *queue;
    struct waiter waiter;
    void *item; /* result */
};

/* asyncio.Queue(maxsize): initializes a queue; a `maxsize` of 0 means no limit.
 * `slots` is the caller's array of `maxsize` pointers, or NULL. With an array, putting
 * never allocates memory. With NULL, the queue allocates a table that grows by
 * doubling. queue_free() frees that table; the items that are still in it stay the
 * caller's. */
void queue_init(struct queue *queue, size_t maxsize, void **slots);
void queue_free(struct queue *queue);

/* Queue.put() and get(): wait for a free slot and put the item; wait for an item and
 * take it. Both raise ECANCELED when the task is cancelled: then no item was put or
 * taken. Both raise AIO_QUEUE_SHUTDOWN after queue_shutdown() (a get only once the
 * queue is empty), and AIO_OTHER_LOOP when a task of another loop has
 * waited at this queue before.
 * queue_put() raises ENOMEM when the table cannot grow. */
struct coro *queue_put(struct queue_put *self, struct queue *queue, void *item);
struct coro *queue_get(struct queue_get *self, struct queue *queue);

/* Queue.put_nowait() and get_nowait(): return 0; AIO_QUEUE_FULL when there is no free
 * slot; AIO_QUEUE_EMPTY when there is no item; AIO_QUEUE_SHUTDOWN after
 * queue_shutdown() (a get only once the queue is empty); ENOMEM when a put cannot enlarge
 * the table. A queue_put_nowait() can overtake a queue_put() that still waits. */
int queue_put_nowait(struct queue *queue, void *item);
int queue_get_nowait(struct queue *queue, void **item);

/* Queue.task_done(): marks one item as processed. Returns 0; AIO_RELEASED when it has
 * been called more often than items were put. */
int queue_task_done(struct queue *queue);

/* Queue.join(): waits until every item that was put has been marked done. Raises
 * ECANCELED when the task is cancelled; AIO_OTHER_LOOP. */
struct coro *queue_join(struct event_wait *self, struct queue *queue);

/* Queue.shutdown(): from now on queue_put() is refused, and queue_get() is refused
 * once the queue is empty. When `immediate` is true, the queue is emptied at once and
 * its items count as done. Wakes all waiting tasks. */
void queue_shutdown(struct queue *queue, bool immediate);

/* Queue.qsize(), empty() and full(). */
static inline size_t queue_qsize(const struct queue *queue)
{
    return queue->count;
}

static inline bool queue_empty(const struct queue *queue)
{
    return queue->count == 0;
}

static inline bool queue_full(const struct queue *queue)
{
    return queue->maxsize > 0 && queue->count >= queue->maxsize;
}

/* asyncio.LifoQueue(maxsize): initializes a queue that returns the newest item first.
 * `slots` is as for queue_init(). All functions of this header accept the queue. */
void lifo_queue_init(struct queue *queue, size_t maxsize, void **slots);

struct priority_queue {
    struct queue queue; /* the queue to pass to the functions above */
    /* Returns a number below 0 when item a comes out before item b. */
    int (*compare)(const void *a, const void *b);
};

/* asyncio.PriorityQueue(maxsize): initializes a queue that returns the smallest item
 * first. Equal items come out in heapq's order, which is not always the order in which
 * they were put. */
void priority_queue_init(struct priority_queue *queue, size_t maxsize, void **slots,
                         int (*compare)(const void *a, const void *b));

#endif
