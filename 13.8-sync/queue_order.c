/* queue_order.c - a stack, and a binary heap that moves items as Python's heapq does. */
#include "queue_order.h"

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

/* heapq._siftdown: bring `item` from slot `i` up to its place. */
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

/* heapq.heappop and _siftup: the hole at the top goes down along the smaller children;
 * the last item fills it and rises. */
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
