/* barrier.c - asyncio's locks.py, Barrier: made of a count, a state and a condition. */
#include "barrier.h"

int barrier_init(struct barrier *barrier, unsigned parties)
{
    barrier->parties = parties;
    barrier->count = 0;
    barrier->state = BARRIER_FILLING;
    condition_init(&barrier->changed, NULL);
    return parties > 0 ? 0 : EINVAL;
}

static bool may_enter(void *context)
{
    struct barrier *barrier = context;

    return barrier->state == BARRIER_FILLING || barrier->state == BARRIER_BROKEN;
}

static bool not_filling(void *context)
{
    struct barrier *barrier = context;

    return barrier->state != BARRIER_FILLING;
}

/* Does what Barrier._exit does: the last task to leave admits the tasks that arrived
 * meanwhile. */
static void leave(struct barrier *barrier)
{
    if (--barrier->count > 0)
        return;
    if (barrier->state == BARRIER_RESETTING || barrier->state == BARRIER_DRAINING)
        barrier->state = BARRIER_FILLING;
    condition_notify_all(&barrier->changed);
}

static co_status barrier_wait_body(struct coro *co)
{
    struct barrier_wait *self = co_self(co, struct barrier_wait);
    struct barrier *barrier = self->barrier;

    ASYNC (co) {
        AWAIT(lock_acquire(&self->acquire, barrier->changed.lock));
        AWAIT(condition_wait_for(&self->wait, &barrier->changed, may_enter, barrier));
        if (barrier->state == BARRIER_BROKEN)
            return co_raise(co, AIO_BROKEN_BARRIER);
        self->inside = true;
        self->index = barrier->count++;
        if (barrier->count == barrier->parties) {
            barrier->state = BARRIER_DRAINING;
            condition_notify_all(&barrier->changed);
            return co_done(co);
        }
        AWAIT(condition_wait_for(&self->wait, &barrier->changed, not_filling, barrier));
        if (barrier->state != BARRIER_DRAINING)
            return co_raise(co, AIO_BROKEN_BARRIER);

    FINALLY:
        if (self->inside)
            leave(barrier);
        if (self->acquire.taken)
            lock_release(barrier->changed.lock);
    }
    return co_done(co);
}

struct coro *barrier_wait(struct barrier_wait *self, struct barrier *barrier)
{
    self->barrier = barrier;
    self->inside = false;
    return co_init(&self->co, barrier_wait_body);
}

/* A reset of an empty barrier returns to BARRIER_FILLING at once, because no task has
 * to leave first. */
static co_status barrier_change_body(struct coro *co)
{
    struct barrier_change *self = co_self(co, struct barrier_change);
    struct barrier *barrier = self->barrier;

    ASYNC (co) {
        AWAIT(lock_acquire(&self->acquire, barrier->changed.lock));
        if (self->breaks)
            barrier->state = BARRIER_BROKEN;
        else
            barrier->state = barrier->count > 0 ? BARRIER_RESETTING : BARRIER_FILLING;
        condition_notify_all(&barrier->changed);
        lock_release(barrier->changed.lock);
    }
    return co_done(co);
}

static struct coro *change(struct barrier_change *self, struct barrier *barrier,
                           bool breaks)
{
    self->barrier = barrier;
    self->breaks = breaks;
    return co_init(&self->co, barrier_change_body);
}

struct coro *barrier_reset(struct barrier_change *self, struct barrier *barrier)
{
    return change(self, barrier, false);
}

struct coro *barrier_abort(struct barrier_change *self, struct barrier *barrier)
{
    return change(self, barrier, true);
}

unsigned barrier_n_waiting(const struct barrier *barrier)
{
    return barrier->state == BARRIER_FILLING ? barrier->count : 0;
}

bool barrier_broken(const struct barrier *barrier)
{
    return barrier->state == BARRIER_BROKEN;
}
