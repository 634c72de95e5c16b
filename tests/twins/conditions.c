/* conditions.c - behaviour of events, conditions, barriers. conditions.py on asyncio. */
#include "async_wait.h"
#include "barrier.h"
#include "condition.h"
#include "event.h"
#include "scenario.h"

static struct async_wait wait;

#define WAIT(count, timeout) \
    AWAIT(async_wait(&wait, stage.item, count, timeout, ALL_COMPLETED))

ROW(b63, "B63 event: set and clear at once wakes all who wait, in their order")
{
    static struct event event;
    static struct event_wait waits[4];
    static const char *const names[] = { "a", "b", "c" };

    ASYNC (co) {
        event_init(&event);
        for (int i = 0; i < 3; i++)
            start(i, attempt(i, names[i], event_wait(&waits[i], &event)));
        YIELD();
        event_set(&event);
        event_clear(&event);
        mark("set: %s", truth(event_is_set(&event)));
        start(3, attempt(3, "late", event_wait(&waits[3], &event)));
        SLEEP(1);
        task_cancel(&stage.task[3], NULL);
        WAIT(4, TIMEOUT_NONE);
    }
    return co_done(co);
}

static struct condition condition;

struct waits { /* waits under the lock, and reports whether it holds it when it wakes */
    struct coro co;
    const char *name;
    struct lock_acquire acquire;
    struct condition_wait wait;
};

static co_status waits_body(struct coro *co)
{
    struct waits *self = co_self(co, struct waits);
    int err;

    ASYNC (co) {
        AWAIT(lock_acquire(&self->acquire, condition.lock));
        mark("%s waits", self->name);
        AWAIT_CATCH_ALL(err, condition_wait(&self->wait, &condition));
        if (err == ECANCELED)
            told(self->name, err);
        mark("%s wakes, locked: %s", self->name, truth(lock_locked(condition.lock)));
        lock_release(condition.lock);
    }
    return co_done(co);
}

static void start_waits(int n, const char *name)
{
    static struct waits frames[2];

    frames[n].name = name;
    start(n, co_init(&frames[n].co, waits_body));
}

static struct lock_acquire acquire;

ROW(b64, "B64 condition: cancelled, it has the lock again before the cancel leaves")
{
    struct task *task = &stage.task[0];

    ASYNC (co) {
        condition_init(&condition, NULL);
        mark("notify: %s", name_of(condition_notify(&condition, 1)));
        start_waits(0, "a");
        YIELD();
        AWAIT(lock_acquire(&acquire, condition.lock));
        task_cancel(task, NULL);
        SLEEP(.1);
        mark("a is %s", future_done(&task->future) ? "done" : "waiting for the lock");
        task_cancel(task, NULL);
        SLEEP(.1);
        lock_release(condition.lock);
        WAIT(1, TIMEOUT_NONE);
    }
    return co_done(co);
}

ROW(b65, "B65 condition: the notification of one who is cancelled goes to the next")
{
    ASYNC (co) {
        condition_init(&condition, NULL);
        start_waits(0, "a");
        start_waits(1, "b");
        SLEEP(.1);
        AWAIT(lock_acquire(&acquire, condition.lock));
        condition_notify(&condition, 1);
        mark("notified");
        lock_release(condition.lock);
        task_cancel(&stage.task[0], NULL);
        WAIT(2, 1);
        mark("b woke: %s", truth(future_done(&stage.task[1].future)));
        task_cancel(&stage.task[1], NULL);
        WAIT(2, TIMEOUT_NONE);
    }
    return co_done(co);
}

static struct barrier barrier;

struct arrives {
    struct coro co;
    const char *name;
    struct barrier_wait wait;
};

static co_status arrives_body(struct coro *co)
{
    struct arrives *self = co_self(co, struct arrives);
    int err;

    ASYNC (co) {
        AWAIT_CATCH(err, barrier_wait(&self->wait, &barrier));
        if (err != 0)
            told(self->name, err);
        else
            mark("%s passes, index %u", self->name, self->wait.index);
    }
    return co_done(co);
}

static struct coro *arrives(int n, const char *name)
{
    static struct arrives frames[6];

    frames[n].name = name;
    return co_init(&frames[n].co, arrives_body);
}

static void tell_barrier(void)
{
    mark("broken: %s", truth(barrier_broken(&barrier)));
}

ROW(b66, "B66 barrier: the last to arrive returns first; abort and reset break it")
{
    static struct barrier_change change;

    ASYNC (co) {
        barrier_init(&barrier, 3);
        start(0, arrives(0, "a"));
        WAIT(1, .1);
        mark("waiting: %u", barrier_n_waiting(&barrier));
        start(1, arrives(1, "b"));
        start(2, arrives(2, "c"));
        start(3, arrives(3, "late"));
        SLEEP(.1);
        mark("waiting: %u", barrier_n_waiting(&barrier));
        AWAIT(barrier_reset(&change, &barrier));
        SLEEP(.1);
        tell_barrier();
        start(4, arrives(4, "d"));
        SLEEP(.1);
        AWAIT(barrier_abort(&change, &barrier));
        WAIT(5, TIMEOUT_NONE);
        tell_barrier();
        AWAIT(arrives(5, "too late"));
    }
    return co_done(co);
}

ROWS(&b63, &b64, &b65, &b66)
