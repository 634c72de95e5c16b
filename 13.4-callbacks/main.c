/*
 * main.c - section 13.4: four functions append to one ready queue.
 *
 * Usage: build/13.4/main [--cost]
 * loop_call_soon(), loop_call_later() and loop_call_at() belong to the loop's thread.
 * Other threads use the fourth, loop_call_soon_threadsafe(). A signal wakes the loop
 * through the same pipe. New since section 13.3: the crawl shows its progress and can be
 * interrupted. --cost measures callbacks and coroutines (cost.h). Next:
 * 13.5-executor/main.c.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cost.h"
#include "debug.h"
#include "interrupt.h"
#include "runner.h"
#include "signals.h"
#include "sleep.h"
#include "ticker.h"

static struct loop loop;
static double start; /* loop time at which the part began */

static void begin(const char *title)
{
    printf("-- %s\n", title);
    start = loop_time(&loop);
}

/* Keeps the loop busy for `seconds`, as a slow callback does. */
static void work(double seconds)
{
    struct timespec wait = { 0, (long)(seconds * 1e9) };

    if (loop.clock == &clock_virtual)
        loop.virtual_now += seconds;
    else
        nanosleep(&wait, NULL);
}

/* ---- drift: each tick works for 0.03 s ---- */

static struct timer late;
static struct ticker beats;
static int ticks;

static void say_tick(const char *how)
{
    printf("%s tick %d at %.2f\n", how, ++ticks, loop_time(&loop) - start);
    work(0.03);
}

static void tick_later(struct handle *h)
{
    (void)h;
    say_tick("call_later");
    if (ticks == 3)
        loop_stop(&loop);
    else
        loop_call_later(&loop, &late, 0.1, tick_later);
}

static void tick_at(struct ticker *ticker)
{
    say_tick("call_at   ");
    if (ticks < 3)
        return;
    ticker_stop(ticker);
    loop_stop(&loop);
}

static void drift(void)
{
    begin("a tick every 0.10 s that works for 0.03 s");
    ticks = 0;
    loop_call_later(&loop, &late, 0.1, tick_later);
    loop_run_forever(&loop);

    start = loop_time(&loop);
    ticks = 0;
    ticker_start(&beats, &loop, 0.1, tick_at);
    loop_run_forever(&loop);
}

/* ---- handles: a cancelled handle never runs; cancelled timers are removed ---- */

enum { TIMERS = 150 };
static struct timer alarms[TIMERS];
static struct handle first, second, third;
static int rang;

static void ring(struct handle *h)
{
    (void)h;
    rang++;
}

static void say_first(struct handle *h)
{
    (void)h;
    puts("first, cancels the second, which stood behind it");
    handle_cancel(&second);
}

static void say_second(struct handle *h)
{
    (void)h;
    puts("second");
}

static void say_third(struct handle *h)
{
    (void)h;
    printf("third; timers in the heap: %zu\n", loop.timers.count);
}

static void handles(void)
{
    begin("handles");
    for (int i = 0; i < TIMERS; i++)
        loop_call_later(&loop, &alarms[i], 1 + i * 0.01, ring);
    for (int i = 0; i < 100; i++)
        timer_cancel(&loop, &alarms[i]);
    printf("%d timers, 100 cancelled, still in the heap: %zu\n", TIMERS,
           loop.timers.count);
    loop_call_soon(&loop, &first, say_first);
    loop_call_soon(&loop, &second, say_second);
    loop_call_soon(&loop, &third, say_third);
    loop_stop(&loop); /* before the run: exactly one pass */
    loop_run_forever(&loop);
    for (int i = 100; i < TIMERS; i++)
        timer_cancel(&loop, &alarms[i]);
    printf("rang: %d\n", rang);
}

/* ---- another thread: call_soon is refused, call_soon_threadsafe works ---- */

struct message {
    struct handle handle;
    const char *text;
};

static struct message messages[3] = { { .text = "one" },
                                      { .text = "two" },
                                      { .text = "three" } };
static struct handle wrong;
static int refused;

static void take_message(struct handle *h)
{
    struct message *m = container_of(h, struct message, handle);

    printf("message %s, on the loop's thread: %s\n", m->text,
           get_running_loop() == &loop ? "True" : "False");
    if (m == &messages[2]) {
        loop_hold(&loop, -1);
        loop_stop(&loop);
    }
}

static void *poster(void *unused)
{
    refused = loop_call_soon(&loop, &wrong, ring);
    for (int i = 0; i < 3; i++)
        loop_call_soon_threadsafe(&loop, &messages[i].handle, take_message);
    return unused;
}

static pthread_t thread;

static void start_poster(struct handle *h)
{
    (void)h;
    loop_hold(&loop, +1); /* virtual time waits for the thread */
    if (pthread_create(&thread, NULL, poster, NULL) != 0)
        loop_stop(&loop);
}

static void threads(void)
{
    begin("another thread, while the loop sleeps for 10 s");
    loop_open_inbox(&loop); /* lets other threads post */
    loop_set_debug(&loop, true);
    loop_call_later(&loop, &late, 10, ring);
    loop_call_soon(&loop, &first, start_poster);
    loop_run_forever(&loop);
    pthread_join(thread, NULL);
    loop_set_debug(&loop, false);
    timer_cancel(&loop, &late);
    printf("call_soon from there: %s\n", refused != 0 ? "refused" : "taken");
    printf("it is %.2f\n", loop_time(&loop) - start);
}

/* ---- signals ---- */

static struct handle on_usr1;

static void say_signal(struct handle *h)
{
    (void)h;
    puts("the signal's handler, a callback like any other");
    loop_stop(&loop);
}

static void say_soon(struct handle *h)
{
    (void)h;
    puts("what was ready before");
}

static void send_signal(struct handle *h)
{
    (void)h;
    loop_call_soon(&loop, &second, say_soon);
    raise(SIGUSR1);
    puts("sent");
}

static void signals(void)
{
    begin("a signal");
    loop_add_signal_handler(&loop, SIGUSR1, &on_usr1, say_signal);
    loop_call_soon(&loop, &first, send_signal);
    loop_run_forever(&loop);
    printf("SIGKILL can be handled: %s\n",
           loop_add_signal_handler(&loop, SIGKILL, &on_usr1, say_signal) == 0 ? "True"
                                                                              : "False");
    printf("removed: %s\n",
           loop_remove_signal_handler(&loop, SIGUSR1) ? "True" : "False");
}

/* ---- the step towards the crawler: progress, and Ctrl-C ---- */

struct crawl { /* async def crawl() */
    struct coro co;
    int pages;
    double start;
    struct ticker progress;
    struct async_sleep sleep;
};

static void say_progress(struct ticker *ticker)
{
    struct crawl *self = container_of(ticker, struct crawl, progress);

    printf("t=%.2f  progress: %d pages\n", loop_time(ticker->loop) - self->start,
           self->pages);
    if (self->pages == 4)
        raise(SIGINT); /* as Ctrl-C does */
}

static co_status crawl_body(struct coro *co)
{
    struct crawl *self = co_self(co, struct crawl);

    ASYNC (co) {
        puts("-- a crawl of 100 pages, interrupted");
        self->start = loop_time(get_running_loop());
        ticker_start(&self->progress, get_running_loop(), 0.25, say_progress);
        for (self->pages = 0; self->pages < 100; self->pages++)
            AWAIT(async_sleep(&self->sleep, 0.12));

    FINALLY:
        ticker_stop(&self->progress);
        printf("t=%.2f  closed after %d pages\n",
               loop_time(get_running_loop()) - self->start, self->pages);
    }
    return co_done(co);
}

static int crawl(void)
{
    struct crawl frame = { .pages = 0 };
    int err;

    runner_register_interrupts();
    err = async_run(co_init(&frame.co, crawl_body));

    printf("run() ended with %s\n", err == AIO_INTERRUPTED ? "KeyboardInterrupt" : "?");
    return err == AIO_INTERRUPTED ? 0 : 1;
}

int main(int argc, char **argv)
{
    int err;

    if (argc > 1 && strcmp(argv[1], "--cost") == 0)
        return cost_table();
    signal(SIGINT, SIG_DFL); /* a shell that runs us in the background ignores it */
    err = loop_init(&loop, NULL);
    if (err != 0) {
        fprintf(stderr, "13.4: cannot make an event loop: %s\n", aio_strerror(err));
        return 1;
    }
    drift();
    handles();
    threads();
    signals();
    loop_close(&loop);
    return crawl();
}
