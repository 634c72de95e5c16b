/*
 * many.c - the capacity of one thread: a thousand connections at once, the memory of each
 * connection and of each sleeping task, and a hundred slow answers in the time of one.
 * Figures are printed; counts, sizes and virtual times are asserted.
 */
#include <sys/resource.h>

#include "http_connection.h"
#include "stream_case.h"

enum { THOUSAND = 1000, GROUP = 50, HUNDRED = 100 };

static const char request[] = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

/* ---- the server, which counts ---- */

static struct http_server http;
static struct server_wait_closed http_closed;
static int peak; /* of connections, counted while they are answered */

static void answer(struct http_server *self, const struct http_request *asked,
                   struct http_reply *reply)
{
    (void)asked;
    if (self->server.live > peak)
        peak = self->server.live;
    reply->body = "hello";
    reply->size = 5;
}

static void start_http(double latency)
{
    struct address here;

    peak = 0;
    http = (struct http_server){ .answer = answer, .latency = latency };
    EXPECT(address_from_text(&here, "127.0.0.1", 0));
    EXPECT_INT(http_server_start(&http, &loop, &here), 0);
}

/* Threads of this process, or 1 where the system does not report it. */
static int threads(void)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[256];
    int n = 1;

    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        sscanf(line, "Threads: %d", &n);
    if (f != NULL)
        fclose(f);
    return n;
}

/* Bytes of memory in use, or 0 where the system does not report it. */
static double resident(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    long pages = 0;

    if (f != NULL && fscanf(f, "%*d %ld", &pages) != 1)
        pages = 0;
    if (f != NULL)
        fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static bool room_for(int descriptors)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return false;
    if (limit.rlim_cur < (rlim_t)descriptors) {
        limit.rlim_cur =
            limit.rlim_max < (rlim_t)descriptors ? limit.rlim_max : (rlim_t)descriptors;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur >= (rlim_t)descriptors;
}

/* ---- clients ---- */

struct client { /* connect, wait for all the others, send a request, read to the end */
    struct coro co;
    struct task task;
    struct stream stream;
    struct sock_connect connect;
    struct stream_read read;
    double began, took;
    size_t n;
};

static struct client client[THOUSAND];
static int connected, total; /* clients */
static struct future all_connected;
static bool by_pair; /* in virtual time: both ends are in this process */

static co_status client_body(struct coro *co)
{
    struct client *self = co_self(co, struct client);

    ASYNC (co) {
        if (!by_pair)
            AWAIT(sock_connect(&self->connect, &self->stream.sock, &http.server.address));
        if (++connected == total)
            future_set_result(&all_connected, NULL);
        AWAIT(&all_connected);
        self->began = loop_time(&loop);
        EXPECT_INT(stream_write(&self->stream, request, sizeof request - 1), 0);
        do {
            AWAIT(stream_read(&self->read, &self->stream, 65536));
            self->n += self->read.n;
        } while (self->read.n > 0);
        self->took = loop_time(&loop) - self->began;

    FINALLY:
        stream_close(&self->stream);
    }
    return co_done(co);
}

static void start_client(struct client *self)
{
    struct sock pair[2];

    memset(self, 0, sizeof *self);
    stream_init(&self->stream, &loop);
    if (by_pair) {
        EXPECT_INT(sock_pair(pair, &loop), 0);
        stream_adopt(&self->stream, &loop, pair[0].fd);
        http_server_adopt(&http, pair[1].fd);
    }
    loop_create_task(&loop, &self->task, co_init(&self->co, client_body));
}

static void expect_clients(int n)
{
    for (int i = 0; i < n; i++) {
        EXPECT_INT(future_error(&client[i].task.future), 0);
        EXPECT(client[i].n > 5 && client[i].n == client[0].n);
    }
}

/* ---- a thousand at once, over loopback ---- */

static int threads_before; /* 1, or one more where a sanitizer has its own */

static co_status thousand_body(struct coro *co)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start_http(0);
        future_init(&all_connected, &loop);
        connected = 0;
        total = THOUSAND;
        for (self->i = 0; self->i < THOUSAND; self->i++) {
            start_client(&client[self->i]);
            if (self->i % GROUP == GROUP - 1) /* the listen queue holds a hundred */
                while (http.server.live <= self->i)
                    YIELD();
        }
        for (self->i = 0; self->i < THOUSAND; self->i++)
            AWAIT(&client[self->i].task);
        expect_clients(THOUSAND);
        EXPECT_INT(peak, THOUSAND);
        EXPECT_INT(threads(), threads_before);
        printf("# %s: peak %d connections, %d thread\n", loop.selector->name, peak,
               threads());
        http_server_close(&http);
        AWAIT(http_server_wait_closed(&http_closed, &http));
    }
    return co_done(co);
}

static void thousand(void)
{
    int descriptors = count_open();
    struct task task;

    if (!room_for(2 * THOUSAND + 50)) {
        puts("# skipped: too few descriptors are allowed");
        return;
    }
    by_pair = false;
    threads_before = threads();
    EXPECT_INT(loop_init(&loop, NULL), 0);
    set_event_loop(&loop);
    loop_create_task(&loop, &task, co_init(&stage.co, thousand_body));
    EXPECT_INT(loop_run_until_complete(&loop, &task), 0);
    close_empty_loop(descriptors);
}

/* ---- memory ---- */

/* Connections that sent half a head, so that each has all the memory of an idle one. */
CASE(connections_cost)
{
    enum { FEW = 100 };
    struct stage *self = co_self(co, struct stage);
    static double at_few, slope;

    ASYNC (co) {
        if (!room_for(2 * THOUSAND + 50)) {
            puts("# skipped: too few descriptors are allowed");
            return co_done(co);
        }
        start_http(0);
        memset(client, 0, sizeof client);
        by_pair = true;
        for (self->i = 0; self->i < THOUSAND; self->i++) {
            struct sock pair[2];

            EXPECT_INT(sock_pair(pair, &loop), 0);
            stream_adopt(&client[self->i].stream, &loop, pair[0].fd);
            http_server_adopt(&http, pair[1].fd);
            stream_write(&client[self->i].stream, "GET / ", 6);
            if (self->i == FEW - 1) {
                AWAIT(async_sleep(&self->sleep, 1));
                at_few = resident();
            }
        }
        AWAIT(async_sleep(&self->sleep, 1));
        slope = (resident() - at_few) / (THOUSAND - FEW);
        EXPECT_INT(http.server.live, THOUSAND);
        printf(
            "# a connection: %.0f bytes by resident size, its struct %d, its request's "
            "head %d of them\n",
            slope, (int)sizeof(struct http_connection), (int)sizeof(struct http_head));
        EXPECT(sizeof(struct http_connection) <
               sizeof(struct http_head) + sizeof(struct stream) + 4096);
        http_server_close(&http);
        http_server_abort_clients(&http);
        AWAIT(http_server_wait_closed(&http_closed, &http));

    FINALLY:
        for (int i = 0; i < THOUSAND; i++)
            stream_close(&client[i].stream);
    }
    return co_done(co);
}

enum { SLEEPERS = 100000 };

struct sleeper {
    struct task task;
    struct async_sleep sleep;
};

/* CPython 3.13 needs some 1,800 bytes for a task that sleeps (172 MiB for 100,000). */
CASE(tasks_cost)
{
    struct stage *self = co_self(co, struct stage);
    static struct sleeper *sleepers;
    static double before;

    ASYNC (co) {
        before = resident();
        sleepers = malloc(SLEEPERS * sizeof *sleepers);
        EXPECT(sleepers != NULL);
        for (int i = 0; i < SLEEPERS; i++)
            loop_create_task(&loop, &sleepers[i].task,
                             async_sleep(&sleepers[i].sleep, 1));
        AWAIT(async_sleep(&self->sleep, 0.5));
        printf("# a sleeping task: %.0f bytes by resident size, %d by its structs\n",
               (resident() - before) / SLEEPERS,
               (int)(sizeof *sleepers + sizeof(struct timer_slot) +
                     sizeof(union timer_place)));
        EXPECT(sizeof *sleepers + sizeof(struct timer_slot) + sizeof(union timer_place) <
               900);
        AWAIT(async_sleep(&self->sleep, 1));
        EXPECT(sleepers[SLEEPERS - 1].task.future.done);
        free(sleepers);
    }
    return co_done(co);
}

/* ---- time ---- */

static int by_time(const void *a, const void *b)
{
    double x = ((const struct client *)a)->took, y = ((const struct client *)b)->took;

    return (x > y) - (x < y);
}

static void print_times(const char *how, double sum)
{
    qsort(client, HUNDRED, sizeof *client, by_time);
    printf("# %-8s %.2f s, each p50 %.3f p99 %.3f\n", how, sum, client[49].took,
           client[98].took);
}

/* A hundred answers that take 50 ms each. */
CASE(hundred)
{
    struct stage *self = co_self(co, struct stage);
    static double began;

    ASYNC (co) {
        start_http(0.05);
        by_pair = true;
        began = loop_time(&loop);
        for (self->i = 0; self->i < HUNDRED; self->i++) {
            future_init(&all_connected, &loop);
            connected = 0;
            total = 1;
            start_client(&client[self->i]);
            AWAIT(&client[self->i].task);
        }
        expect_clients(HUNDRED);
        EXPECT_INT(peak, 1);
        EXPECT(loop_time(&loop) - began > 4.999 && loop_time(&loop) - began < 5.001);
        print_times("in turn", loop_time(&loop) - began);

        future_init(&all_connected, &loop);
        connected = 0;
        total = HUNDRED;
        began = loop_time(&loop);
        for (self->i = 0; self->i < HUNDRED; self->i++)
            start_client(&client[self->i]);
        for (self->i = 0; self->i < HUNDRED; self->i++)
            AWAIT(&client[self->i].task);
        expect_clients(HUNDRED);
        EXPECT_INT(peak, HUNDRED);
        EXPECT(loop_time(&loop) - began > 0.0499 && loop_time(&loop) - began < 0.0501);
        print_times("together", loop_time(&loop) - began);
        for (int i = 0; i < HUNDRED; i++)
            EXPECT(client[i].took > 0.0499 && client[i].took < 0.0501);
        http_server_close(&http);
        AWAIT(http_server_wait_closed(&http_closed, &http));
    }
    return co_done(co);
}

CHECK_MAIN({ "a thousand connections on one thread", thousand },
           { "what a connection costs", connections_cost },
           { "what a sleeping task costs", tasks_cost },
           { "a hundred slow answers in the time of one", hundred })
