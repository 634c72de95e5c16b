/* timer.c - a 4-ary heap of deadlines. before() defines the order. */
#include "timer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FANOUT = 4, FIRST_ROOM = 64, SWEEP_ABOVE = 100, CACHE_LINE = 64 };

/* The signed difference of two sequence numbers is right even after a wrap-around. */
static bool before(const struct timer_slot *a, const struct timer_slot *b)
{
    return a->when != b->when ? a->when < b->when : (int32_t)(a->order - b->order) < 0;
}

static struct timer *timer_of(const struct timer_heap *heap, size_t i)
{
    return heap->table[heap->slots[i].place].timer;
}

static void free_place(struct timer_heap *heap, uint32_t place)
{
    heap->table[place].next_free = heap->free;
    heap->free = place;
}

/* Moves the hole at `i` up, as far as `top`, until `s` fits into it. */
static void sift_up(struct timer_heap *heap, size_t top, size_t i, struct timer_slot s)
{
    while (i > top && before(&s, &heap->slots[(i - 1) / FANOUT])) {
        heap->slots[i] = heap->slots[(i - 1) / FANOUT];
        i = (i - 1) / FANOUT;
    }
    heap->slots[i] = s;
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

/* Moves the hole at `top` down to a leaf, then moves it up until `s` fits into it. `s`
 * was a leaf and usually becomes one again, so this saves a comparison with `s` on each
 * level. In a big heap each level would wait for memory. So while one level is compared,
 * the groups of children that the next level can need are prefetched. */
static void sift_down(struct timer_heap *heap, size_t top, struct timer_slot s)
{
    size_t i = top;

    while (i * FANOUT + 1 < heap->count) {
        size_t child, ahead = (i * FANOUT + 1) * FANOUT + 1;

        for (int group = 0; group < FANOUT && ahead < heap->count;
             group++, ahead += FANOUT)
            __builtin_prefetch(&heap->slots[ahead]);
        child = least_child(heap, i);
        heap->slots[i] = heap->slots[child];
        i = child;
    }
    sift_up(heap, top, i, s);
}

/* Returns the offset of slots[0] in the block at which slots[1], and so each group of
 * four children, begins a cache line. */
static size_t padding(const char *block)
{
    return (0 - (uintptr_t)block - sizeof(struct timer_slot)) % CACHE_LINE;
}

/* Doubles the room. Returns 0 or ENOMEM. */
static int grow(struct timer_heap *heap)
{
    size_t room = heap->room ? heap->room * 2 : FIRST_ROOM, was = padding(heap->block);
    union timer_place *table;
    char *block;

    table = room > UINT32_MAX / 2 ? NULL : realloc(heap->table, room * sizeof *table);
    if (table == NULL)
        return ENOMEM;
    heap->table = table;
    block = realloc(heap->block, room * sizeof *heap->slots + CACHE_LINE);
    if (block == NULL)
        return ENOMEM;
    heap->block = block;
    heap->slots = (struct timer_slot *)(block + padding(block));
    if (heap->count > 0 && padding(block) != was)
        memmove(heap->slots, block + was, heap->count * sizeof *heap->slots);
    for (size_t i = room; i-- > heap->room;)
        free_place(heap, (uint32_t)i);
    heap->room = room;
    return 0;
}

int timer_heap_push(struct timer_heap *heap, struct timer *t)
{
    uint32_t place;

    if (heap->count == heap->room && grow(heap) != 0)
        return ENOMEM;
    place = heap->free;
    heap->free = heap->table[place].next_free;
    heap->table[place].timer = t;
    t->slot = place + 1;
    sift_up(heap, 0, heap->count++, (struct timer_slot){ t->when, heap->made++, place });
    return 0;
}

void timer_heap_cancel(struct timer_heap *heap, struct timer *t)
{
    if (t->slot == 0)
        return;
    heap->table[t->slot - 1].timer = NULL;
    heap->cancelled++;
    t->slot = 0;
}

/* Removes the top slot and fills the gap with the last slot. The next call asks for the
 * timers of the new top and of its children, so their table entries are prefetched. */
static struct timer *drop_top(struct timer_heap *heap)
{
    struct timer *t = timer_of(heap, 0);

    free_place(heap, heap->slots[0].place);
    heap->count--;
    if (heap->count > 0)
        sift_down(heap, 0, heap->slots[heap->count]);
    for (size_t i = 0; i <= FANOUT && i < heap->count; i++)
        __builtin_prefetch(&heap->table[heap->slots[i].place]);
    if (t != NULL)
        t->slot = 0;
    else
        heap->cancelled--;
    return t;
}

static void rebuild(struct timer_heap *heap)
{
    size_t live = 0;

    for (size_t i = 0; i < heap->count; i++) {
        if (timer_of(heap, i) != NULL)
            heap->slots[live++] = heap->slots[i];
        else
            free_place(heap, heap->slots[i].place);
    }
    heap->count = live;
    heap->cancelled = 0;
    for (size_t i = (live + FANOUT - 2) / FANOUT; i-- > 0;) /* the inner slots */
        sift_down(heap, i, heap->slots[i]);
}

/* Removes the top slot, whose timer is cancelled. When many timers are cancelled, it is
 * cheaper to remove all of their slots at once. */
static void drop_cancelled(struct timer_heap *heap)
{
    if (heap->count > SWEEP_ABOVE && heap->cancelled > heap->count / 4)
        rebuild(heap);
    else
        drop_top(heap);
}

void timer_heap_sweep(struct timer_heap *heap)
{
    if (heap->count > SWEEP_ABOVE && heap->cancelled > heap->count / 2)
        rebuild(heap);
    while (heap->count > 0 && timer_of(heap, 0) == NULL)
        drop_cancelled(heap);
}

/* The second comparison is for a time so large that adding a tick does not change it. */
struct timer *timer_heap_pop_due(struct timer_heap *heap, double now, double tick)
{
    while (heap->count > 0 &&
           (heap->slots[0].when < now + tick || heap->slots[0].when <= now)) {
        if (timer_of(heap, 0) != NULL)
            return drop_top(heap);
        drop_cancelled(heap);
    }
    return NULL;
}

void timer_heap_free(struct timer_heap *heap)
{
    for (size_t i = 0; i < heap->count; i++)
        if (timer_of(heap, i) != NULL)
            timer_of(heap, i)->slot = 0;
    free(heap->block);
    free(heap->table);
    *heap = (struct timer_heap){ 0 };
}
