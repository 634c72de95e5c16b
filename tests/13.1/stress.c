/*
 * stress.c - a million tasks and a million timers, half of each cancelled: the rest run
 * in the exact order, and all memory is given back.
 *
 * STRESS_COUNT in the environment replaces the million (valgrind is slow). With
 * GLIBC_TUNABLES=glibc.malloc.tcache_count=0 glibc reports what is allocated; otherwise
 * it also counts freed blocks in malloc's cache.
 */
#include <malloc.h> /* this also defines __GLIBC__ */
#include <sys/resource.h>

#include "check.h"
#include "sleep.h"

#if defined(__GLIBC__) && defined(__GLIBC_PREREQ)
#define CAN_COUNT __GLIBC_PREREQ(2, 33)
#else
#define CAN_COUNT 0
#endif

enum { DEADLINES = 50000, MILLION = 1000000 }; /* so that about 20 share a deadline */

struct alarm_clock { /* what a timer of the crowd lies in */
    struct timer timer;
    int number;
};

struct sleeper { /* async def sleeper(): the task, its frame and its sleep in one block */
    struct task task; /* first: the loop frees the block */
    struct coro co;
    int number;
    struct async_sleep sleep;
};

struct event { /* record that an event with this deadline has happened */
    unsigned tick;
    bool is_task; /* its timer fires first, it runs one pass later */
    int number;
};

static struct loop loop;
static struct sleeper **sleepers;
static struct alarm_clock *alarms;
static struct event *expected;
static int count, live, seen, wrong;

/* The deadline of the timer or task `number`, in 1/1024 s, which a double holds
 * exactly. */
static unsigned tick_of(int number, bool is_task)
{
    unsigned x = ((unsigned)number * 2u + is_task) * 2654435761u;

    x = (x ^ x >> 15) * 2246822519u;
    return 1 + (x ^ x >> 13) % DEADLINES;
}

static double seconds(unsigned tick)
{
    return tick / 1024.0;
}

/* Against the order of creation, so that addresses do not follow it. */
static struct alarm_clock *alarm_of(int number)
{
    return &alarms[count - 1 - number];
}

/* Compare an event with the next one expected: by deadline, then kind, then creation. */
static void happened(int number, bool is_task)
{
    const struct event *e = &expected[seen];

    if (seen >= live || e->number != number || e->is_task != is_task ||
        loop_time(&loop) != seconds(e->tick))
        wrong++;
    if (++seen == live)
        loop_stop(&loop);
}

static void ring(struct handle *h)
{
    happened(container_of(h, struct alarm_clock, timer.handle)->number, false);
}

static co_status sleeper_body(struct coro *co)
{
    struct sleeper *self = co_self(co, struct sleeper);

    ASYNC (co) {
        AWAIT(async_sleep(&self->sleep, seconds(tick_of(self->number, true))));
        happened(self->number, true);
    }
    return co_done(co);
}

/* ---- every second one is cancelled, half of these before anything has run ---- */

static bool cancelled_before(int number)
{
    return number % 4 == 1;
}

static bool cancelled_asleep(int number)
{
    return number % 4 == 3;
}

static void cancel_those(bool (*which)(int number))
{
    for (int i = 0; i < count; i++)
        if (which(i)) {
            timer_cancel(&loop, &alarm_of(i)->timer);
            task_cancel(&sleepers[i]->task, NULL);
        }
}

/* Called after the tasks' first steps. */
static void cancel_asleep(struct handle *h)
{
    (void)h;
    cancel_those(cancelled_asleep);
}

/* ---- the expected order ---- */

static int by_rule(const void *left, const void *right)
{
    const struct event *a = left, *b = right;

    if (a->tick != b->tick)
        return a->tick < b->tick ? -1 : 1;
    if (a->is_task != b->is_task)
        return a->is_task ? 1 : -1;
    return (a->number > b->number) - (a->number < b->number);
}

static void expect_all(void)
{
    live = seen = wrong = 0;
    for (int i = 0; i < count; i += 2)
        for (int is_task = 0; is_task < 2; is_task++)
            expected[live++] = (struct event){ tick_of(i, is_task), is_task, i };
    qsort(expected, (size_t)live, sizeof *expected, by_rule);
}

/* ---- the run ---- */

static void *need(void *block)
{
    if (block == NULL)
        exit(2); /* without memory the loop cannot be checked */
    return block;
}

static void create_all(void)
{
    for (int i = 0; i < count; i++) {
        struct sleeper *s = need(malloc(sizeof *s));
        struct alarm_clock *a = alarm_of(i);

        a->number = s->number = i;
        timer_init(&a->timer);
        loop_call_at(&loop, &a->timer, seconds(tick_of(i, false)), ring);
        loop_create_task(&loop, &s->task, co_init(&s->co, sleeper_body));
        task_detach(&s->task);
        sleepers[i] = s;
    }
}

/* One loop with `count` timers and tasks, from loop_init() to loop_close(). */
static void run_crowd(void)
{
    struct loop_policy policy = { &selector_poll, &clock_virtual };
    struct handle soon;

    handle_init(&soon);
    EXPECT_INT(loop_init(&loop, &policy), 0);
    create_all();
    cancel_those(cancelled_before);
    loop_call_soon(&loop, &soon, cancel_asleep);
    EXPECT_INT(loop_run_forever(&loop), 0);
    loop_stop(&loop); /* one more pass, in which the last task is freed */
    EXPECT_INT(loop_run_forever(&loop), 0);
    EXPECT(ring_empty(&loop.ready) && ring_empty(&loop.tasks));
    timer_heap_sweep(&loop.timers);
    EXPECT_INT(loop.timers.count, 0);
    EXPECT_INT(loop_close(&loop), 0);
}

static bool can_count(void)
{
    const char *tunables = getenv("GLIBC_TUNABLES");

    return CAN_COUNT && tunables != NULL && strstr(tunables, "tcache_count=0") != NULL;
}

/* Bytes that are allocated now. */
static size_t allocated(void)
{
#if CAN_COUNT
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
#else
    return 0;
#endif
}

/* A run of a thousand goes first, so that one-time allocations of libc are already
 * made. */
static void a_crowd_in_order_and_nothing_left(void)
{
    const char *asked = getenv("STRESS_COUNT");
    int full = asked != NULL ? atoi(asked) : MILLION;
    struct rusage usage;
    size_t before = 0;

    sleepers = need(malloc((size_t)full * sizeof *sleepers));
    alarms = need(malloc((size_t)full * sizeof *alarms));
    expected = need(malloc((size_t)full * sizeof *expected));
    for (int round = 0; round < 2; round++) {
        count = round == 0 && full > 1000 ? 1000 : full;
        expect_all();
        before = allocated();
        run_crowd();
        EXPECT_INT(seen, live);
        EXPECT_INT(wrong, 0);
    }
    if (can_count())
        EXPECT_INT(allocated(), before);
    else
        puts("# skipped: live allocations, which need glibc's mallinfo2() and no tcache");
    getrusage(RUSAGE_SELF, &usage);
    printf("# %d tasks of %zu bytes and %d timers of %zu, %d ran, peak memory %ld KiB\n",
           full, sizeof(struct sleeper), full, sizeof(struct alarm_clock), seen,
           usage.ru_maxrss);
    free(expected);
    free(alarms);
    free(sleepers);
}

CHECK_MAIN({ "a_crowd_in_order_and_nothing_left", a_crowd_in_order_and_nothing_left })
