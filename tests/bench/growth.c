/*
 * growth.c - the cost of one operation beside n others: it should be constant, or grow as
 * a logarithm does. Next: exchange.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"
#include "frontier.h"
#include "sleep.h"

enum { ROUND = 1000 };

/* The number of measured operations: OPERATIONS in the environment, or 100,000, or
 * `least` if that is more. It is rounded up to whole rounds. One more round comes first
 * and is not measured. */
static long operations(long least)
{
    const char *text = getenv("OPERATIONS");
    long wanted = least > 100 * ROUND ? least : 100 * ROUND;

    if (text != NULL)
        wanted = strtol(text, NULL, 10);
    return wanted < ROUND ? ROUND : (wanted + ROUND - 1) / ROUND * ROUND;
}

static void report_each(const char *name, long n, long count, double seconds)
{
    report_value(name, n, seconds, seconds * 1e9 / (double)count);
}

/* ---- a task is started and awaited while n others sleep ---- */

struct sleeper {      /* async def sleeper(): await sleep(a day) */
    struct task task; /* first: the loop frees the block */
    struct coro co;
    struct async_sleep sleep;
};

static co_status sleeper_body(struct coro *co)
{
    struct sleeper *self = co_self(co, struct sleeper);

    ASYNC (co) {
        AWAIT(async_sleep(&self->sleep, 86400));
    }
    return co_done(co);
}

static void one_pass(void)
{
    loop_stop(&loop);
    loop_run_forever(&loop);
}

static void grow_tasks(long n)
{
    long count = operations(0);
    double start;

    for (long i = 0; i < n; i++) {
        struct sleeper *s = touched(sizeof *s);

        loop_create_task(&loop, &s->task, co_init(&s->co, sleeper_body));
        task_detach(&s->task);
    }
    one_pass();
    spawn_seconds(ROUND, false);
    start = cpu_seconds();
    spawn_seconds(count, false);
    report_each("grow_tasks", n, count, cpu_seconds() - start);
}

/* ---- timers are set and fire or are cancelled while n others are pending ---- */

static long fired;

static void on_timer(struct handle *h)
{
    (void)h;
    fired++;
}

static void set(struct timer *timers, long n, double from, double span)
{
    for (long i = 0; i < n; i++) {
        timer_init(&timers[i]);
        must(loop_call_at(&loop, &timers[i], from + span * random_unit(), on_timer),
             "call_at");
    }
}

/* As many timers are due as are far off and cancelled. */
static void timer_round(struct timer *due, struct timer *far)
{
    double now = loop_time(&loop);

    set(due, ROUND, now - 1, 1);
    set(far, ROUND, now + 1000, 1000);
    for (long i = 0; i < ROUND; i++)
        timer_cancel(&loop, &far[i]);
    one_pass();
}

/* The number of operations equals the number of other timers, so the table doubles and is
 * swept once. With fewer operations each would carry too much of that cost. */
static void grow_timers(long n)
{
    struct timer *pending = touched((size_t)n * sizeof *pending);
    struct timer *due = touched(ROUND * sizeof *due), *far = touched(ROUND * sizeof *far);
    long count = operations(n);
    double start;

    set(pending, n, loop_time(&loop) + 1000, 1000);
    timer_round(due, far);
    start = cpu_seconds();
    for (long i = 0; i < count / ROUND; i++)
        timer_round(due, far);
    report_each("grow_timers", n, 2 * count, cpu_seconds() - start);
    must(fired == count + ROUND ? 0 : EINVAL, "timers fired");
    for (long i = 0; i < n; i++)
        timer_cancel(&loop, &pending[i]);
    free(far);
    free(due);
    free(pending);
}

/* ---- a byte arrives while n other descriptors are watched ---- */

static int ends[2];
static long left;

static void on_byte(struct handle *h)
{
    char byte;

    (void)h;
    if (read(ends[0], &byte, 1) != 1 || --left == 0)
        loop_stop(&loop);
    else if (write(ends[1], &byte, 1) != 1)
        loop_stop(&loop);
}

static void bytes(long n)
{
    left = n;
    must(write(ends[1], "x", 1) == 1 ? 0 : errno, "write");
    loop_run_forever(&loop);
    must(left == 0 ? 0 : EIO, "bytes");
}

/* Descriptors of one silent pipe: n, or as many as the limit allows. */
static long watch_many(int *fds, long n, struct handle *handles)
{
    int pipe_ends[2];
    long i;

    must(pipe(pipe_ends) == 0 ? 0 : errno, "pipe");
    for (i = 0; i < n && (fds[i] = dup(pipe_ends[0])) >= 0; i++) {
        handle_init(&handles[i]);
        must(loop_add_reader(&loop, fds[i], &handles[i], on_byte), "add_reader");
    }
    return i;
}

static void grow_descriptors(long n)
{
    int *fds = touched((size_t)n * sizeof *fds);
    struct handle *handles = touched((size_t)n * sizeof *handles), h;
    struct rlimit limit;
    double start;
    long there, count = operations(0);

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 ? 0 : errno, "socketpair");
    handle_init(&h);
    must(loop_add_reader(&loop, ends[0], &h, on_byte), "add_reader");
    there = watch_many(fds, n, handles);
    bytes(ROUND);
    start = cpu_seconds();
    bytes(count);
    report_each("grow_descriptors", there, count, cpu_seconds() - start);
    loop_remove_reader(&loop, ends[0]);
    for (long i = 0; i < there; i++) {
        loop_remove_reader(&loop, fds[i]);
        close(fds[i]);
    }
    free(handles);
    free(fds);
}

/* ---- a link is parsed and looked up in a frontier of n URLs; every other is new ---- */

static void note_link(struct frontier *f, long number, int expected)
{
    char text[80];
    struct url url;
    int n =
        snprintf(text, sizeof text, "http://host/%lx/page-%ld.html", number % 97, number);

    must(url_parse(&url, text, (size_t)n, NULL), "url_parse");
    must(frontier_add(f, &url, (struct page){ .from = NO_PAGE }) == expected ? 0 : EINVAL,
         "frontier_add");
}

static void grow_urls(long n)
{
    struct frontier f;
    struct url host;
    long count = operations(0);
    double start;

    frontier_init(&f, &loop, 42);
    must(url_parse(&host, "http://host/", 12, NULL), "url_parse");
    must(frontier_add_host(&f, &host), "frontier_add_host");
    for (long i = 0; i < n; i++)
        note_link(&f, i, 0);
    start = cpu_seconds();
    for (long i = 0; i < count; i++) {
        note_link(&f, n + i, 0);
        note_link(&f, i * 7919 % n, EEXIST);
    }
    report_each("grow_urls", n, 2 * count, cpu_seconds() - start);
    frontier_free(&f);
}

const struct bench growth_benches[] = {
    { "grow_tasks", grow_tasks },
    { "grow_timers", grow_timers },
    { "grow_descriptors", grow_descriptors },
    { "grow_urls", grow_urls },
    { NULL, NULL },
};
