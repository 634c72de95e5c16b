/*
 * handle.h - a scheduled callback, and the rings that hold such callbacks.
 *
 * A handle is a member of the caller's own struct, so scheduling it allocates nothing and
 * cannot fail for lack of memory. Its link holds it in one list at a time: the loop's
 * ready queue, a future's done callbacks, the inbox for other threads (section 13.4) or
 * another ring. Next: timer.h, then loop.h.
 */
#ifndef HANDLE_H
#define HANDLE_H

#include <stdbool.h>
#include <stddef.h>

/* Returns a pointer to the struct of `type` whose field `member` is at `pointer`. */
#define container_of(pointer, type, member) \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* A node of a ring. The head of a ring is a link too; it points to itself when the ring
 * is empty. A link that is in no ring has next == NULL. */
struct link {
    struct link *next, *prev;
};

struct handle {
    struct link link;             /* its place in a ring; next == NULL: in none */
    void (*fn)(struct handle *h); /* the loop calls it once, with this handle */
};

static inline void ring_init(struct link *ring)
{
    ring->next = ring->prev = ring;
}

static inline bool ring_empty(const struct link *ring)
{
    return ring->next == ring;
}

/* Appends `link`, which must be in no ring, to the end of `ring`. */
static inline void ring_append(struct link *ring, struct link *link)
{
    struct link *last = ring->prev;

    link->next = ring;
    link->prev = last;
    last->next = link;
    ring->prev = link;
}

/* Removes `link` from its ring. Does nothing when it is in none. */
static inline void ring_remove(struct link *link)
{
    struct link *next = link->next;

    if (next == NULL)
        return;
    next->prev = link->prev;
    link->prev->next = next;
    link->next = NULL;
}

/* Moves all links of `from` to the end of `ring`, in order, and leaves `from` empty. */
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

/* Initializes a handle. A handle in static storage needs no call: zero is valid. */
static inline void handle_init(struct handle *h)
{
    h->link.next = NULL;
}

/* Returns true while the handle is in a ring and its callback has not been called. */
static inline bool handle_scheduled(const struct handle *h)
{
    return h->link.next != NULL;
}

/* asyncio Handle.cancel(): makes sure that the callback does not run. Does nothing when
 * it has run, was cancelled before, or was never scheduled. O(1). Call it on the loop's
 * thread only; for a posted handle call handle_cancel_threadsafe() (section 13.4). */
static inline void handle_cancel(struct handle *h)
{
    ring_remove(&h->link);
}

#endif
