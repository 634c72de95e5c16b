/*
 * pieces.c - a server for tests/clients.bats. GET returns the numbers 1 to 200,000, one a
 * line, in chunks, because the size is not known; POST returns the request's body. Prints
 * its URL.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_server.h"
#include "runner.h"

enum { LAST = 200000, BODY_MAX = 4 * 1024 * 1024 };

static char numbers[7 * LAST];
static size_t numbers_n;

/* At most 1000 bytes at a time, as a source of unknown size. */
static ssize_t read_numbers(struct http_reply *reply, void *to, size_t room, off_t at)
{
    size_t left = numbers_n - (size_t)at, n = left < room ? left : room;

    (void)reply;
    n = n > 1000 ? 1000 : n;
    memcpy(to, numbers + at, n);
    return (ssize_t)n;
}

static void give(struct http_server *server, const struct http_request *request,
                 struct http_reply *reply)
{
    (void)server;
    (void)request;
    reply->type = "text/plain";
    reply->read = read_numbers;
    reply->size = -1;
}

static void release(struct http_reply *reply)
{
    free(reply->owned);
}

static void give_back(struct http_server *server, const struct http_request *request,
                      struct http_reply *reply)
{
    (void)server;
    reply->body = reply->owned = malloc(request->body.n + 1);
    if (reply->owned == NULL) {
        http_reply_status(reply, 503);
        return;
    }
    memcpy(reply->owned, request->body.at, request->body.n);
    reply->size = (off_t)request->body.n;
    reply->release = release;
}

static const struct http_route routes[] = { { "GET", "/", give, 0 },
                                            { "POST", "/", give_back, BODY_MAX },
                                            { .path = NULL } };

static co_status serve_body(struct coro *co)
{
    static struct http_server server = { .routes = routes };
    static struct future stop;
    struct address address;
    char text[ADDRESS_TEXT_MAX];
    int err;

    ASYNC (co) {
        address_from_text(&address, "127.0.0.1", 0);
        err = http_server_start(&server, get_running_loop(), &address);
        if (err != 0)
            return co_raise(co, err);
        printf("http://%s/\n", address_text(&server.server.address, text));
        fflush(stdout);
        future_init(&stop, get_running_loop());
        AWAIT(&stop); /* until it is killed */
    }
    return co_done(co);
}

int main(void)
{
    static struct coro serve;

    for (int i = 1; i <= LAST; i++)
        numbers_n += (size_t)sprintf(numbers + numbers_n, "%d\n", i);
    return async_run(co_init(&serve, serve_body)) != 0;
}
