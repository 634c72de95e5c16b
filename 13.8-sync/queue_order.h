/*
 * queue_order.h - asyncio's LifoQueue and PriorityQueue: the queue of the core, whose
 * items come out in another order. All functions of queue.h serve them.
 */
#ifndef QUEUE_ORDER_H
#define QUEUE_ORDER_H

#include "queue.h"

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
