/* locks.c - behaviour of locks and semaphores. locks.py on asyncio. */
#include "async_wait.h"
#include "lock.h"
#include "scenario.h"
#include "semaphores.h"
#include "wait_for.h"

static struct lock lock;
static struct semaphore semaphore;

struct user { /* holds the lock or semaphore for so many passes, and perhaps once more */
    struct coro co;
    const char *name;
    bool of_lock;
    int passes, again, i;
    struct lock_acquire lock;
    struct semaphore_acquire semaphore;
};

static struct coro *take(struct user *self)
{
    return self->of_lock ? lock_acquire(&self->lock, &lock)
                         : semaphore_acquire(&self->semaphore, &semaphore);
}

static co_status user_body(struct coro *co)
{
    struct user *self = co_self(co, struct user);
    int err;

    ASYNC (co) {
        do {
            AWAIT_CATCH_ALL(err, take(self));
            if (err != 0) {
                told(self->name, err);
                break;
            }
            mark("%s has it", self->name);
            for (self->i = 0; self->i < self->passes; self->i++)
                YIELD();
            if (self->of_lock)
                lock_release(&lock);
            else
                semaphore_release(&semaphore);
            mark("%s gave it back", self->name);
        } while (self->again-- > 0);
    }
    return co_done(co);
}

static struct user users[4];

static struct coro *user(int n, const char *name, bool of_lock, int passes, int again)
{
    users[n].name = name;
    users[n].of_lock = of_lock;
    users[n].passes = passes;
    users[n].again = again;
    return co_init(&users[n].co, user_body);
}

static struct async_wait wait;

#define WAIT(count) \
    AWAIT(async_wait(&wait, stage.item, count, TIMEOUT_NONE, ALL_COMPLETED))

static struct lock_acquire acquire;

static void tell_locked(void)
{
    mark("locked: %s", truth(lock_locked(&lock)));
}

ROW(b56, "B56 lock: the head of the line has it next; the releaser queues behind")
{
    ASYNC (co) {
        lock_init(&lock);
        start(0, user(0, "releaser", true, 2, 1));
        start(1, user(1, "waiter", true, 1, 0));
        YIELD();
        YIELD();
        start(2, user(2, "newcomer", true, 0, 0));
        WAIT(3);
        mark("locked: %s release: %s", truth(lock_locked(&lock)),
             name_of(lock_release(&lock)));
    }
    return co_done(co);
}

ROW(b57, "B57 lock: the one who was woken is cancelled, the next one is woken")
{
    ASYNC (co) {
        lock_init(&lock);
        AWAIT(lock_acquire(&acquire, &lock));
        start(0, user(0, "a", true, 0, 0));
        start(1, user(1, "b", true, 0, 0));
        YIELD();
        lock_release(&lock);
        task_cancel(&stage.task[0], NULL);
        WAIT(2);
    }
    return co_done(co);
}

ROW(b58, "B58 lock: a cancelled waiter that is still in line counts for nothing")
{
    ASYNC (co) {
        lock_init(&lock);
        AWAIT(lock_acquire(&acquire, &lock));
        start(0, user(0, "a", true, 0, 0));
        YIELD();
        task_cancel(&stage.task[0], NULL);
        lock_release(&lock);
        tell_locked();
        AWAIT(user(1, "newcomer", true, 0, 0));
        WAIT(1);
        tell_locked();
    }
    return co_done(co);
}

static void release(struct handle *h)
{
    (void)h;
    lock_release(&lock);
}

static void release_and_work(struct handle *h)
{
    release(h);
    stage.loop.virtual_now += 5; /* the deadline passes meanwhile */
}

ROW(b59, "B59 wait_for(acquire): a timeout leaves no waiter")
{
    static struct async_wait_for waits[2];
    static struct lock_acquire other;

    ASYNC (co) {
        stage.without_passes = true;
        lock_init(&lock);
        AWAIT(lock_acquire(&acquire, &lock));
        ATTEMPT("acquire", async_wait_for(&waits[0], lock_acquire(&other, &lock), .1));
        lock_release(&lock);
        tell_locked();
        AWAIT(lock_acquire(&acquire, &lock));
        say(0, "", NULL);
        loop_call_later(&stage.loop, &stage.say[0].timer, .1, release_and_work);
        ATTEMPT("woken before deadline",
                async_wait_for(&waits[1], lock_acquire(&other, &lock), .5));
        tell_locked();
    }
    return co_done(co);
}

ROW(b49b, "B49b wait_for(acquire): released and late in one pass, no lock is lost")
{
    static struct async_wait_for late;
    static struct lock_acquire other;

    ASYNC (co) {
        lock_init(&lock);
        AWAIT(lock_acquire(&acquire, &lock));
        say(0, "", NULL);
        loop_call_later(&stage.loop, &stage.say[0].timer, .5 - 5e-10, release);
        ATTEMPT("acquire", async_wait_for(&late, lock_acquire(&other, &lock), .5));
        tell_locked();
    }
    return co_done(co);
}

static void start_users(int count, int passes, int again, const char *const *names)
{
    for (int n = 0; n < count; n++)
        start(n, user(n, names[n], false, passes, again));
}

ROW(b60, "B60 semaphore: first come, first served")
{
    static const char *const names[] = { "A", "B" };

    ASYNC (co) {
        semaphore_init(&semaphore, 1);
        start_users(2, 1, 1, names);
        WAIT(2);
    }
    return co_done(co);
}

static const char *const names[] = { "a", "b", "c", "d" };

ROW(b61, "B61 semaphore: the permit of one who is woken and cancelled is not lost")
{
    ASYNC (co) {
        semaphore_init(&semaphore, 0);
        start_users(2, 0, 0, names);
        YIELD();
        semaphore_release(&semaphore);
        mark("locked: %s", truth(semaphore_locked(&semaphore)));
        task_cancel(&stage.task[0], NULL);
        AWAIT(async_wait(&wait, stage.item, 2, 1, ALL_COMPLETED));
        mark("b is %s locked: %s", future_done(stage.item[1].future) ? "done" : "waiting",
             truth(semaphore_locked(&semaphore)));
    }
    return co_done(co);
}

ROW(b61b, "B61b semaphore: two permits wake two, and one who is cancelled a third")
{
    ASYNC (co) {
        semaphore_init(&semaphore, 0);
        start_users(4, 2, 0, names);
        YIELD();
        semaphore_release(&semaphore);
        semaphore_release(&semaphore);
        task_cancel(&stage.task[0], NULL);
        WAIT(4);
        mark("locked: %s", truth(semaphore_locked(&semaphore)));
    }
    return co_done(co);
}

ROW(b62, "B62 bounded semaphore: one release too many is refused")
{
    ASYNC (co) {
        bounded_semaphore_init(&semaphore, 1);
        mark("release: %s", name_of(semaphore_release(&semaphore)));
        AWAIT(user(0, "a", false, 0, 0));
        mark("release: %s locked: %s", name_of(semaphore_release(&semaphore)),
             truth(semaphore_locked(&semaphore)));
    }
    return co_done(co);
}

ROWS(&b56, &b57, &b58, &b59, &b49b, &b60, &b61, &b61b, &b62)
