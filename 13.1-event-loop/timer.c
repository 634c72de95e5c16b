/* timer.c - a 4-ary heap of deadlines. The rule of timer.h is all in `before`. */
#include "timer.h"

#include <errno.h>
#include <stdlib.h>

enum { FANOUT = 4, FIRST_ROOM = 64, SWEEP_ABOVE = 100 };

static bool before(const struct timer_slot *a, const struct timer_slot *b)
{
    return a->when < b->when || (a->when == b->when && a->order < b->order);
}

static void put(struct timer_heap *heap, size_t i, struct timer_slot s)
{
    heap->slots[i] = s;
    if (s.timer != NULL)
        s.timer->slot = i + 1;
}

/* Move the hole at `i` towards the root until `s` fits in. */
static void sift_up(struct timer_heap *heap, size_t i, struct timer_slot s)
{
    while (i > 0) {
        size_t parent = (i - 1) / FANOUT;

        if (!before(&s, &heap->slots[parent]))
            break;
        put(heap, i, heap->slots[parent]);
        i = parent;
    }
    put(heap, i, s);
}

static size_t least_child(const struct timer_heap *heap, size_t i)
{
    size_t first = i * FANOUT + 1, least = first;
    size_t end = first + FANOUT < heap->count ? first + FANOUT : heap->count;

    for (size_t c = first + 1; c < end; c++)
        if (before(&heap->slots[c], &heap->slots[least]))
            least = c;
    return least;
}

/* Move the hole at `i` towards the leaves until `s` fits in. */
static void sift_down(struct timer_heap *heap, size_t i, struct timer_slot s)
{
    while (i * FANOUT + 1 < heap->count) {
        size_t child = least_child(heap, i);

        if (!before(&heap->slots[child], &s))
            break;
        put(heap, i, heap->slots[child]);
        i = child;
    }
    put(heap, i, s);
}

static int grow(struct timer_heap *heap)
{
    size_t room = heap->room ? heap->room * 2 : FIRST_ROOM;
    struct timer_slot *slots = realloc(heap->slots, room * sizeof *slots);

    if (slots == NULL)
        return ENOMEM;
    heap->slots = slots;
    heap->room = room;
    return 0;
}

int timer_heap_push(struct timer_heap *heap, struct timer *t)
{
    if (heap->count == heap->room && grow(heap) != 0)
        return ENOMEM;
    sift_up(heap, heap->count++, (struct timer_slot){ t->when, heap->made++, t });
    return 0;
}

void timer_heap_cancel(struct timer_heap *heap, struct timer *t)
{
    if (t->slot == 0)
        return;
    heap->slots[t->slot - 1].timer = NULL;
    heap->cancelled++;
    t->slot = 0;
}

/* Take the top slot away and close the gap with the last one. */
static struct timer *drop_top(struct timer_heap *heap)
{
    struct timer *t = heap->slots[0].timer;

    heap->count--;
    if (heap->count > 0)
        sift_down(heap, 0, heap->slots[heap->count]);
    if (t != NULL)
        t->slot = 0;
    else
        heap->cancelled--;
    return t;
}

static void rebuild(struct timer_heap *heap)
{
    size_t live = 0;

    for (size_t i = 0; i < heap->count; i++)
        if (heap->slots[i].timer != NULL)
            put(heap, live++, heap->slots[i]);
    heap->count = live;
    heap->cancelled = 0;
    for (size_t i = live / FANOUT + 1; i-- > 0;)
        if (i < live)
            sift_down(heap, i, heap->slots[i]);
}

void timer_heap_sweep(struct timer_heap *heap)
{
    if (heap->count > SWEEP_ABOVE && heap->cancelled * 2 > heap->count)
        rebuild(heap);
    while (heap->count > 0 && heap->slots[0].timer == NULL)
        drop_top(heap);
}

/* Where time is so late that adding a tick to it changes nothing, now itself is due. */
static bool is_due(const struct timer_slot *s, double now, double tick)
{
    return s->when < now + tick || s->when <= now;
}

struct timer *timer_heap_pop_due(struct timer_heap *heap, double now, double tick)
{
    while (heap->count > 0 && is_due(&heap->slots[0], now, tick)) {
        struct timer *t = drop_top(heap);

        if (t != NULL)
            return t;
    }
    return NULL;
}

void timer_heap_free(struct timer_heap *heap)
{
    for (size_t i = 0; i < heap->count; i++)
        if (heap->slots[i].timer != NULL)
            heap->slots[i].timer->slot = 0;
    free(heap->slots);
    *heap = (struct timer_heap){ 0 };
}
