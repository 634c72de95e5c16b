/* streams.c - behaviour of streams and servers. streams.py on asyncio. */
#include <unistd.h>

#include "async_wait.h"
#include "connect.h"
#include "scenario.h"
#include "server.h"

static struct stream near, far;
static struct stream_read reading;

static void connect_ends(size_t limit)
{
    struct sock pair[2];

    if (sock_pair(pair, &stage.loop) != 0)
        return;
    stream_adopt(&near, &stage.loop, pair[0].fd);
    stream_adopt(&far, &stage.loop, pair[1].fd);
    near.limit = limit;
}

static void close_ends(void)
{
    stream_close(&near);
    stream_close(&far);
}

static void show(const char *name, size_t expected)
{
    int n = (int)reading.n;

    if (stage.err == AIO_LIMIT_OVERRUN) {
        at("%s: over the limit", name);
    } else if (stage.err == AIO_INCOMPLETE_READ) {
        at("%s: partial '%.*s', expected %zu", name, n, reading.data, expected);
    } else {
        while (n > 0 && reading.data[n - 1] == '\n')
            n--;
        at("%s: '%.*s'", name, n, reading.data);
    }
}

/* The outcome of a read. */
#define SHOWS(name, expected, x)   \
    do {                           \
        AWAIT_CATCH(stage.err, x); \
        show(name, expected);      \
    } while (0)

static struct host_addresses host;

static int no_lookup(struct host_addresses *addresses)
{
    (void)addresses;
    at("the resolver is asked");
    return AIO_NAME;
}

static void to_port(unsigned port)
{
    memset(&host, 0, sizeof host);
    strcpy(host.host, "127.0.0.1");
    host.port = port;
}

/* A port whose listener has been closed. */
static unsigned dead_port(void)
{
    struct address address;
    struct sock listener;

    address_from_text(&address, "127.0.0.1", 0);
    sock_listen(&listener, &stage.loop, &address, 1);
    sock_close(&listener);
    return ntohs(address.in4.sin_port);
}

static struct open_connection opening;

ROW(b78, "B78 a numeric address needs no resolver; nobody there: refused")
{
    ASYNC (co) {
        names_lookup = no_lookup;
        to_port(dead_port());
        stream_init(&near, &stage.loop);
        AWAIT_CATCH(stage.err, open_connection(&opening, &near, &host));
        at("connect: %s", name_of(stage.err));
        stream_close(&near);
    }
    return co_done(co);
}

ROW(b81, "B81 read: limits and early ends")
{
    static const char text[] = "0123456789abcdef\nline\nabc";

    ASYNC (co) {
        connect_ends(10);
        stream_write(&far, text, sizeof text - 1);
        SHOWS("readuntil", 0, stream_readuntil(&reading, &near, "\n"));
        SHOWS("readexactly", 17, stream_readexactly(&reading, &near, 17));
        SHOWS("readline", 0, stream_readline(&reading, &near));
        stream_close(&far);
        SHOWS("readexactly", 5, stream_readexactly(&reading, &near, 5));
        SHOWS("at the end", 0, stream_read(&reading, &near, 5));
        close_ends();
    }
    return co_done(co);
}

struct drains {
    struct coro co;
    const char *name;
    struct stream_drain drain;
};

static co_status drains_body(struct coro *co)
{
    struct drains *self = co_self(co, struct drains);

    ASYNC (co) {
        AWAIT(stream_drain(&self->drain, &near));
        at("%s is through", self->name);
    }
    return co_done(co);
}

static co_status takes_body(struct coro *co)
{
    ASYNC (co) {
        AWAIT(stream_readexactly(&reading, &far, 4000000));
    }
    return co_done(co);
}

static const char *waiting(int n)
{
    return truth(!future_done(stage.item[n].future));
}

static void start_drains(void)
{
    static struct drains frames[3];
    static const char *const names[] = { "a", "b", "c" };

    for (int i = 0; i < 3; i++) {
        frames[i].name = names[i];
        start(i, co_init(&frames[i].co, drains_body));
    }
}

ROW(b82, "B82 drain: all who wait wake")
{
    static char text[4000000];
    static struct async_wait wait;
    static struct coro takes;

    ASYNC (co) {
        connect_ends(4096);
        stream_write(&near, text, sizeof text);
        start_drains();
        YIELD();
        YIELD();
        at("waiting: %s %s %s", waiting(0), waiting(1), waiting(2));
        task_cancel(&stage.task[1], NULL);
        AWAIT_CATCH_ALL(stage.err, &stage.task[1]);
        at("b=%s", name_of(stage.err));
        start(3, co_init(&takes, takes_body));
        AWAIT(async_wait(&wait, stage.item, 3, TIMEOUT_NONE, ALL_COMPLETED));
        AWAIT(&stage.task[3]);
        close_ends();
    }
    return co_done(co);
}

static struct server server;

static void connected(struct server *self, int fd)
{
    (void)self;
    at("connected");
    stream_adopt(&far, &stage.loop, fd);
    future_set_result(&stage.f, NULL);
}

static co_status waits_closed_body(struct coro *co)
{
    static struct server_wait_closed waiting_closed;

    ASYNC (co) {
        AWAIT(server_wait_closed(&waiting_closed, &server));
        at("wait_closed is through");
    }
    return co_done(co);
}

static void start_server(void)
{
    struct address address;

    future_init(&stage.f, &stage.loop);
    address_from_text(&address, "127.0.0.1", 0);
    server_start(&server, &stage.loop, &address, connected);
    to_port(ntohs(server.address.in4.sin_port));
}

ROW(b84, "B84 server: close stops accepting, wait_closed waits for those who live")
{
    static struct coro waits_closed;
    static struct stream another;

    ASYNC (co) {
        start_server();
        stream_init(&near, &stage.loop);
        AWAIT(open_connection(&opening, &near, &host));
        AWAIT(&stage.f);
        server_close(&server);
        stream_init(&another, &stage.loop);
        AWAIT_CATCH(stage.err, open_connection(&opening, &another, &host));
        at("another: %s", name_of(stage.err));
        start(0, co_init(&waits_closed, waits_closed_body));
        YIELD();
        YIELD();
        at("closed: %s", truth(future_done(stage.item[0].future)));
        server_detach(&server);
        close_ends();
        AWAIT(&stage.task[0]);
    }
    return co_done(co);
}

ROWS(&b78, &b81, &b82, &b84)
