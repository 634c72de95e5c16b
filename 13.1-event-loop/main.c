/*
 * main.c - sections 13.1 and 13.2: an event loop, from the first callback to five pages
 * at once.
 *
 * Usage: build/13.1/main [--policy]
 * The first program of the workbook. It fetches no real pages: each page is a sleep.
 * Next: 13.3-cancel/main.c, where a timeout ends a page that hangs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sleep.h"

static struct loop loop;
static double start; /* loop time at which the part began */
static unsigned long first_turn;

static void begin(const char *title)
{
    printf("-- %s\n", title);
    start = loop_time(&loop);
    first_turn = loop.turns;
}

static void say(const char *what)
{
    printf("turn %lu  t=%.2f  %s\n", loop.turns - first_turn, loop_time(&loop) - start,
           what);
}

/* ---- callbacks: A schedules C, which runs in the next turn ---- */

static struct handle a, b, c;
static struct timer fast, slow, silent;

static void run_c(struct handle *h)
{
    (void)h;
    say("C");
}

static void run_a(struct handle *h)
{
    (void)h;
    say("A, asks for C");
    loop_call_soon(&loop, &c, run_c);
}

static void run_b(struct handle *h)
{
    (void)h;
    say("B");
}

static void run_fast(struct handle *h)
{
    (void)h;
    say("fast timer");
}

static void run_slow(struct handle *h)
{
    (void)h;
    say("slow timer, asks the loop to stop");
    loop_stop(&loop);
}

static void callbacks(void)
{
    begin("callbacks: asked for as slow, fast, A, B");
    loop_call_later(&loop, &slow, 0.2, run_slow);
    loop_call_later(&loop, &fast, 0.1, run_fast);
    loop_call_later(&loop, &silent, 0.15, run_fast);
    timer_cancel(&loop, &silent);
    loop_call_soon(&loop, &a, run_a);
    loop_call_soon(&loop, &b, run_b);
    loop_run_forever(&loop);
}

/* ---- one turn: ready handles, then descriptors, then timers ---- */

static struct handle soon, readable;
static struct timer past;
static int ends[2];

static void run_soon(struct handle *h)
{
    (void)h;
    say("ready before the wait");
}

static void run_readable(struct handle *h)
{
    (void)h;
    say("the pipe is readable");
    loop_remove_reader(&loop, ends[0]);
}

static void run_past(struct handle *h)
{
    (void)h;
    say("a timer that was due");
    loop_stop(&loop);
}

static void one_turn(void)
{
    begin("one turn: asked for as timer, pipe, call_soon");
    if (pipe(ends) != 0 || write(ends[1], "x", 1) != 1) {
        perror("13.1: pipe");
        exit(1);
    }
    loop_call_later(&loop, &past, 0, run_past);
    loop_add_reader(&loop, ends[0], &readable, run_readable);
    loop_call_soon(&loop, &soon, run_soon);
    loop_run_forever(&loop);
    close(ends[0]);
    close(ends[1]);
}

/* ---- tasks: three workers take turns at each await ---- */

struct worker { /* async def worker(name) */
    struct coro co;
    const char *name;
    int i;
};

static co_status worker_body(struct coro *co)
{
    struct worker *self = co_self(co, struct worker);
    char buffer[TASK_NAME_MAX];

    ASYNC (co) {
        for (self->i = 0; self->i < 2; self->i++) {
            printf("%s: step %d of %s\n", task_name(task_current(), buffer), self->i,
                   self->name);
            YIELD();
        }
    }
    return co_done(co);
}

static struct coro *worker(struct worker *self, const char *name)
{
    self->name = name;
    return co_init(&self->co, worker_body);
}

struct workers { /* async def workers() */
    struct coro co;
    struct worker worker[3];
    struct task task[3];
    int i;
};

static int tasks_alive(void)
{
    int n = 0;

    for (struct task *t = task_next(&loop, NULL); t != NULL; t = task_next(&loop, t))
        n++;
    return n;
}

static co_status workers_body(struct coro *co)
{
    static const char *const names[] = { "a", "b", "c" };
    struct workers *self = co_self(co, struct workers);

    ASYNC (co) {
        for (self->i = 0; self->i < 3; self->i++)
            loop_create_task(&loop, &self->task[self->i],
                             worker(&self->worker[self->i], names[self->i]));
        task_set_name(&self->task[2], "third");
        printf("created, none has run; tasks: %d\n", tasks_alive());
        for (self->i = 0; self->i < 3; self->i++)
            AWAIT(&self->task[self->i]);
        printf("all done; tasks: %d\n", tasks_alive());
    }
    return co_done(co);
}

static void tasks(void)
{
    struct workers frame;
    struct task task;

    begin("tasks: three workers, two steps each");
    loop_create_task(&loop, &task, co_init(&frame.co, workers_body));
    loop_run_until_complete(&loop, &task);
}

/* ---- the step towards the crawler: five pretend pages ---- */

enum { PAGES = 5 };
static const double latency[PAGES] = { 0.30, 0.10, 0.20, 0.15, 0.25 };

struct page { /* async def page(n) */
    struct coro co;
    int n;
    double began;
    struct async_sleep sleep;
};

static co_status page_body(struct coro *co)
{
    struct page *self = co_self(co, struct page);
    int from, to;

    ASYNC (co) {
        self->began = loop_time(&loop) - start;
        AWAIT(async_sleep(&self->sleep, latency[self->n]));
        from = (int)(self->began * 20 + 0.5);
        to = (int)((loop_time(&loop) - start) * 20 + 0.5);
        printf("t=%.2f  page %d  |%*s%.*s\n", loop_time(&loop) - start, self->n, from, "",
               to - from, "====================");
    }
    return co_done(co);
}

static struct coro *page(struct page *self, int n)
{
    self->n = n;
    return co_init(&self->co, page_body);
}

struct crawl { /* async def crawl() */
    struct coro co;
    struct page page[PAGES];
    struct task task[PAGES];
    int i;
};

static co_status crawl_body(struct coro *co)
{
    struct crawl *self = co_self(co, struct crawl);

    ASYNC (co) {
        for (self->i = 0; self->i < PAGES; self->i++)
            AWAIT(page(&self->page[self->i], self->i));
        printf("one after the other: %.2f s\n", loop_time(&loop) - start);

        start = loop_time(&loop);
        for (self->i = 0; self->i < PAGES; self->i++)
            loop_create_task(&loop, &self->task[self->i],
                             page(&self->page[self->i], self->i));
        for (self->i = 0; self->i < PAGES; self->i++)
            AWAIT(&self->task[self->i]);
        printf("all at once: %.2f s\n", loop_time(&loop) - start);
    }
    return co_done(co);
}

static void pages(void)
{
    struct crawl frame;
    struct task task;

    begin("pages: each is a wait");
    loop_create_task(&loop, &task, co_init(&frame.co, crawl_body));
    loop_run_until_complete(&loop, &task);
}

/* ---- the loop and its policy ---- */

static void open_loop(const struct loop_policy *policy)
{
    int err = loop_init(&loop, policy);

    if (err != 0) {
        fprintf(stderr, "13.1: cannot make an event loop: %s\n", aio_strerror(err));
        exit(1);
    }
}

static void another_policy(void)
{
    struct loop_policy policy = { &selector_select, loop.clock };

    puts("-- policy: the same callbacks, waiting by select()");
    loop_close(&loop);
    open_loop(&policy);
    callbacks();
    printf("running loop outside a run: %s\n",
           get_running_loop() == NULL ? "none" : "there");
}

static int list_policy(void)
{
    for (int i = 0; selectors[i] != NULL; i++)
        printf("%s%s\n", selectors[i]->name, selectors[i] == loop.selector ? " *" : "");
    printf("clock: %s\n", loop.clock->name);
    return loop_close(&loop);
}

int main(int argc, char **argv)
{
    open_loop(NULL);
    if (argc > 1 && strcmp(argv[1], "--policy") == 0)
        return list_policy();
    callbacks();
    one_turn();
    tasks();
    pages();
    another_policy();
    return loop_close(&loop);
}
