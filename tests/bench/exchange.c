/*
 * exchange.c - the client's cost of one HTTP request and its response, over a socket pair
 * whose other end has a fixed response. Next: http_client.c, the same over TCP.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"
#include "client.h"

static const char request[] = "GET /1k.html HTTP/1.1\r\nHost: localhost:8000\r\n"
                              "User-Agent: workbook-bench\r\n\r\n";
static const char head[] = "HTTP/1.1 200 OK\r\nServer: nginx\r\n"
                           "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                           "Content-Type: text/html; charset=utf-8\r\n"
                           "Content-Length: 1024\r\n"
                           "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                           "Connection: keep-alive\r\nAccept-Ranges: bytes\r\n\r\n";

enum { HEAD_N = sizeof head - 1, BODY_N = 1024, ANSWER_N = HEAD_N + BODY_N };

static char answer[ANSWER_N];
static int server;

static void on_request(struct handle *h)
{
    char text[sizeof request];
    ssize_t n = read(server, text, sizeof text);

    (void)h;
    if (n == 0) /* the client has closed */
        loop_remove_reader(&loop, server);
    else
        must(n == sizeof request - 1 && write(server, answer, ANSWER_N) == ANSWER_N ? 0
                                                                                    : EIO,
             "the server's end");
}

struct client { /* async def client(): n times a request and its whole response */
    struct task task;
    struct coro co;
    struct stream stream;
    long left;
    struct http_exchange exchange;
    struct http_read read;
};

static co_status client_body(struct coro *co)
{
    struct client *self = co_self(co, struct client);

    ASYNC (co) {
        for (; self->left > 0; self->left--) {
            AWAIT(http_request(&self->exchange, &self->stream, "GET", request,
                               sizeof request - 1));
            do {
                AWAIT(http_read(&self->read, &self->exchange));
            } while (!self->read.last);
            if (self->exchange.body.payload != BODY_N || !http_reusable(&self->exchange))
                return co_raise(co, AIO_BAD_MESSAGE);
        }

    FINALLY:
        stream_close(&self->stream);
    }
    return co_done(co);
}

static void exchange(long n)
{
    struct client *client = touched(sizeof *client);
    struct handle h;
    int ends[2];
    double start;

    must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 ? 0 : errno, "socketpair");
    memcpy(answer, head, HEAD_N);
    memset(answer + HEAD_N, 'x', BODY_N);
    server = ends[1];
    handle_init(&h);
    must(loop_add_reader(&loop, server, &h, on_request), "add_reader");
    stream_adopt(&client->stream, &loop, ends[0]);
    client->left = n;
    loop_create_task(&loop, &client->task, co_init(&client->co, client_body));
    start = cpu_seconds();
    must(loop_run_until_complete(&loop, &client->task), "exchange");
    report("exchange", n, cpu_seconds() - start);
    loop_remove_reader(&loop, server);
    close(server);
    free(client);
}

const struct bench exchange_benches[] = {
    { "exchange", exchange },
    { NULL, NULL },
};
