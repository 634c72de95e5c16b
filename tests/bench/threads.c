/*
 * threads.c - the cost of reaching the loop from another thread, and of a call in a
 * thread of the pool. Next: growth.c.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"
#include "inbox.h"
#include "run_in_executor.h"

/* ---- posts ---- */

static struct {
    long posts, seen;
    bool on_heap;           /* the poster allocates each handle, the loop frees it */
    struct handle *handles; /* otherwise they are here */
} posting;

static void on_post(struct handle *h)
{
    if (posting.on_heap)
        free(h);
    if (++posting.seen == posting.posts)
        loop_stop(&loop);
}

static void *post_all(void *arg)
{
    (void)arg;
    for (long i = 0; i < posting.posts; i++) {
        struct handle *h = posting.on_heap ? malloc(sizeof *h) : &posting.handles[i];

        must(h == NULL ? ENOMEM : 0, "memory");
        handle_init(h);
        must(loop_call_soon_threadsafe(&loop, h, on_post), "post");
    }
    return NULL;
}

/* Another thread posts n callbacks as fast as it can. */
static void post(const char *name, long n, bool on_heap)
{
    pthread_t thread;
    double start;

    must(loop_open_inbox(&loop), "inbox");
    posting.posts = n;
    posting.seen = 0;
    posting.on_heap = on_heap;
    posting.handles = on_heap ? NULL : touched((size_t)n * sizeof *posting.handles);
    start = wall_seconds();
    must(pthread_create(&thread, NULL, post_all, NULL), "thread");
    loop_run_forever(&loop);
    pthread_join(thread, NULL);
    report(name, n, wall_seconds() - start);
    free(posting.handles);
}

static void threadsafe(long n)
{
    post("threadsafe_throughput", n, false);
    post("threadsafe_throughput_heap", n, true);
}

/* ---- the time from a post to the loop's wake-up ---- */

static struct {
    long posts, seen;
    struct handle handle;
    double at;       /* time of the post */
    double *latency; /* seconds, one for each post */
    sem_t answered;
} waking;

static void on_wake(struct handle *h)
{
    (void)h;
    waking.latency[waking.seen] = wall_seconds() - waking.at;
    if (++waking.seen == waking.posts)
        loop_stop(&loop);
    sem_post(&waking.answered);
}

static void *post_in_turn(void *arg)
{
    const struct timespec pause = { 0, 100000 };

    (void)arg;
    for (long i = 0; i < waking.posts; i++) {
        nanosleep(&pause, NULL);
        waking.at = wall_seconds();
        must(loop_call_soon_threadsafe(&loop, &waking.handle, on_wake), "post");
        sem_wait(&waking.answered);
    }
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* From the post to its callback, while the loop sleeps: nanoseconds, the median and the
 * 99th of a hundred. */
static void threadsafe_lat(long n)
{
    pthread_t thread;

    must(loop_open_inbox(&loop), "inbox");
    waking.posts = n;
    waking.latency = touched((size_t)n * sizeof *waking.latency);
    handle_init(&waking.handle);
    must(sem_init(&waking.answered, 0, 0) == 0 ? 0 : errno, "semaphore");
    must(pthread_create(&thread, NULL, post_in_turn, NULL), "thread");
    loop_run_forever(&loop);
    pthread_join(thread, NULL);
    sem_destroy(&waking.answered);
    qsort(waking.latency, (size_t)n, sizeof *waking.latency, by_size);
    report_value("threadsafe_lat_p50", n, 0, waking.latency[n / 2] * 1e9);
    report_value("threadsafe_lat_p99", n, 0, waking.latency[n * 99 / 100] * 1e9);
    free(waking.latency);
}

/* ---- calls in a pool of four threads ---- */

enum { POOL_THREADS = 4, IN_FLIGHT = 1000, WARM_UP = 1000 };

struct lender { /* async def lender(): left times await run_in_executor(pool, nothing) */
    struct task task;
    struct coro co;
    struct executor *pool;
    long left;
    int arg;
    struct run_in_executor run;
};

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static co_status lender_body(struct coro *co)
{
    struct lender *self = co_self(co, struct lender);

    ASYNC (co) {
        for (; self->left > 0; self->left--)
            AWAIT(loop_run_in_executor(&self->run, self->pool, nothing, &self->arg,
                                       sizeof self->arg));
    }
    return co_done(co);
}

/* Seconds until `count` tasks have made `each` calls. */
static double lend(struct executor *pool, int count, long each)
{
    struct lender *lenders = touched((size_t)count * sizeof *lenders);
    double start = wall_seconds();

    for (int i = 0; i < count; i++) {
        lenders[i].pool = pool;
        lenders[i].left = each;
        loop_create_task(&loop, &lenders[i].task, co_init(&lenders[i].co, lender_body));
    }
    for (int i = 0; i < count; i++)
        must(loop_run_until_complete(&loop, &lenders[i].task), "executor");
    start = wall_seconds() - start;
    free(lenders);
    return start;
}

static void executor(long n)
{
    struct executor pool;
    long each = n > IN_FLIGHT ? n / IN_FLIGHT : 1;

    must(executor_init(&pool, POOL_THREADS), "executor");
    lend(&pool, 1, WARM_UP);
    report("executor_seq", n, lend(&pool, 1, n));
    report("executor_1000", each * IN_FLIGHT, lend(&pool, IN_FLIGHT, each));
    executor_shutdown(&pool, true, false);
}

const struct bench thread_benches[] = {
    { "threadsafe", threadsafe },
    { "threadsafe_lat", threadsafe_lat },
    { "executor", executor },
    { NULL, NULL },
};
