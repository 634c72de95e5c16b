/*
 * main.c - section 13.7: what a future is, and what a task adds to it.
 *
 * Usage: build/13.7/main
 * The programs before this one waited for one future at a time. This one shows how a
 * future works, and waits for several. At the end it gathers the titles of five pages;
 * the pages are still simulated. Next: 13.8-sync/main.c, where workers share a queue.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cancel.h"
#include "gather.h"
#include "inbox.h"
#include "outcome.h"
#include "sleep.h"
#include "wait_for.h"

static struct loop loop;
static double start; /* loop time at which the part began */
static unsigned long first_turn;

static double elapsed(void)
{
    return loop_time(&loop) - start;
}

static void say(const char *what)
{
    printf("turn %lu  %s\n", loop.turns - first_turn, what);
}

static const char *yes(bool b)
{
    return b ? "True" : "False";
}

/* ---- a future: which callbacks run after set_result(), and when ---- */

struct reader { /* async def reader(box) */
    struct coro co;
    struct future *box;
};

static co_status reader_body(struct coro *co)
{
    struct reader *self = co_self(co, struct reader);
    void *value = NULL;

    ASYNC (co) {
        AWAIT(self->box);
        future_result(self->box, &value);
        printf("turn %lu  the task that waits finds: %s\n", loop.turns - first_turn,
               (char *)value);
    }
    return co_done(co);
}

static void first(struct handle *h)
{
    (void)h;
    say("first callback");
}

static void last(struct handle *h)
{
    (void)h;
    say("last callback");
}

struct box { /* async def box() */
    struct coro co;
    struct future box;
    struct handle first, last;
    struct reader reader;
    struct task task;
};

static co_status box_body(struct coro *co)
{
    struct box *self = co_self(co, struct box);

    ASYNC (co) {
        future_init(&self->box, &loop);
        handle_init(&self->first);
        handle_init(&self->last);
        future_add_done_callback(&self->box, &self->first, first);
        self->reader.box = &self->box;
        loop_create_task(&loop, &self->task, co_init(&self->reader.co, reader_body));
        YIELD();
        future_add_done_callback(&self->box, &self->last, last);
        printf("read too early: %s\n", aio_strerror(future_result(&self->box, NULL)));
        say("set_result is called");
        future_set_result(&self->box, "a value");
        say("set_result has returned");
        printf("set again: %s\n", aio_strerror(future_set_exception(&self->box, EIO)));
        AWAIT(&self->task);
    }
    return co_done(co);
}

/* ---- two pages: await and await, or gather ---- */

struct page { /* async def page(n, seconds) */
    struct coro co;
    int n;
    double seconds, began;
    struct async_sleep sleep;
};

static co_status page_body(struct coro *co)
{
    struct page *self = co_self(co, struct page);
    int from, to;

    ASYNC (co) {
        self->began = elapsed();
        AWAIT(async_sleep(&self->sleep, self->seconds));
        from = (int)(self->began * 20 + 0.5);
        to = (int)(elapsed() * 20 + 0.5);
        printf("t=%.2f  page %d  |%*s%.*s\n", elapsed(), self->n, from, "", to - from,
               "====================");
    }
    return co_done(co);
}

static struct coro *page(struct page *self, int n, double seconds)
{
    self->n = n;
    self->seconds = seconds;
    return co_init(&self->co, page_body);
}

struct two { /* async def two() */
    struct coro co;
    struct page page[2];
    struct task task[2];
    struct awaited item[2];
    struct gather all;
    struct async_sleep sleep;
};

static co_status two_body(struct coro *co)
{
    struct two *self = co_self(co, struct two);

    ASYNC (co) {
        page(&self->page[0], 0, 0.30);
        page(&self->page[1], 1, 0.20);
        AWAIT(async_sleep(&self->sleep, 1));
        puts("called a second ago; nothing has started");

        start = loop_time(&loop);
        AWAIT(&self->page[0].co);
        AWAIT(&self->page[1].co);
        printf("await, await: %.2f s\n", elapsed());

        start = loop_time(&loop);
        self->item[0].future =
            async_ensure_future(&self->task[0], page(&self->page[0], 0, 0.30));
        self->item[1].future =
            async_ensure_future(&self->task[1], page(&self->page[1], 1, 0.20));
        AWAIT(async_gather(&self->all, self->item, 2, 0));
        printf("gather: %.2f s\n", elapsed());
    }
    return co_done(co);
}

/* ---- a future beside a task ---- */

struct beside { /* async def beside() */
    struct coro co;
    struct future future;
    struct task task;
    struct page page;
};

static void print_cancelled(const char *when, struct future *f, struct future *t)
{
    printf("%-22s %-7s %s\n", when, yes(future_cancelled(f)), yes(future_cancelled(t)));
}

/* Prints the fields that struct task adds to its future. */
static void print_task(struct task *task)
{
    int frames = 0, line;
    struct coro *co, *outermost = NULL;
    const char *body;
    char name[TASK_NAME_MAX];

    for (co = task->leaf; co != NULL; co = co->parent, frames++)
        outermost = co;
    body = co_where(outermost, &line);
    printf("%-22s %-7s %s\n", "name", "-", task_name(task, name));
    printf("%-22s %-7s %.*s\n", "coroutine", "-", (int)strcspn(body, "_"), body);
    printf("%-22s %-7s %d\n", "frames", "-", frames);
    printf("%-22s %-7s n = %d\n", "a local", "-",
           container_of(outermost, struct page, co)->n);
    printf("%-22s %-7s %d\n", "cancelling()", "-", task_cancelling(task));
}

static co_status beside_body(struct coro *co)
{
    struct beside *self = co_self(co, struct beside);
    bool taken;

    ASYNC (co) {
        future_init(&self->future, &loop);
        loop_create_task(&loop, &self->task, page(&self->page, 7, 0.30));
        task_set_name(&self->task, "page 7");
        YIELD();
        printf("%-22s %-7s %s\n", "", "future", "task");
        print_task(&self->task);
        taken = future_cancel(&self->future, NULL);
        printf("%-22s %-7s %s\n", "cancel()", yes(taken),
               yes(future_cancel(as_future(&self->task), NULL)));
        print_cancelled("cancelled() at once", &self->future, &self->task.future);
        YIELD();
        print_cancelled("cancelled() a turn on", &self->future, &self->task.future);
    }
    return co_done(co);
}

/* ---- bridges: a future makes a callback awaitable ---- */

struct bridge { /* a future, and the callback that completes it */
    struct future future;
    struct timer timer;
    struct handle handle;
    int ends[2];
    pthread_t thread;
    char byte[2];
};

static void on_timer(struct handle *h)
{
    future_set_result(&container_of(h, struct bridge, timer.handle)->future, "a timer");
}

static void on_readable(struct handle *h)
{
    struct bridge *self = container_of(h, struct bridge, handle);

    loop_remove_reader(&loop, self->ends[0]);
    if (read(self->ends[0], self->byte, 1) == 1)
        future_set_result(&self->future, self->byte);
    close(self->ends[0]);
    close(self->ends[1]);
}

static void from_thread(struct handle *h)
{
    struct bridge *self = container_of(h, struct bridge, handle);

    loop_hold(&loop, -1);
    future_set_result(&self->future, "a thread");
}

static void *run_thread(void *arg)
{
    struct bridge *self = arg;

    loop_call_soon_threadsafe(&loop, &self->handle, from_thread);
    return NULL;
}

static void need(bool ok, const char *what)
{
    if (ok)
        return;
    perror(what);
    exit(1);
}

struct bridges { /* async def bridges() */
    struct coro co;
    struct bridge timer, pipe, thread;
    struct awaited item[3];
    struct gather all;
};

static void open_bridge(struct bridge *self)
{
    handle_init(&self->handle);
    timer_init(&self->timer);
    future_init(&self->future, &loop);
}

static void start_bridges(struct bridges *self)
{
    open_bridge(&self->timer);
    loop_call_later(&loop, &self->timer.timer, 0.10, on_timer);

    open_bridge(&self->pipe);
    self->pipe.byte[1] = '\0';
    need(pipe(self->pipe.ends) == 0, "13.7: pipe");
    loop_add_reader(&loop, self->pipe.ends[0], &self->pipe.handle, on_readable);
    need(write(self->pipe.ends[1], "x", 1) == 1, "13.7: write");

    open_bridge(&self->thread);
    need(loop_open_inbox(&loop) == 0, "13.7: inbox");
    loop_hold(&loop, +1); /* virtual time waits for the thread */
    errno = pthread_create(&self->thread.thread, NULL, run_thread, &self->thread);
    need(errno == 0, "13.7: thread");
}

static co_status bridges_body(struct coro *co)
{
    struct bridges *self = co_self(co, struct bridges);

    ASYNC (co) {
        start_bridges(self);
        self->item[0].future = &self->timer.future;
        self->item[1].future = &self->pipe.future;
        self->item[2].future = &self->thread.future;
        AWAIT(async_gather(&self->all, self->item, 3, 0));
        for (int i = 0; i < 3; i++)
            printf("awaited: %s\n", (char *)self->item[i].future->value);
        printf("all three: %.2f s\n", elapsed());
        pthread_join(self->thread.thread, NULL);
    }
    return co_done(co);
}

/* ---- the step towards the crawler: five titles, one missing, one too slow ---- */

enum { PAGES = 5 };
static const double latency[PAGES] = { 0.30, 0.10, 0.20, 60, 0.15 };
static const char *const titles[PAGES] = { "Home", "About", NULL, "Archive", "Contact" };

struct title { /* async def title(n) */
    struct coro co;
    int n;
    const char *text; /* result */
    struct async_sleep sleep;
};

static co_status title_body(struct coro *co)
{
    struct title *self = co_self(co, struct title);

    ASYNC (co) {
        AWAIT(async_sleep(&self->sleep, latency[self->n]));
        printf("t=%.2f  page %d has answered\n", elapsed(), self->n);
        self->text = titles[self->n];
        if (self->text == NULL)
            return co_raise(co, ENOENT);
    }
    return co_done(co);
}

static struct coro *title(struct title *self, int n)
{
    self->n = n;
    return co_init(&self->co, title_body);
}

struct crawl { /* async def crawl() */
    struct coro co;
    struct title title[PAGES];
    struct async_wait_for limit[PAGES];
    struct task task[PAGES];
    struct awaited item[PAGES];
    struct gather all;
};

static void print_title(const struct title *title, int error)
{
    const char *text = error == 0           ? title->text
                       : error == ETIMEDOUT ? "given up"
                                            : aio_strerror(error);

    printf("page %d: %s\n", title->n, text);
}

static co_status crawl_body(struct coro *co)
{
    struct crawl *self = co_self(co, struct crawl);

    ASYNC (co) {
        for (int i = 0; i < PAGES; i++)
            self->item[i].future = async_ensure_future(
                &self->task[i],
                async_wait_for(&self->limit[i], title(&self->title[i], i), 0.50));
        AWAIT(async_gather(&self->all, self->item, PAGES, GATHER_RETURN_EXCEPTIONS));
        for (int i = 0; i < PAGES; i++)
            print_title(&self->title[i], future_error(self->item[i].future));
        printf("five titles: %.2f s\n", elapsed());
    }
    return co_done(co);
}

/* ---- the parts, one after the other ---- */

static void open_loop(void)
{
    int err = loop_init(&loop, NULL);

    if (err != 0) {
        fprintf(stderr, "13.7: cannot make an event loop: %s\n", aio_strerror(err));
        exit(1);
    }
}

static void run(const char *part, struct coro *co)
{
    struct task task;

    printf("-- %s\n", part);
    start = loop_time(&loop);
    first_turn = loop.turns + 1; /* the pass in which it starts is its turn 0 */
    loop_create_task(&loop, &task, co);
    loop_run_until_complete(&loop, &task);
}

int main(void)
{
    static struct box box;
    static struct two two;
    static struct beside beside;
    static struct bridges bridges;
    static struct crawl crawl;

    open_loop();
    run("a box, and those who wait for it", co_init(&box.co, box_body));
    run("two pages of 0.30 and 0.20 s", co_init(&two.co, two_body));
    run("a future beside a task", co_init(&beside.co, beside_body));
    run("bridges: callbacks that can be awaited", co_init(&bridges.co, bridges_body));
    run("crawler: the titles of five pages", co_init(&crawl.co, crawl_body));
    return loop_close(&loop);
}
