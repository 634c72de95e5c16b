/*
 * main.c - section 13.8: locks and queues, a child process, a thread's messages.
 *
 * Usage: build/13.8/main
 * Until now the tasks shared no data. Here they share a counter, a limit and
 * a queue of pages. Next: 13.9-crawler/main.c, where the pages are real.
 */
#include <stdio.h>
#include <stdlib.h>

#include "barrier.h"
#include "channel.h"
#include "process.h"
#include "queue.h"
#include "runner.h"
#include "semaphores.h"
#include "sleep.h"

static struct runner runner;
static struct loop *const loop = &runner.loop;
static double start; /* the loop time at which the current part began */

static void begin(const char *title)
{
    printf("-- %s\n", title);
    start = loop_time(loop);
}

static double now(void)
{
    return loop_time(loop) - start;
}

static void need(int err, const char *what)
{
    if (err == 0)
        return;
    fprintf(stderr, "13.8: %s: %s\n", what, aio_strerror(err));
    exit(1);
}

/* ---- the jobs of a part: a task for each, then wait for all of them ---- */

enum { JOBS = 6 };

struct jobs {
    struct coro co;
    struct coro *job[JOBS];
    struct task task[JOBS];
    int count, i;
};

static co_status jobs_body(struct coro *co)
{
    struct jobs *self = co_self(co, struct jobs);

    ASYNC (co) {
        for (self->i = 0; self->i < self->count; self->i++)
            loop_create_task(loop, &self->task[self->i], self->job[self->i]);
        for (self->i = 0; self->i < self->count; self->i++)
            AWAIT(&self->task[self->i]);
    }
    return co_done(co);
}

static void run_jobs(struct jobs *jobs, int count)
{
    jobs->count = count;
    need(runner_run(&runner, co_init(&jobs->co, jobs_body)), "a job");
}

/* ---- a lock: read a counter, wait, write it ---- */

enum how { NO_LOCK, WITH_LOCK, NO_AWAIT };

static struct lock lock;
static int counter;

struct increment {
    struct coro co;
    enum how how;
    int seen;
    struct lock_acquire acquire;
    struct async_sleep sleep;
};

static co_status increment_body(struct coro *co)
{
    struct increment *self = co_self(co, struct increment);

    ASYNC (co) {
        if (self->how == WITH_LOCK)
            AWAIT(lock_acquire(&self->acquire, &lock));
        self->seen = counter;
        if (self->how != NO_AWAIT)
            AWAIT(async_sleep(&self->sleep, 0.1));
        counter = self->seen + 1;

    FINALLY:
        if (self->acquire.taken)
            lock_release(&lock);
    }
    return co_done(co);
}

static struct coro *increment(struct increment *self, enum how how)
{
    self->how = how;
    self->acquire.taken = false;
    return co_init(&self->co, increment_body);
}

static void counters(void)
{
    static const char *const title[] = { "no lock", "with a lock", "no await inside" };
    struct increment frame[3];
    struct jobs jobs;

    begin("a counter: read it, sleep 0.10, write it");
    lock_init(&lock);
    for (enum how how = NO_LOCK; how <= NO_AWAIT; how++) {
        start = loop_time(loop);
        counter = 0;
        for (int i = 0; i < 3; i++)
            jobs.job[i] = increment(&frame[i], how);
        run_jobs(&jobs, 3);
        printf("%-15s  3 increments -> %d  in %.2f s\n", title[how], counter, now());
    }
}

/* ---- a semaphore: pretend pages, at most two at a time ---- */

static struct semaphore limit;
static int inside, peak;

struct page {
    struct coro co;
    const char *who;
    double latency, came, began;
    struct semaphore_acquire acquire;
    struct async_sleep sleep;
};

static int columns(double t)
{
    return (int)(t * 20 + 0.5);
}

static void show_page(const struct page *self)
{
    int came = columns(self->came), began = columns(self->began), ended = columns(now());

    printf("t=%.2f  %s  |%*s%.*s%.*s\n", now(), self->who, came, "", began - came,
           "....................", ended - began, "====================");
}

static co_status page_body(struct coro *co)
{
    struct page *self = co_self(co, struct page);

    ASYNC (co) {
        self->came = now();
        AWAIT(semaphore_acquire(&self->acquire, &limit));
        self->began = now();
        inside++;
        peak = inside > peak ? inside : peak;
        AWAIT(async_sleep(&self->sleep, self->latency));
        inside--;
        show_page(self);

    FINALLY:
        if (self->acquire.taken)
            semaphore_release(&limit);
    }
    return co_done(co);
}

static struct coro *page(struct page *self, const char *who, double latency)
{
    self->who = who;
    self->latency = latency;
    self->acquire.taken = false;
    return co_init(&self->co, page_body);
}

static void two_at_a_time(void)
{
    static const double latency[] = { 0.25, 0.10, 0.20, 0.10, 0.15, 0.05 };
    static const char *const name[] = { "a", "b", "c", "d", "e", "f" };
    struct page frame[JOBS];
    struct jobs jobs;

    begin("semaphore(2): six jobs; '.' waits, '=' works");
    semaphore_init(&limit, 2);
    for (int i = 0; i < JOBS; i++)
        jobs.job[i] = page(&frame[i], name[i], latency[i]);
    run_jobs(&jobs, JOBS);
    printf("at most %d at once\n", peak);
}

/* ---- a barrier: no task continues before all have come ---- */

static struct barrier barrier;

struct walker {
    struct coro co;
    const char *name;
    double way;
    struct async_sleep sleep;
    struct barrier_wait meet;
};

static co_status walker_body(struct coro *co)
{
    struct walker *self = co_self(co, struct walker);

    ASYNC (co) {
        AWAIT(async_sleep(&self->sleep, self->way));
        printf("t=%.2f  %s is there\n", now(), self->name);
        AWAIT(barrier_wait(&self->meet, &barrier));
        printf("t=%.2f  %s goes on, it was number %u\n", now(), self->name,
               self->meet.index);
    }
    return co_done(co);
}

static void meeting(void)
{
    struct walker frame[3] = { { .name = "a", .way = 0.3 },
                               { .name = "b", .way = 0.1 },
                               { .name = "c", .way = 0.2 } };
    struct jobs jobs;

    begin("barrier(3): nobody goes on before all have come");
    need(barrier_init(&barrier, 3), "barrier");
    for (int i = 0; i < 3; i++)
        jobs.job[i] = co_init(&frame[i].co, walker_body);
    run_jobs(&jobs, 3);
}

/* ---- a bounded queue: a producer that is too fast has to wait ---- */

static struct queue queue;
static int numbers[] = { 0, 1, 2, 3, 4 };

struct producer {
    struct coro co;
    int i;
    struct queue_put put;
    struct event_wait join;
};

static co_status producer_body(struct coro *co)
{
    struct producer *self = co_self(co, struct producer);

    ASYNC (co) {
        for (self->i = 0; self->i < 5; self->i++) {
            AWAIT(queue_put(&self->put, &queue, &numbers[self->i]));
            printf("t=%.2f  put %d, %zu in the queue\n", now(), self->i,
                   queue_qsize(&queue));
        }
        AWAIT(queue_join(&self->join, &queue));
        printf("t=%.2f  joined\n", now());
        queue_shutdown(&queue, false);
    }
    return co_done(co);
}

struct consumer {
    struct coro co;
    struct queue_get get;
    struct async_sleep sleep;
};

static co_status consumer_body(struct coro *co)
{
    struct consumer *self = co_self(co, struct consumer);
    int err;

    ASYNC (co) {
        for (;;) {
            AWAIT_CATCH(err, queue_get(&self->get, &queue));
            if (err != 0)
                break;
            printf("t=%.2f      got %d\n", now(), *(int *)self->get.item);
            AWAIT(async_sleep(&self->sleep, 0.1));
            queue_task_done(&queue);
        }
        printf("t=%.2f      %s\n", now(), aio_strerror(err));
    }
    return co_done(co);
}

static void back_pressure(void)
{
    void *slots[2];
    struct producer producer;
    struct consumer consumer;
    struct jobs jobs;

    begin("queue(2): putting is quick, getting takes 0.10");
    queue_init(&queue, 2, slots);
    jobs.job[0] = co_init(&producer.co, producer_body);
    jobs.job[1] = co_init(&consumer.co, consumer_body);
    run_jobs(&jobs, 2);
}

/* ---- a child process: its input, its output, and its end ---- */

static struct process child;

struct parent {
    struct coro co;
    struct async_create_subprocess_exec create;
    struct process_communicate communicate;
    struct event_wait wait;
};

static co_status parent_body(struct coro *co)
{
    static char *sort[] = { "sort", NULL }, *cat[] = { "cat", NULL };
    static const struct process_options pipes = { .io = { PROCESS_PIPE, PROCESS_PIPE,
                                                          PROCESS_INHERIT } };
    struct parent *self = co_self(co, struct parent);

    ASYNC (co) {
        AWAIT(async_create_subprocess_exec(&self->create, &child, sort, &pipes));
        AWAIT(process_communicate(&self->communicate, &child, "pear\napple\nfig\n", 15));
        printf("sort said:\n%sexit status %d\n", child.pipe[1].data, child.returncode);
        process_close(&child);

        AWAIT(async_create_subprocess_exec(&self->create, &child, cat, &pipes));
        process_kill(&child);
        AWAIT(process_wait(&self->wait, &child));
        printf("cat was killed: %d; kill again: %s\n", child.returncode,
               process_kill(&child) == ESRCH ? "no such process" : "done");

    FINALLY:
        process_close(&child);
    }
    return co_done(co);
}

static void children(void)
{
    struct parent parent;
    struct jobs jobs;

    begin("a child process: sort, then one that is killed");
    jobs.job[0] = co_init(&parent.co, parent_body);
    run_jobs(&jobs, 1);
}

/* ---- a thread sends messages; the channel between holds one at a time ---- */

static struct channel channel;

static void *work(void *arg)
{
    static char *const message[] = { "one third", "two thirds", "all of it" };

    (void)arg;
    for (int i = 0; i < 3; i++)
        channel_thread_put(&channel, message[i]);
    channel_close(&channel);
    return NULL;
}

struct listener {
    struct coro co;
    struct channel_get get;
};

static co_status listener_body(struct coro *co)
{
    struct listener *self = co_self(co, struct listener);
    int err;

    ASYNC (co) {
        for (;;) {
            AWAIT_CATCH(err, channel_get(&self->get, &channel));
            if (err != 0)
                break;
            printf("t=%.2f  the thread says: %s\n", now(), (char *)self->get.item);
        }
        printf("t=%.2f  %s\n", now(), aio_strerror(err));
    }
    return co_done(co);
}

static void messages(void)
{
    void *slot[1];
    pthread_t thread;
    struct listener listener;
    struct jobs jobs;

    begin("a thread's messages");
    need(channel_init(&channel, loop, slot, 1), "channel");
    need(pthread_create(&thread, NULL, work, NULL), "thread");
    loop_hold(loop, +1);
    jobs.job[0] = co_init(&listener.co, listener_body);
    run_jobs(&jobs, 1);
    loop_hold(loop, -1);
    pthread_join(thread, NULL);
    channel_free(&channel);
}

/* ---- the step towards the crawler: a queue, three workers, a limit ---- */

struct wanted {
    const char *name;
    double latency;
};

struct worker {
    struct coro co;
    struct queue_get get;
    struct page page;
};

static co_status worker_body(struct coro *co)
{
    struct worker *self = co_self(co, struct worker);
    const struct wanted *wanted;
    int err;

    ASYNC (co) {
        for (;;) {
            AWAIT_CATCH(err, queue_get(&self->get, &queue));
            if (err != 0)
                break;
            wanted = self->get.item;
            AWAIT(page(&self->page, wanted->name, wanted->latency));
            queue_task_done(&queue);
        }
    }
    return co_done(co);
}

struct crawl {
    struct coro co;
    struct event_wait join;
};

static co_status crawl_body(struct coro *co)
{
    static struct wanted pages[] = { { "page 0", 0.30 },
                                     { "page 1", 0.10 },
                                     { "page 2", 0.25 },
                                     { "page 3", 0.15 },
                                     { "page 4", 0.20 } };
    struct crawl *self = co_self(co, struct crawl);

    ASYNC (co) {
        for (int i = 0; i < 5; i++)
            queue_put_nowait(&queue, &pages[i]);
        AWAIT(queue_join(&self->join, &queue));
        printf("all pages: %.2f s\n", now());
        queue_shutdown(&queue, false);
    }
    return co_done(co);
}

static void crawler(void)
{
    void *slots[5];
    struct crawl crawl;
    struct worker worker[3];
    struct jobs jobs;

    begin("pages: a queue, three workers, two at a time");
    queue_init(&queue, 5, slots);
    semaphore_init(&limit, 2);
    jobs.job[0] = co_init(&crawl.co, crawl_body);
    for (int i = 0; i < 3; i++)
        jobs.job[i + 1] = co_init(&worker[i].co, worker_body);
    run_jobs(&jobs, 4);
}

int main(void)
{
    need(runner_init(&runner, NULL), "cannot make an event loop");
    counters();
    two_at_a_time();
    meeting();
    back_pressure();
    children();
    messages();
    crawler();
    return runner_close(&runner);
}
