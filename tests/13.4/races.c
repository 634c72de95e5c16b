/*
 * races.c - events at the worst moment: two posts at once, the second while the loop
 * takes the first one from the inbox; a post while the loop is about to sleep; a signal
 * just after the loop has looked for signals, or whose handler is replaced before it is
 * called; a loop that is closed between a post and its wake-up byte.
 *
 * RACE_ROUNDS in the environment replaces the 20,000 rounds. A broken build rarely needs
 * more of them to fail.
 */
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/uio.h>
#include <unistd.h>

#include "check.h"
#include "inbox.h"
#include "signals.h"

enum { ROUNDS = 20000, MOST_SIDES = 2, DAWDLE_MOST = 257 };

static struct loop loop;
static atomic_int round_now; /* each side posts once when it changes; -1: return */
static atomic_int posted;    /* posts of all rounds */
static int sides, rounds, heard, heard_before, stuck;

/* ---- one thread or two post at once, and again when all posts have run ---- */

struct side { /* a thread, and what it posts */
    pthread_t thread;
    struct handle handle;
};

/* A short delay, so that the next posts arrive at another moment before the sleep. */
static void dawdle(int turns)
{
    for (volatile int i = 0; i < turns; i++)
        ;
}

static void hear(struct handle *h)
{
    (void)h;
    if (++heard % sides != 0)
        return;
    if (heard == sides * rounds) {
        atomic_store(&round_now, -1);
        loop_stop(&loop);
    } else {
        atomic_fetch_add(&round_now, 1);
        dawdle(heard % DAWDLE_MOST);
    }
}

static void *post_each_round(void *arg)
{
    struct side *self = arg;
    int now, last = 0;

    while ((now = atomic_load(&round_now)) >= 0) {
        if (now == last) {
            sched_yield();
            continue;
        }
        last = now;
        loop_call_soon_threadsafe(&loop, &self->handle, hear);
        atomic_fetch_add(&posted, 1);
    }
    return NULL;
}

/* Each second: is there a post that has not run since the last look? */
static void look(struct handle *h)
{
    struct timer *t = container_of(h, struct timer, handle);

    if (heard == heard_before && heard < atomic_load(&posted)) {
        stuck = 1;
        atomic_store(&round_now, -1);
        loop_stop(&loop);
        return;
    }
    heard_before = atomic_load(&posted) > heard ? heard : -1;
    loop_call_later(&loop, t, 1, look);
}

static void all_are_heard(int at_once)
{
    struct loop_policy policy = { &selector_poll, &clock_monotonic };
    struct side posters[MOST_SIDES];
    struct timer watch;
    const char *asked = getenv("RACE_ROUNDS");

    rounds = asked != NULL ? atoi(asked) : ROUNDS;
    EXPECT_INT(loop_init(&loop, &policy), 0);
    EXPECT_INT(loop_open_inbox(&loop), 0);
    timer_init(&watch);
    sides = at_once;
    heard = stuck = 0;
    heard_before = -1;
    atomic_store(&posted, 0);
    atomic_store(&round_now, 1);
    loop_call_later(&loop, &watch, 1, look);
    for (int i = 0; i < sides; i++) {
        handle_init(&posters[i].handle);
        pthread_create(&posters[i].thread, NULL, post_each_round, &posters[i]);
    }
    EXPECT_INT(loop_run_forever(&loop), 0);
    for (int i = 0; i < sides; i++)
        pthread_join(posters[i].thread, NULL);
    timer_cancel(&loop, &watch);
    EXPECT_INT(stuck, 0);
    EXPECT_INT(heard, sides * rounds);
    EXPECT_INT(loop_close(&loop), 0);
}

static void a_post_is_heard_by_a_loop_about_to_sleep(void)
{
    all_are_heard(1);
}

static void two_posts_at_once_are_both_heard(void)
{
    all_are_heard(2);
}

/* ---- a signal that is pending when its handler is replaced ---- */

static void first(struct handle *h)
{
    (void)h;
    trace("first");
}

static void second(struct handle *h)
{
    (void)h;
    trace("second");
}

static void a_signal_on_its_way_reaches_the_new_handler(void)
{
    struct loop_policy policy = { &selector_poll, &clock_virtual };
    struct handle handles[2];

    EXPECT_INT(loop_init(&loop, &policy), 0);
    handle_init(&handles[0]);
    handle_init(&handles[1]);
    EXPECT_INT(loop_add_signal_handler(&loop, SIGUSR1, &handles[0], first), 0);
    raise(SIGUSR1);
    EXPECT_INT(loop_add_signal_handler(&loop, SIGUSR1, &handles[1], second), 0);
    for (int i = 0; i < 3; i++) {
        loop_stop(&loop);
        EXPECT_INT(loop_run_forever(&loop), 0);
    }
    EXPECT_TRACE("second");
    EXPECT_INT(loop_close(&loop), 0);
}

/* ---- a signal that comes just after the loop has looked for signals ---- */

static void (*look_for_signals)(struct loop *l);
static bool one_more;

static void look_then_raise(struct loop *l)
{
    look_for_signals(l);
    if (one_more)
        raise(SIGUSR1);
    one_more = false;
}

static void a_signal_after_the_look_is_not_lost(void)
{
    struct loop_policy policy = { &selector_poll, &clock_virtual };
    struct handle handle;

    EXPECT_INT(loop_init(&loop, &policy), 0);
    handle_init(&handle);
    EXPECT_INT(loop_add_signal_handler(&loop, SIGUSR1, &handle, first), 0);
    look_for_signals = loop.take_signals;
    loop.take_signals = look_then_raise;
    one_more = true;
    raise(SIGUSR1);
    for (int i = 0; i < 4; i++) {
        loop_stop(&loop);
        EXPECT_INT(loop_run_forever(&loop), 0);
    }
    EXPECT_TRACE("first first");
    EXPECT_INT(loop_close(&loop), 0);
}

/* ---- a loop that is closed while another thread is about to wake it ---- */

static atomic_bool write_is_slow;
static sem_t writing; /* a slow write has begun */

static bool inbox_is_open(void)
{
    bool open;

    pthread_mutex_lock(&loop.inbox.lock);
    open = loop.inbox.open;
    pthread_mutex_unlock(&loop.inbox.lock);
    return open;
}

/* It replaces the system's write(). A slow one writes when the loop has had time to
 * close. */
ssize_t write(int fd, const void *bytes, size_t n)
{
    struct iovec part = { (void *)bytes, n };

    if (atomic_load(&write_is_slow)) {
        sem_post(&writing);
        while (inbox_is_open())
            sched_yield();
        for (int i = 0; i < 1000; i++)
            sched_yield();
    }
    return writev(fd, &part, 1);
}

static void *post_once(void *arg)
{
    EXPECT_INT(loop_call_soon_threadsafe(&loop, arg, first), 0);
    return NULL;
}

static void closing_waits_for_the_byte(void)
{
    struct loop_policy policy = { &selector_poll, &clock_virtual };
    pthread_t thread;
    struct handle handle;

    EXPECT_INT(loop_init(&loop, &policy), 0);
    EXPECT_INT(loop_open_inbox(&loop), 0);
    handle_init(&handle);
    sem_init(&writing, 0, 0);
    atomic_store(&write_is_slow, true);
    atomic_store(&loop.inbox.asleep, true); /* pretend: the post has to wake it */
    pthread_create(&thread, NULL, post_once, &handle);
    sem_wait(&writing);
    EXPECT_INT(loop_close(&loop), 0);
    pthread_join(thread, NULL);
    atomic_store(&write_is_slow, false);
    EXPECT(!handle_scheduled(&handle));
    sem_destroy(&writing);
}

CHECK_MAIN({ "a post is heard by a loop about to sleep",
             a_post_is_heard_by_a_loop_about_to_sleep },
           { "two posts at once are both heard", two_posts_at_once_are_both_heard },
           { "a signal on its way reaches the new handler",
             a_signal_on_its_way_reaches_the_new_handler },
           { "a signal after the look is not lost", a_signal_after_the_look_is_not_lost },
           { "closing waits for the byte", closing_waits_for_the_byte })
