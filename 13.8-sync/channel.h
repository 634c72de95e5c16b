/*
 * channel.h - a bounded queue with two faces: threads block at it, coroutines await.
 *
 * Everything goes through the thread-safe door of 13.4. Next: main.c.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "coro.h"
#include "inbox.h"
#include "waiters.h"

struct channel {
    pthread_mutex_t lock;     /* guards all down to `posted` */
    pthread_cond_t changed;   /* what is between, for the threads */
    void **slots;             /* the caller's */
    size_t room, head, count; /* slots, the oldest item's, items */
    bool closed;
    bool posted; /* `wake` is on its way to the loop */
    struct handle wake;
    /* the loop's side */
    struct loop *loop;
    struct waiters getters, putters;
    struct closer closer;
};

struct channel_put {
    struct coro co;
    struct channel *channel;
    void *item;
    struct waiter waiter;
};

struct channel_get {
    struct coro co;
    struct channel *channel;
    struct waiter waiter;
    void *item; /* result */
};

/* Make a channel for `room` items (1 or more) between `loop` and any threads. On the
 * loop's thread. It must not move. 0; EINVAL for no room; what loop_open_inbox() says. */
int channel_init(struct channel *channel, struct loop *loop, void **slots, size_t room);

/* Let go of it: on the loop's thread, when no thread uses it any more. */
void channel_free(struct channel *channel);

/* The loop's side: wait for a free slot, for an item. Raise ECANCELED,
 * AIO_QUEUE_SHUTDOWN, AIO_OTHER_LOOP. */
struct coro *channel_put(struct channel_put *self, struct channel *channel, void *item);
struct coro *channel_get(struct channel_get *self, struct channel *channel);

/* A thread's side: the same, blocking. 0; AIO_QUEUE_SHUTDOWN; EDEADLK when called on the
 * loop's own thread, which would block everybody. */
int channel_thread_put(struct channel *channel, void *item);
int channel_thread_get(struct channel *channel, void **item);

/* From anywhere: puts are refused from now on, gets when it is empty. Closing the loop
 * does this, too. */
void channel_close(struct channel *channel);

#endif
