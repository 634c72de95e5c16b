/*
 * crowd.c - rows of behaviour and features with many clients that connect at once.
 * `select` has no room for a thousand of them.
 */
#include <sys/resource.h>
#include <unistd.h>

#include "connect.h"
#include "server.h"
#include "virtual_run.h"

/* ---- no free descriptor for new connections ---- */

static struct server server;
static int accepted[2048], accepted_count;

static void accept_one(struct server *self, int fd)
{
    (void)self;
    accepted[accepted_count++] = fd;
}

static void start_server(void)
{
    struct address address;

    accepted_count = 0;
    EXPECT(address_from_text(&address, "127.0.0.1", 0));
    EXPECT_INT(server_start(&server, &loop, &address, accept_one), 0);
}

static void end_server(void)
{
    server_close(&server);
    while (accepted_count > 0) {
        close(accepted[--accepted_count]);
        server_detach(&server);
    }
}

static rlim_t limit_descriptors(rlim_t count) /* the limit before */
{
    struct rlimit limit;
    rlim_t before;

    EXPECT_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
    before = limit.rlim_cur;
    limit.rlim_cur = count < limit.rlim_max ? count : limit.rlim_max;
    EXPECT_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
    return before;
}

static int free_descriptor(void) /* the lowest free descriptor */
{
    int fd = dup(STDOUT_FILENO);

    close(fd);
    return fd;
}

static void note_report(struct loop *l, const struct exception_context *context)
{
    trace("told:%d@%.1f", context->error == EMFILE, loop_time(l));
}

static co_status full_body(struct coro *co)
{
    static rlim_t before;
    static int client;

    ASYNC (co) {
        loop.on_exception = note_report;
        start_server();
        client = socket(AF_INET, SOCK_STREAM, 0);
        EXPECT_INT(connect(client, &server.address.any, address_size(&server.address)),
                   0);
        before = limit_descriptors((rlim_t)free_descriptor());
        SLEEP(.5);
        EXPECT_INT(accepted_count, 0);
        EXPECT_INT(loop.watched, 0); /* it stops listening for now */
        limit_descriptors(before);
        SLEEP(.4);
        EXPECT_INT(accepted_count, 0);
        SLEEP(.2);
        EXPECT_INT(accepted_count, 1);
        EXPECT_TRACE("told:1@0.0");
        close(client);
        end_server();
    }
    return co_done(co);
}

static void full(void)
{
    run(full_body);
}

/* ---- a thousand connections ---- */

enum { CLIENTS = 1000 };

struct client {
    struct coro co;
    struct task task;
    struct sock sock;
    struct sock_connect connect;
    struct sock_recv recv;
    char byte;
};

static struct client clients[CLIENTS];
static struct awaited items[CLIENTS];
static struct gather gather;

static co_status client_body(struct coro *co)
{
    struct client *self = co_self(co, struct client);

    ASYNC (co) {
        sock_init(&self->sock, &loop);
        AWAIT(sock_connect(&self->connect, &self->sock, &server.address));
        AWAIT(sock_recv(&self->recv, &self->sock, &self->byte, 1));
        EXPECT_INT(self->byte, 'x');

    FINALLY:
        sock_close(&self->sock);
    }
    return co_done(co);
}

/* No client is served before all have connected. */
static void accept_all(struct server *self, int fd)
{
    accept_one(self, fd);
    if (accepted_count == CLIENTS)
        for (int i = 0; i < CLIENTS; i++)
            EXPECT_INT(write(accepted[i], "x", 1), 1);
}

/* The listen queue holds SERVER_BACKLOG connections: clients connect by fifties. */
static void start_fifty(int first)
{
    for (int i = first; i < first + 50; i++)
        items[i].future =
            async_ensure_future(&clients[i].task, co_init(&clients[i].co, client_body));
}

static co_status thousand_body(struct coro *co)
{
    static rlim_t before;
    static int started;

    ASYNC (co) {
        before = limit_descriptors(2 * CLIENTS + 100);
        start_server();
        server.connected = accept_all;
        for (started = 0; started < CLIENTS; started += 50) {
            start_fifty(started);
            while (accepted_count < started + 50)
                YIELD();
        }
        AWAIT(async_gather(&gather, items, CLIENTS, 0));
        EXPECT_INT(accepted_count, CLIENTS);
        end_server();
        limit_descriptors(before);
    }
    return co_done(co);
}

static void thousand(void)
{
    run(thousand_body);
}

CHECK_MAIN({ "no descriptor left: accepting pauses for a second", full },
           { "a thousand connections in one thread", thousand })
