/*
 * timer.h - timers: handles with a deadline, and the heap that orders them.
 *
 * Programs schedule a timer with loop_call_later() or loop_call_at() (loop.h); only the
 * loop calls the functions of the heap. The heap is ordered by deadline and then by a
 * sequence number, so timers with equal deadlines fire in the order in which they were
 * scheduled (asyncio leaves that undefined). A cancelled timer leaves an empty slot. It
 * is removed when it reaches the top. In a heap of more than 100 slots, all empty slots
 * are removed at once when more than half of the slots are empty, as in asyncio. When the
 * top slot is empty, more than a quarter is enough. Next: loop.h.
 */
#ifndef TIMER_H
#define TIMER_H

#include <stddef.h>
#include <stdint.h>

#include "handle.h"

struct timer {
    struct handle handle; /* the callback; handle.fn is called with &timer.handle */
    double when;          /* deadline in loop time, in seconds */
    uint32_t slot;        /* 1 + its place in heap->table; 0: not in the heap */
};

/* Initializes a timer. A timer in static storage needs no call: zero is valid. */
static inline void timer_init(struct timer *t)
{
    handle_init(&t->handle);
    t->slot = 0;
}

struct timer_slot { /* 16 bytes, so that four children fill a cache line */
    double when;    /* copy of timer->when, so that comparing slots reads no timer */
    uint32_t order; /* sequence number, for equal deadlines; a wrap-around is handled */
    uint32_t place; /* index of its timer in heap->table */
};

union timer_place {
    struct timer *timer; /* NULL: cancelled, but its slot is still in the heap */
    uint32_t next_free;  /* in a free place: the next free place */
};

/* Slots move within the heap, and places in the table do not. So moving a slot does not
 * access its timer, and cancelling a timer does not access its slot. */
struct timer_heap {
    struct timer_slot *slots; /* 4-ary heap; inside `block` */
    void *block;              /* the allocation that contains `slots`, owned */
    union timer_place *table; /* owned */
    size_t count, room;       /* slots in use; slots (and places) allocated */
    size_t cancelled;         /* slots in use whose timer is cancelled */
    uint32_t made;            /* the next sequence number */
    uint32_t free;            /* the first free place */
};

/* Adds `t`, whose field `when` the caller has set. O(log n). Returns 0, or ENOMEM when
 * the table cannot grow. */
int timer_heap_push(struct timer_heap *heap, struct timer *t);

/* Cancels `t`. Does nothing when it is not in the heap. Its slot is removed later.
 * O(1). */
void timer_heap_cancel(struct timer_heap *heap, struct timer *t);

/* Removes slots of cancelled timers, as BaseEventLoop._run_once does at its start. */
void timer_heap_sweep(struct timer_heap *heap);

/* Removes and returns the earliest timer if its deadline is at or before `now`, or less
 * than `tick` seconds after it. Returns NULL when no timer is due. */
struct timer *timer_heap_pop_due(struct timer_heap *heap, double now, double tick);

/* Removes all timers and frees the heap's memory. The timers belong to their callers. */
void timer_heap_free(struct timer_heap *heap);

#endif
