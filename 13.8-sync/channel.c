/*
 * channel.c - a ring guarded by a mutex. Threads wait on a condition variable.
 * Coroutines wait on futures that only the loop's thread touches: a thread that has
 * changed the ring posts `wake`, and on_wake() wakes the coroutines that can continue.
 */
#include "channel.h"

static const struct future_kind put_kind = { .what = "a slot in a channel",
                                             .cancel = future_end_cancelled };
static const struct future_kind get_kind = { .what = "an item in a channel",
                                             .cancel = future_end_cancelled };

/* Wakes as many coroutines as can continue now, on the loop's thread. Waking one too
 * many is harmless, because each checks again. */
static void wake_coroutines(struct channel *channel)
{
    size_t items, slots;
    bool closed;

    pthread_mutex_lock(&channel->lock);
    items = channel->count;
    slots = channel->room - channel->count;
    closed = channel->closed;
    pthread_mutex_unlock(&channel->lock);
    while ((closed || items-- > 0) && waiters_pop(&channel->getters))
        ;
    while ((closed || slots-- > 0) && waiters_pop(&channel->putters))
        ;
}

static void on_wake(struct handle *h)
{
    struct channel *channel = container_of(h, struct channel, wake);

    pthread_mutex_lock(&channel->lock);
    channel->posted = false;
    pthread_mutex_unlock(&channel->lock);
    wake_coroutines(channel);
}

/* Tells both sides that the ring has changed. The caller holds the mutex, so `posted`
 * is true exactly while the loop holds the handle, and no thread posts it twice. */
static void tell(struct channel *channel)
{
    pthread_cond_broadcast(&channel->changed);
    if (!channel->posted)
        channel->posted = loop_call_soon_threadsafe(channel->loop, &channel->wake,
                                                    on_wake) != AIO_LOOP_CLOSED;
}

/* Puts an item; the caller holds the mutex. Returns 0, AIO_QUEUE_FULL or
 * AIO_QUEUE_SHUTDOWN. */
static int put(struct channel *channel, void *item)
{
    if (channel->closed)
        return AIO_QUEUE_SHUTDOWN;
    if (channel->count == channel->room)
        return AIO_QUEUE_FULL;
    channel->slots[(channel->head + channel->count++) % channel->room] = item;
    tell(channel);
    return 0;
}

/* Takes an item; the caller holds the mutex. Returns 0, AIO_QUEUE_EMPTY or
 * AIO_QUEUE_SHUTDOWN. */
static int get(struct channel *channel, void **item)
{
    if (channel->count == 0)
        return channel->closed ? AIO_QUEUE_SHUTDOWN : AIO_QUEUE_EMPTY;
    *item = channel->slots[channel->head];
    channel->head = (channel->head + 1) % channel->room;
    channel->count--;
    tell(channel);
    return 0;
}

int channel_thread_put(struct channel *channel, void *item)
{
    int err;

    if (get_running_loop() == channel->loop)
        return EDEADLK;
    pthread_mutex_lock(&channel->lock);
    while ((err = put(channel, item)) == AIO_QUEUE_FULL)
        pthread_cond_wait(&channel->changed, &channel->lock);
    pthread_mutex_unlock(&channel->lock);
    return err;
}

int channel_thread_get(struct channel *channel, void **item)
{
    int err;

    if (get_running_loop() == channel->loop)
        return EDEADLK;
    pthread_mutex_lock(&channel->lock);
    while ((err = get(channel, item)) == AIO_QUEUE_EMPTY)
        pthread_cond_wait(&channel->changed, &channel->lock);
    pthread_mutex_unlock(&channel->lock);
    return err;
}

static int try_put(struct channel_put *self)
{
    int err;

    pthread_mutex_lock(&self->channel->lock);
    err = put(self->channel, self->item);
    pthread_mutex_unlock(&self->channel->lock);
    return err;
}

static co_status channel_put_body(struct coro *co)
{
    struct channel_put *self = co_self(co, struct channel_put);
    struct channel *channel = self->channel;
    int err;

    ASYNC (co) {
        while ((err = try_put(self)) == AIO_QUEUE_FULL) {
            err = waiters_join(&channel->putters, &self->waiter, &put_kind);
            if (err != 0)
                return co_raise(co, err);
            AWAIT_CATCH_ALL(err, &self->waiter.future);
            waiter_leave(&self->waiter);
            if (err != 0) {
                wake_coroutines(channel); /* another, if this one was woken */
                return co_raise(co, err);
            }
        }
        return co_raise(co, err);
    }
    return co_done(co);
}

struct coro *channel_put(struct channel_put *self, struct channel *channel, void *item)
{
    self->channel = channel;
    self->item = item;
    return co_init(&self->co, channel_put_body);
}

static int try_get(struct channel_get *self)
{
    int err;

    pthread_mutex_lock(&self->channel->lock);
    err = get(self->channel, &self->item);
    pthread_mutex_unlock(&self->channel->lock);
    return err;
}

static co_status channel_get_body(struct coro *co)
{
    struct channel_get *self = co_self(co, struct channel_get);
    struct channel *channel = self->channel;
    int err;

    ASYNC (co) {
        while ((err = try_get(self)) == AIO_QUEUE_EMPTY) {
            err = waiters_join(&channel->getters, &self->waiter, &get_kind);
            if (err != 0)
                return co_raise(co, err);
            AWAIT_CATCH_ALL(err, &self->waiter.future);
            waiter_leave(&self->waiter);
            if (err != 0) {
                wake_coroutines(channel); /* another, if this one was woken */
                return co_raise(co, err);
            }
        }
        return co_raise(co, err);
    }
    return co_done(co);
}

struct coro *channel_get(struct channel_get *self, struct channel *channel)
{
    self->channel = channel;
    return co_init(&self->co, channel_get_body);
}

void channel_close(struct channel *channel)
{
    pthread_mutex_lock(&channel->lock);
    channel->closed = true;
    tell(channel);
    pthread_mutex_unlock(&channel->lock);
}

static void on_loop_close(struct closer *closer)
{
    channel_close(container_of(closer, struct channel, closer));
}

int channel_init(struct channel *channel, struct loop *loop, void **slots, size_t room)
{
    int err = room > 0 ? loop_open_inbox(loop) : EINVAL;

    if (err != 0)
        return err;
    *channel = (struct channel){ .slots = slots, .room = room, .loop = loop };
    channel->closer.close = on_loop_close;
    waiters_init(&channel->getters);
    waiters_init(&channel->putters);
    pthread_mutex_init(&channel->lock, NULL);
    pthread_cond_init(&channel->changed, NULL);
    loop_on_close(loop, &channel->closer);
    return 0;
}

void channel_free(struct channel *channel)
{
    ring_remove(&channel->closer.link);
    handle_cancel_threadsafe(channel->loop, &channel->wake);
    pthread_mutex_destroy(&channel->lock);
    pthread_cond_destroy(&channel->changed);
}
