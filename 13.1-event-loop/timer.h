/*
 * timer.h - handles with a deadline, and the heap that knows which is next.
 *
 * The heap is ordered by deadline and then by a sequence number, so that equal deadlines
 * fire in the order in which they were made (asyncio leaves that undefined). A cancelled
 * timer leaves an empty slot behind, thrown away when it reaches the top, or all at once
 * when more than half of more than 100 slots are empty, as asyncio does, or more than a
 * quarter and one of them is at the top. Next: loop.h.
 */
#ifndef TIMER_H
#define TIMER_H

#include <stddef.h>
#include <stdint.h>

#include "handle.h"

struct timer {
    struct handle handle; /* what is called; handle.fn gets &timer.handle */
    double when;          /* deadline in the loop's time, seconds */
    uint32_t slot;        /* 1 + its place in heap->table; 0: not in the heap */
};

/* As handle_init(). */
static inline void timer_init(struct timer *t)
{
    handle_init(&t->handle);
    t->slot = 0;
}

struct timer_slot { /* 16 bytes, so that four children fill a cache line */
    double when;    /* a copy, so that comparing touches no timer */
    uint32_t order; /* creation order; breaks ties, and may wrap around */
    uint32_t place; /* whose it is: heap->table[place] */
};

union timer_place {
    struct timer *timer; /* NULL: it was cancelled, its slot is still in the heap */
    uint32_t next_free;  /* while no slot refers to it: the next such place */
};

/* Slots move about in the heap, places do not: so moving a slot touches no timer, and
 * cancelling a timer touches no slot. */
struct timer_heap {
    struct timer_slot *slots; /* 4-ary heap; inside `block` */
    void *block;              /* what was allocated for it, owned */
    union timer_place *table; /* owned */
    size_t count, room;       /* slots in use; slots, and places, allocated */
    size_t cancelled;         /* slots in use whose timer is cancelled */
    uint32_t made;            /* the next number of creation */
    uint32_t free;            /* first free place */
};

/* Add `t` with t->when set. O(log n). 0, or ENOMEM when the table cannot grow. */
int timer_heap_push(struct timer_heap *heap, struct timer *t);

/* Forget `t` if it is in the heap; its slot is swept later. O(1). */
void timer_heap_cancel(struct timer_heap *heap, struct timer *t);

/* Throw away cancelled slots, as BaseEventLoop._run_once does first of all. */
void timer_heap_sweep(struct timer_heap *heap);

/* The earliest timer, taken out of the heap, if it is due at `now` or less than `tick`
 * after it; else NULL. */
struct timer *timer_heap_pop_due(struct timer_heap *heap, double now, double tick);

/* Forget all timers, which stay their owners', and release the table. */
void timer_heap_free(struct timer_heap *heap);

#endif
