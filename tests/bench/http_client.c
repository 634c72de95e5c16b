/*
 * http_client.c - makes as many HTTP requests as it can in a time, with one task for each
 * connection, by the client of 13.6: every field is parsed, every length checked.
 *
 * Usage: build/bench/client URL CONNECTIONS SECONDS
 *
 * Prints `requests seconds rps bad`. A request is bad when it fails, when its answer is
 * not 200 or has no Content-Length, or when the length of the body differs from it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "client.h"
#include "connect.h"
#include "runner.h"

struct visitor { /* async def visitor() */
    struct task task;
    struct coro co;
    struct stream stream;
    bool open; /* the stream is connected */
    struct open_connection connect;
    struct http_exchange exchange;
    struct http_read read;
    uint64_t announced; /* Content-Length */
};

struct visit { /* async def visit(): all requests of a connection */
    struct coro co;
    struct visitor *visitors;
    int count, i;
};

static struct url url;
static struct host_addresses host;
static char request[URL_MAX + 512];
static size_t request_n;
static double seconds;
static bool over; /* time is up: no more requests */
static long good, bad;

static void on_end(struct handle *h)
{
    (void)h;
    over = true;
}

/* The whole Content-Length; false when it is missing or invalid. */
static bool announced(const struct http_head *head, uint64_t *length)
{
    const struct span *value = http_field(head, "Content-Length");

    *length = 0;
    for (size_t i = 0; value != NULL && i < value->n; i++) {
        if (value->at[i] < '0' || value->at[i] > '9')
            return false;
        *length = *length * 10 + (uint64_t)(value->at[i] - '0');
    }
    return value != NULL && value->n > 0;
}

static bool head_is_good(struct visitor *self)
{
    const struct http_head *head = &self->exchange.head;

    return announced(head, &self->announced) && head->status == 200 && !head->lenient &&
           http_field(head, "Content-Type") != NULL;
}

/* Counts an exchange; closes a connection that cannot carry another one. */
static void ended(struct visitor *self, bool is_good)
{
    if (is_good && self->exchange.body.payload == self->announced)
        good++;
    else
        bad++;
    if (!is_good || !http_reusable(&self->exchange)) {
        stream_close(&self->stream);
        self->open = false;
    }
}

static co_status visitor_body(struct coro *co)
{
    struct visitor *self = co_self(co, struct visitor);
    int err;

    ASYNC (co) {
        while (!over) {
            if (!self->open)
                AWAIT(open_connection(&self->connect, &self->stream, &host));
            self->open = true;
            AWAIT_CATCH(err, http_request(&self->exchange, &self->stream, "GET", request,
                                          request_n));
            if (err != 0 || !head_is_good(self)) {
                ended(self, false);
                continue;
            }
            do {
                AWAIT_CATCH(err, http_read(&self->read, &self->exchange));
            } while (err == 0 && !self->read.last);
            ended(self, err == 0);
        }

    FINALLY:
        stream_close(&self->stream);
    }
    return co_done(co);
}

static co_status visit_body(struct coro *co)
{
    struct visit *self = co_self(co, struct visit);
    struct loop *loop = get_running_loop();
    static struct timer end;
    static double start;
    int err;

    ASYNC (co) {
        start = loop_time(loop);
        timer_init(&end);
        err = loop_call_later(loop, &end, seconds, on_end);
        if (err != 0)
            return co_raise(co, err);
        for (self->i = 0; self->i < self->count; self->i++) {
            struct visitor *v = &self->visitors[self->i];

            stream_init(&v->stream, loop);
            loop_create_task(loop, &v->task, co_init(&v->co, visitor_body));
        }
        for (self->i = 0; self->i < self->count; self->i++)
            AWAIT(&self->visitors[self->i].task);
        start = loop_time(loop) - start;
        printf("%ld %.4f %.1f %ld\n", good, start, (double)good / start, bad);

    FINALLY:
        timer_cancel(loop, &end);
    }
    return co_done(co);
}

/* The settings that are known before the first connection. */
static int prepare(const char *text)
{
    struct span name;
    int err = url_parse(&url, text, strlen(text), NULL);

    if (err != 0)
        return err;
    name = url_host_name(&url);
    if (name.n > HOST_MAX || url_is_https(&url))
        return EINVAL;
    memcpy(host.host, name.at, name.n);
    host.port = url.port;
    request_n =
        http_request_head(request, sizeof request, "GET", &url, "workbook-bench", "");
    if (!address_from_text(&host.address[0], host.host, host.port))
        return EINVAL;
    host.count = 1;
    return request_n == 0 ? ENAMETOOLONG : 0;
}

static void allow_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
    static struct visit visit;
    int err;

    visit.count = argc == 4 ? atoi(argv[2]) : 0;
    seconds = argc == 4 ? strtod(argv[3], NULL) : 0;
    if (visit.count < 1 || !(seconds > 0)) {
        fputs("usage: client URL CONNECTIONS SECONDS; the host is an address\n", stderr);
        return 2;
    }
    allow_descriptors();
    err = prepare(argv[1]);
    visit.visitors = calloc((size_t)visit.count, sizeof *visit.visitors);
    if (err == 0)
        err = visit.visitors == NULL ? ENOMEM : async_run(co_init(&visit.co, visit_body));
    free(visit.visitors);
    if (err != 0)
        fprintf(stderr, "client: %s: %s\n", argv[1], aio_strerror(err));
    return err != 0;
}
