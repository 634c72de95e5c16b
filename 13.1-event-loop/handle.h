/*
 * handle.h - a callback that waits for its turn, and the ring it waits in.
 *
 * A handle lives inside the caller's own struct, so scheduling one allocates nothing
 * and cannot fail for memory. The same link serves every line a handle can stand
 * in: the loop's ready queue, a future's done callbacks, the threads' inbox (13.4).
 * It stands in at most one of them. Next: timer.h, then loop.h.
 */
#ifndef HANDLE_H
#define HANDLE_H

#include <stdbool.h>
#include <stddef.h>

/* The struct that holds `member`, from a pointer to that member. */
#define container_of(pointer, type, member) \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* A place in a ring. A ring is a link of its own, the head, that points to itself
 * when the ring is empty; a link outside any ring has next == NULL. */
struct link {
    struct link *next, *prev;
};

struct handle {
    struct link link;             /* its place in line; next == NULL: it stands in none */
    void (*fn)(struct handle *h); /* called once, by the loop, with this very handle */
};

static inline void ring_init(struct link *ring)
{
    ring->next = ring->prev = ring;
}

static inline bool ring_empty(const struct link *ring)
{
    return ring->next == ring;
}

/* Append `link`, which is in no ring, at the end of `ring`. */
static inline void ring_append(struct link *ring, struct link *link)
{
    struct link *last = ring->prev;

    link->next = ring;
    link->prev = last;
    last->next = link;
    ring->prev = link;
}

/* Take `link` out of its ring; a link in none is left as it is. */
static inline void ring_remove(struct link *link)
{
    struct link *next = link->next;

    if (next == NULL)
        return;
    next->prev = link->prev;
    link->prev->next = next;
    link->next = NULL;
}

/* Move all of `from` to the end of `ring`, in order; `from` is empty after it. */
static inline void ring_splice(struct link *ring, struct link *from)
{
    if (ring_empty(from))
        return;
    from->next->prev = ring->prev;
    ring->prev->next = from->next;
    from->prev->next = ring;
    ring->prev = from->prev;
    ring_init(from);
}

/* A handle must say that it stands in no line before it is used first. */
static inline void handle_init(struct handle *h)
{
    h->link.next = NULL;
}

/* True while the handle stands in line and its callback is still to come. */
static inline bool handle_scheduled(const struct handle *h)
{
    return h->link.next != NULL;
}

/* asyncio Handle.cancel(): the callback will not run. Harmless when it has run, was
 * cancelled before, or was never scheduled. O(1). On the loop's own thread only. */
static inline void handle_cancel(struct handle *h)
{
    ring_remove(&h->link);
}

#endif
