/*
 * sync.c - checks that scripts cannot express: two loops, growing tables, lock holders.
 */
#include "barrier.h"
#include "check.h"
#include "queue.h"
#include "runner.h"
#include "semaphores.h"
#include "sleep.h"
#include "timeout.h"

static struct lock lock;

/* ---- a task that takes the lock twice, so the second time it waits ---- */

struct twice {
    struct coro co;
    struct lock_acquire acquire;
    int error;
};

static co_status twice_body(struct coro *co)
{
    struct twice *self = co_self(co, struct twice);

    ASYNC (co) {
        AWAIT(lock_acquire(&self->acquire, &lock));
        EXPECT(self->acquire.taken);
        AWAIT_CATCH_ALL(self->error, lock_acquire(&self->acquire, &lock));
        EXPECT(!self->acquire.taken);
        EXPECT_INT(lock_release(&lock), 0);
    }
    return co_done(co);
}

struct meddler {
    struct coro co;
    struct twice twice;
    struct task task;
};

static co_status meddler_body(struct coro *co)
{
    struct meddler *self = co_self(co, struct meddler);

    ASYNC (co) {
        loop_create_task(get_running_loop(), &self->task,
                         co_init(&self->twice.co, twice_body));
        YIELD();
        task_cancel(&self->task, NULL);
        AWAIT(&self->task);
    }
    return co_done(co);
}

/* A lock belongs to the first loop in which a task had to wait for it. */
static void two_loops(void)
{
    struct runner runner[2];
    struct meddler meddler;
    struct twice twice;

    lock_init(&lock);
    for (int i = 0; i < 2; i++)
        runner_init(&runner[i], NULL);
    EXPECT_INT(runner_run(&runner[0], co_init(&meddler.co, meddler_body)), 0);
    EXPECT_INT(meddler.twice.error, ECANCELED);
    EXPECT_INT(runner_run(&runner[1], co_init(&twice.co, twice_body)), 0);
    EXPECT_INT(twice.error, AIO_OTHER_LOOP);
    for (int i = 0; i < 2; i++)
        runner_close(&runner[i]);
}

/* ---- release and deadline in one pass ---- */

static struct timer release_timer, advance_timer;
static bool woken_first;

/* Time passes while the loop is busy: in the next pass the deadline has come, too. */
static void on_release(struct handle *h)
{
    (void)h;
    lock_release(&lock);
    if (woken_first)
        get_running_loop()->virtual_now = 0.02;
}

static void on_advance(struct handle *h)
{
    (void)h;
    get_running_loop()->virtual_now = 0.02;
}

struct limited {
    struct coro co;
    struct lock_acquire acquire;
    struct async_timeout timeout;
    double limit;
    const char *name;
};

static co_status limited_body(struct coro *co)
{
    struct limited *self = co_self(co, struct limited);
    int err;

    ASYNC (co) {
        AWAIT_CATCH(err, async_timeout(&self->timeout, self->limit,
                                       lock_acquire(&self->acquire, &lock)));
        trace("%s:%s", self->name, err == 0 ? "acquired" : "late");
        if (self->acquire.taken)
            lock_release(&lock);
    }
    return co_done(co);
}

struct race {
    struct coro co;
    struct lock_acquire acquire;
    struct limited limited[2];
    struct task task[2];
};

static co_status race_body(struct coro *co)
{
    static const char *const name[] = { "b", "c" };
    struct race *self = co_self(co, struct race);

    ASYNC (co) {
        AWAIT(lock_acquire(&self->acquire, &lock));
        for (int i = 0; i < 2; i++) {
            self->limited[i].name = name[i];
            self->limited[i].limit = i == 0 ? 0.02 : TIMEOUT_NONE;
            loop_create_task(get_running_loop(), &self->task[i],
                             co_init(&self->limited[i].co, limited_body));
        }
        timer_init(&release_timer);
        timer_init(&advance_timer);
        loop_call_at(get_running_loop(), &release_timer,
                     woken_first ? 0.01 : 0.0199999999, on_release);
        if (!woken_first)
            loop_call_at(get_running_loop(), &advance_timer, 0.015, on_advance);
        AWAIT(&self->task[0]);
        AWAIT(&self->task[1]);
        EXPECT(!lock_locked(&lock) && ring_empty(&lock.waiters.ring));
        EXPECT_INT(
            get_running_loop()->timers.count - get_running_loop()->timers.cancelled, 0);
    }
    return co_done(co);
}

static void release_meets_deadline(void)
{
    static const struct loop_policy policy = { &selector_poll, &clock_virtual };
    struct race race;

    for (int i = 0; i < 2; i++) {
        struct runner runner;

        woken_first = i == 0;
        lock_init(&lock);
        runner_init(&runner, &policy);
        EXPECT_INT(runner_run(&runner, co_init(&race.co, race_body)), 0);
        runner_close(&runner);
        EXPECT_TRACE(woken_first ? "b:acquired c:acquired" : "b:late c:acquired");
    }
}

/* ---- which task holds the lock ---- */

struct holder {
    struct coro co;
    struct lock_acquire acquire;
    struct future never;
};

static co_status holder_body(struct coro *co)
{
    struct holder *self = co_self(co, struct holder);

    ASYNC (co) {
        AWAIT(lock_acquire(&self->acquire, &lock));
        AWAIT(&self->never);

    FINALLY:
        if (self->acquire.taken)
            lock_release(&lock);
    }
    return co_done(co);
}

struct show {
    struct coro co;
    struct holder holder[3];
    struct task task[3];
    char reason[WAIT_REASON_MAX];
};

static const char *reason(struct show *self, int i)
{
    const char *text = task_wait_reason(&self->task[i], self->reason);

    return text != NULL ? text : "nothing";
}

static co_status show_body(struct coro *co)
{
    struct show *self = co_self(co, struct show);

    ASYNC (co) {
        for (int i = 0; i < 3; i++) {
            future_init(&self->holder[i].never, get_running_loop());
            self->holder[i].acquire.taken = false;
            loop_create_task(get_running_loop(), &self->task[i],
                             co_init(&self->holder[i].co, holder_body));
        }
        EXPECT_STR(reason(self, 0), "nothing");
        YIELD();
        EXPECT_STR(reason(self, 0), "a future");
        EXPECT_STR(reason(self, 1), "a lock held by Task-2");
        task_set_name(&self->task[0], "keeper");
        EXPECT_STR(reason(self, 1), "a lock held by keeper");
        self->holder[0].acquire.taken = false; /* it does not release it */
        future_set_result(&self->holder[0].never, NULL);
        AWAIT(&self->task[0]);
        EXPECT_STR(reason(self, 1), "a lock held by Task-2, ended");
        task_cancel(&self->task[1], NULL);
        lock_release(&lock);
        EXPECT_STR(reason(self, 1), "nothing"); /* it is on its way */
        EXPECT_STR(reason(self, 2), "a lock");  /* and will wake this one */
        future_set_result(&self->holder[2].never, NULL);
        AWAIT(&self->task[2]);
        EXPECT(future_cancelled(&self->task[1].future));
        EXPECT(!lock_locked(&lock));
    }
    return co_done(co);
}

static void who_holds_it(void)
{
    struct show show;

    lock_init(&lock);
    EXPECT_INT(async_run(co_init(&show.co, show_body)), 0);
}

/* ---- queues ---- */

static int numbers[5000];

/* The table grows while its contents wrap around its end. */
static void queue_grows(void)
{
    struct queue queue;
    void *item;
    int in = 0, out = 0;

    queue_init(&queue, 0, NULL);
    for (int round = 1; in < 4000; round++) {
        for (int i = 0; i < 3 * round && in < 4000; i++)
            EXPECT_INT(queue_put_nowait(&queue, &numbers[in++]), 0);
        for (int i = 0; i < round && out < in; i++) {
            EXPECT_INT(queue_get_nowait(&queue, &item), 0);
            EXPECT(item == &numbers[out++]);
        }
    }
    EXPECT_INT(queue_qsize(&queue), in - out);
    while (queue_get_nowait(&queue, &item) == 0)
        EXPECT(item == &numbers[out++]);
    EXPECT_INT(out, 4000);
    EXPECT(queue_empty(&queue) && !queue_full(&queue));
    queue_free(&queue);
    queue_free(&queue);
}

static void queue_in_the_callers_table(void)
{
    void *slots[3], *item;
    struct queue queue;

    queue_init(&queue, 3, slots);
    for (int i = 0; i < 100; i++) {
        EXPECT_INT(queue_put_nowait(&queue, &numbers[i]), 0);
        EXPECT_INT(queue_put_nowait(&queue, &numbers[i + 1]), 0);
        EXPECT_INT(queue_get_nowait(&queue, &item), 0);
        EXPECT(item == &numbers[i]);
        EXPECT_INT(queue_get_nowait(&queue, &item), 0);
        EXPECT(item == &numbers[i + 1]);
    }
    for (int i = 0; i < 3; i++)
        EXPECT_INT(queue_put_nowait(&queue, &numbers[i]), 0);
    EXPECT(queue_full(&queue));
    EXPECT_INT(queue_put_nowait(&queue, numbers), AIO_QUEUE_FULL);
    queue_free(&queue); /* the table stays the caller's */
}

static int compare(const void *a, const void *b)
{
    return *(const int *)a % 100 - *(const int *)b % 100;
}

/* Compared with sorting: the items come out in order. */
static void priorities(void)
{
    struct priority_queue queue;
    unsigned seed = 1;
    void *item;
    int last;

    priority_queue_init(&queue, 0, NULL, compare);
    for (int i = 0; i < 5000; i++) {
        seed = seed * 1103515245u + 12345u;
        numbers[i] = (int)(seed >> 16 & 0x7fff);
        EXPECT_INT(queue_put_nowait(&queue.queue, &numbers[i]), 0);
    }
    last = -1;
    while (queue_get_nowait(&queue.queue, &item) == 0) {
        EXPECT(*(int *)item % 100 >= last);
        last = *(int *)item % 100;
    }
    queue_free(&queue.queue);
}

/* ---- queries ---- */

static void questions(void)
{
    struct barrier barrier;
    struct semaphore semaphore;
    struct event event;

    EXPECT_INT(barrier_init(&barrier, 0), EINVAL);
    EXPECT_INT(barrier_init(&barrier, 2), 0);
    EXPECT_INT(barrier_n_waiting(&barrier), 0);
    EXPECT(!barrier_broken(&barrier));
    semaphore_init(&semaphore, 1);
    EXPECT(!semaphore_locked(&semaphore));
    EXPECT_INT(semaphore_release(&semaphore), 0);
    EXPECT_INT(semaphore.value, 2);
    bounded_semaphore_init(&semaphore, 1);
    EXPECT_INT(semaphore_release(&semaphore), AIO_RELEASED);
    EXPECT_INT(semaphore.value, 1);
    semaphore_init(&semaphore, 0);
    EXPECT(semaphore_locked(&semaphore));
    event_init(&event);
    EXPECT(!event_is_set(&event));
    event_set(&event);
    EXPECT(event_is_set(&event));
    event_clear(&event);
    EXPECT(!event_is_set(&event));
}

CHECK_MAIN({ "a lock belongs to one loop", two_loops },
           { "release and deadline in one pass", release_meets_deadline },
           { "who holds the lock", who_holds_it },
           { "a queue's table grows", queue_grows },
           { "a queue in the caller's table", queue_in_the_callers_table },
           { "priorities", priorities }, { "what can be asked", questions })
