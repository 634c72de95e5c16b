/*
 * channel.h - a bounded queue between threads, which block, and coroutines, which await.
 *
 *     channel_thread_put(&channel, item);              on a thread
 *     AWAIT(channel_get(&self->get, &channel));        on the loop
 *
 * It is built on loop_call_soon_threadsafe() of section 13.4. Next: channel.c, then
 * cfuture.h.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "coro.h"
#include "inbox.h"
#include "waiters.h"

struct channel {
    pthread_mutex_t lock;   /* guards the fields down to `posted` */
    pthread_cond_t changed; /* wakes the threads when one of those fields changes */
    void **slots;           /* the caller's array */
    size_t room;            /* slots in the array */
    size_t head;            /* the slot of the oldest item */
    size_t count;           /* items in the channel */
    bool closed;            /* channel_close() was called */
    bool posted;            /* `wake` is scheduled on the loop */
    struct handle wake;     /* wakes coroutines after a change, on the loop's thread */
    /* used on the loop's thread */
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

/* Makes a channel for `room` items (at least 1) between `loop` and any number of
 * threads. `slots` is the caller's array of `room` pointers. The struct must not be
 * moved. Call it on the loop's thread. Returns 0; EINVAL when `room` is 0; an error of
 * loop_open_inbox(). */
int channel_init(struct channel *channel, struct loop *loop, void **slots, size_t room);

/* Releases the channel. Call it on the loop's thread, when no thread uses the channel
 * any more. */
void channel_free(struct channel *channel);

/* Call these two in coroutines of the channel's loop only. channel_put() waits for a free
 * slot and puts `item` there. channel_get() waits for an item, takes it and sets
 * self->item to it. Both raise ECANCELED when the task is cancelled; then no item was put
 * or taken. Both raise AIO_QUEUE_SHUTDOWN when the channel is closed (a get only once the
 * channel is empty), and AIO_OTHER_LOOP when tasks of another loop have waited for the
 * channel. */
struct coro *channel_put(struct channel_put *self, struct channel *channel, void *item);
struct coro *channel_get(struct channel_get *self, struct channel *channel);

/* The same for threads: wait, put and take as above, but block the thread. Both return 0;
 * AIO_QUEUE_SHUTDOWN when the channel is closed (a get only once it is empty); EDEADLK
 * when called on the loop's own thread, because that would block the loop. */
int channel_thread_put(struct channel *channel, void *item);
int channel_thread_get(struct channel *channel, void **item);

/* Refuses all puts from now on, and refuses gets once the channel is empty. Call it on
 * any thread. Closing the loop does the same. */
void channel_close(struct channel *channel);

#endif
