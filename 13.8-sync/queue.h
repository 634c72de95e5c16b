/*
 * queue.h - asyncio.Queue: work handed from those who find it to those who do it.
 *
 * A bounded queue makes the finders wait when the doers cannot keep up. Items are
 * pointers; the queue never looks at what they point to. Next: process.h, channel.h.
 */
#ifndef QUEUE_H
#define QUEUE_H

#include "event.h"

struct queue;

struct queue_order { /* asyncio's _put and _get: in which order items come out */
    void (*put)(struct queue *queue, void *item); /* called when there is a free slot */
    void *(*get)(struct queue *queue);            /* called when there is an item */
};

struct queue {
    void **slots;                    /* the table of items */
    size_t room;                     /* slots in it */
    size_t head;                     /* the oldest item's slot */
    size_t count;                    /* items in it */
    size_t maxsize;                  /* no more items than this, 0: no limit */
    bool grows;                      /* the table is the queue's own */
    const struct queue_order *order; /* first in first out, or another (shelf) */
    struct waiters getters, putters;
    size_t unfinished;     /* items put, less those marked done */
    struct event finished; /* set when that is 0 */
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

/* asyncio.Queue(maxsize); 0: no limit. `slots` is room for `maxsize` items, the caller's,
 * and then putting never allocates; or NULL, and the queue has a table of its own that
 * grows by doubling. queue_free() releases that; items still in it are forgotten. */
void queue_init(struct queue *queue, size_t maxsize, void **slots);
void queue_free(struct queue *queue);

/* Queue.put(), get(): wait for a free slot, for an item. Raise ECANCELED (the item stays
 * the caller's, no item is lost), AIO_QUEUE_SHUTDOWN, AIO_OTHER_LOOP; put() ENOMEM. */
struct coro *queue_put(struct queue_put *self, struct queue *queue, void *item);
struct coro *queue_get(struct queue_get *self, struct queue *queue);

/* Queue.put_nowait(), get_nowait(). 0; AIO_QUEUE_FULL, AIO_QUEUE_EMPTY,
 * AIO_QUEUE_SHUTDOWN; ENOMEM. */
int queue_put_nowait(struct queue *queue, void *item);
int queue_get_nowait(struct queue *queue, void **item);

/* Queue.task_done(): an item that was got has been worked on. 0; AIO_RELEASED when called
 * more often than items were put. */
int queue_task_done(struct queue *queue);

/* Queue.join(): wait until every item that was put has been marked done. */
struct coro *queue_join(struct event_wait *self, struct queue *queue);

/* Queue.shutdown(): puts are refused from now on, gets when the queue is empty; with
 * `immediate` it is emptied at once, its items count as done. Wakes all who wait. */
void queue_shutdown(struct queue *queue, bool immediate);

/* Queue.qsize(), empty(), full(). */
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

/* asyncio.LifoQueue(maxsize): the latest item first. `slots` as for queue_init(). */
void lifo_queue_init(struct queue *queue, size_t maxsize, void **slots);

struct priority_queue {
    struct queue queue;                           /* use this one */
    int (*compare)(const void *a, const void *b); /* < 0: item a comes out before b */
};

/* asyncio.PriorityQueue(maxsize): the smallest item first. Items that are equal come out
 * as heapq has them, which is not the order in which they were put. */
void priority_queue_init(struct priority_queue *queue, size_t maxsize, void **slots,
                         int (*compare)(const void *a, const void *b));

#endif
