/*
 * main.c - section 13.5: a blocking call stops every task, unless a thread makes it.
 *
 * Usage: build/13.5/main
 * New since section 13.4: threads make blocking calls for the loop, and the answers come
 * back as futures. The blocking calls are simulated: the thread waits at a gate that the
 * loop opens. Next: 13.6-http/main.c, which uses real pages and real host names.
 */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>

#include "gate.h"
#include "run_in_executor.h"
#include "runner.h"
#include "sleep.h"

static struct loop *loop;
static pthread_t loop_thread;
static double start; /* loop time at which the part began */

static double now(void)
{
    return loop_time(loop) - start;
}

static void begin(const char *title)
{
    printf("-- %s\n", title);
    start = loop_time(loop);
}

/* ---- one slow call: on the loop, and in a thread ---- */

struct call { /* argument and result; the thread works on a copy */
    struct gate *gate;
    int answer;
    bool on_loop; /* the call was made on the loop's thread */
};

static int slow_call(void *arg)
{
    struct call *call = arg;

    gate_wait(call->gate);
    call->answer = 42;
    call->on_loop = pthread_equal(pthread_self(), loop_thread);
    return 0;
}

/* Makes the slow call on the loop's own thread, so the loop runs nothing meanwhile. */
static void block(double seconds)
{
    struct timespec pause = { 0, (long)(seconds * 1e9) };

    if (loop->clock == &clock_virtual)
        loop->virtual_now += seconds;
    else
        nanosleep(&pause, NULL);
}

enum { COLUMNS = 16 }; /* each stands for 0.05 s */

struct heart { /* async def heart(): a beat each 0.10 s while the loop is free */
    struct coro co;
    struct async_sleep sleep;
    char picture[COLUMNS + 1];
};

static co_status heart_body(struct coro *co)
{
    struct heart *self = co_self(co, struct heart);

    ASYNC (co) {
        snprintf(self->picture, sizeof self->picture, "%s", "................");
        while (now() < 0.69) {
            AWAIT(async_sleep(&self->sleep, 0.10));
            self->picture[(int)(now() * 20 + 0.5) % COLUMNS] = '*';
        }
        printf("heartbeat |%s|\n", self->picture);
    }
    return co_done(co);
}

struct hearts { /* async def hearts() */
    struct coro co;
    struct heart heart;
    struct task task;
    struct async_sleep sleep;
    struct gate gate;
    struct run_in_executor run;
    struct call call;
    int i;
};

static co_status hearts_body(struct coro *co)
{
    struct hearts *self = co_self(co, struct hearts);

    ASYNC (co) {
        for (self->i = 0; self->i < 2; self->i++) {
            begin(self->i == 0 ? "a slow call on the loop" : "the same call in a thread");
            loop_create_task(loop, &self->task, co_init(&self->heart.co, heart_body));
            AWAIT(async_sleep(&self->sleep, 0.15));
            printf("t=%.2f  call\n", now());
            gate_init_slow(&self->gate, loop, 0.40);
            self->call.gate = &self->gate;
            if (self->i == 0)
                block(0.40);
            else
                AWAIT(to_thread(&self->run, slow_call, &self->call, sizeof self->call));
            printf("t=%.2f  answer\n", now());
            AWAIT(&self->task);
        }
        printf("answer %d; ran on the loop's thread: %s, came back to it: %s\n",
               self->call.answer, self->call.on_loop ? "yes" : "no",
               pthread_equal(pthread_self(), loop_thread) ? "yes" : "no");
    }
    return co_done(co);
}

/* ---- cancel: the queued job never runs, the running one is abandoned ---- */

static struct executor one, four; /* pools of one thread and of four threads */
static struct gate gate;
static struct future finished;
static struct handle message; /* posted by the thread that has finished */
static bool b_ran;

static void on_finished(struct handle *h)
{
    (void)h;
    future_set_result(&finished, NULL);
}

static int job_a(void *arg)
{
    (void)arg;
    gate_wait(&gate);
    return loop_call_soon_threadsafe(loop, &message, on_finished);
}

static int job_b(void *arg)
{
    (void)arg;
    b_ran = true;
    return 0;
}

struct wait_a { /* async def wait_a() */
    struct coro co;
    struct run_in_executor run;
};

static co_status wait_a_body(struct coro *co)
{
    struct wait_a *self = co_self(co, struct wait_a);

    ASYNC (co) {
        AWAIT(loop_run_in_executor(&self->run, &one, job_a, NULL, 0));
    }
    return co_done(co);
}

struct cancels { /* async def cancels() */
    struct coro co;
    struct wait_a a;
    struct run_in_executor b;
    struct async_timeout limit;
    struct task task;
};

static co_status cancels_body(struct coro *co)
{
    struct cancels *self = co_self(co, struct cancels);
    int err;

    ASYNC (co) {
        begin("a pool of one: A runs, B is queued");
        gate_init(&gate, loop, NULL);
        future_init(&finished, loop);
        loop_create_task(
            loop, &self->task,
            async_timeout(&self->limit, 0.10, co_init(&self->a.co, wait_a_body)));
        YIELD();
        loop_run_in_executor(&self->b, &one, job_b, NULL, 0);
        printf("B: cancel() = %d\n", future_cancel(&self->b.future, NULL));
        AWAIT_CATCH(err, &self->task);
        printf("t=%.2f  A: %s; the gate is %s\n", now(),
               err == ETIMEDOUT ? "timed out" : "?", gate.open ? "open" : "closed");
        gate_open(&gate);
        AWAIT(&finished);
        printf("A's thread: finished all the same\n");
        executor_shutdown(&one, true, false);
        printf("B ran: %s\n", b_ran ? "yes" : "no");
    }
    return co_done(co);
}

/* ---- threads: idle ones first, new ones when none is idle ---- */

static int job_at_gate(void *arg)
{
    (void)arg;
    gate_wait(&gate);
    return 0;
}

static void on_four(struct gate *at)
{
    if (at->arrived < 4)
        return;
    printf("%d jobs are at the gate together\n", at->arrived);
    gate_open(at);
}

static int job_error(void *arg)
{
    (void)arg;
    return open("/no/such/file", O_RDONLY) < 0 ? errno : 0;
}

struct threads { /* async def threads() */
    struct coro co;
    struct run_in_executor run[4];
    int i;
};

static co_status threads_body(struct coro *co)
{
    struct threads *self = co_self(co, struct threads);
    int err;

    ASYNC (co) {
        begin("a pool of four");
        gate_init(&gate, loop, NULL);
        gate_open(&gate);
        for (self->i = 0; self->i < 3; self->i++)
            AWAIT(loop_run_in_executor(&self->run[0], &four, job_at_gate, NULL, 0));
        printf("3 jobs in turn: %d thread\n", executor_threads(&four));

        gate_init(&gate, loop, on_four);
        for (self->i = 0; self->i < 4; self->i++)
            loop_run_in_executor(&self->run[self->i], &four, job_at_gate, NULL, 0);
        for (self->i = 0; self->i < 4; self->i++)
            AWAIT(&self->run[self->i].future);
        printf("4 jobs at once: %d threads\n", executor_threads(&four));

        AWAIT_CATCH(err, loop_run_in_executor(&self->run[0], &four, job_error, NULL, 0));
        printf("an error comes back: %s\n", aio_strerror(err));
        executor_shutdown(&four, true, false);
        err =
            future_error(loop_run_in_executor(&self->run[0], &four, job_error, NULL, 0));
        printf("after shutdown: %s\n", aio_strerror(err));
    }
    return co_done(co);
}

/* ---- the step towards the crawler: host names are looked up off the loop ---- */

enum { PAGES = 5 };
static const struct {
    const char *host;
    int number; /* the address is 192.0.2.<number>; 0: the host has none */
    double look_up, fetch;
} pages[PAGES] = {
    { "a.example", 1, 0.05, 0.30 }, { "b.example", 2, 0.20, 0.25 },
    { "c.example", 3, 0.10, 0.20 }, { "d.example", 4, 0.25, 0.15 },
    { "e.example", 0, 0.15, 0.00 },
};

struct lookup { /* argument and result */
    struct gate *gate;
    int page;
    char address[16];
};

/* Stands for getaddrinfo(), which blocks for an unknown time. */
static int look_up(void *arg)
{
    struct lookup *lookup = arg;

    gate_wait(lookup->gate);
    if (pages[lookup->page].number == 0)
        return AIO_NAME;
    snprintf(lookup->address, sizeof lookup->address, "192.0.2.%d",
             pages[lookup->page].number);
    return 0;
}

struct page { /* async def page(n) */
    struct coro co;
    int n;
    struct gate gate;
    struct run_in_executor run;
    struct lookup lookup;
    struct async_sleep sleep;
};

static co_status page_body(struct coro *co)
{
    struct page *self = co_self(co, struct page);
    int err;

    ASYNC (co) {
        gate_init_slow(&self->gate, loop, pages[self->n].look_up);
        self->lookup.gate = &self->gate;
        self->lookup.page = self->n;
        AWAIT_CATCH(err,
                    to_thread(&self->run, look_up, &self->lookup, sizeof self->lookup));
        printf("t=%.2f  %s is %s\n", now(), pages[self->n].host,
               err == 0 ? self->lookup.address : "unknown");
        if (err != 0)
            return co_done(co);
        AWAIT(async_sleep(&self->sleep, pages[self->n].fetch));
        printf("t=%.2f  page %d\n", now(), self->n);
    }
    return co_done(co);
}

struct program { /* async def main() */
    struct coro co;
    union {
        struct hearts hearts;
        struct cancels cancels;
        struct threads threads;
    };
    struct page page[PAGES];
    struct task task[PAGES];
    int i;
};

static co_status program_body(struct coro *co)
{
    struct program *self = co_self(co, struct program);

    ASYNC (co) {
        loop = get_running_loop();
        AWAIT(co_init(&self->hearts.co, hearts_body));
        AWAIT(co_init(&self->cancels.co, cancels_body));
        AWAIT(co_init(&self->threads.co, threads_body));

        begin("five pages, their hosts looked up in threads");
        for (self->i = 0; self->i < PAGES; self->i++) {
            self->page[self->i].n = self->i;
            loop_create_task(loop, &self->task[self->i],
                             co_init(&self->page[self->i].co, page_body));
        }
        for (self->i = 0; self->i < PAGES; self->i++)
            AWAIT(&self->task[self->i]);
        printf("all pages: %.2f s\n", now());
    }
    return co_done(co);
}

int main(void)
{
    struct program program;
    int err = executor_init(&one, 1);

    loop_thread = pthread_self();
    if (err == 0)
        err = executor_init(&four, 4);
    if (err == 0)
        err = async_run(co_init(&program.co, program_body));
    if (err != 0)
        fprintf(stderr, "13.5: cannot run: %s\n", aio_strerror(err));
    return err != 0;
}
