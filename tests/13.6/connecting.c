/*
 * connecting.c - checks of name lookup and of connecting: hosts that need no resolver,
 * several addresses, refusal, silence, a cancel in each pass. No packet leaves the
 * machine.
 */
#include "stream_case.h"

/* ---- names ---- */

static int lookups;

static int fail_lookup(struct host_addresses *a)
{
    (void)a;
    lookups++;
    return AIO_NAME;
}

static void to_host(const char *host, unsigned port)
{
    memset(&stage.host, 0, sizeof stage.host);
    strcpy(stage.host.host, host);
    stage.host.port = port;
}

static struct async_resolve resolve;

CASE(numeric)
{
    static const char *const hosts[] = { "127.0.0.1", "::1", "0.0.0.0", "fe80::1" };
    struct stage *self = co_self(co, struct stage);
    char text[ADDRESS_TEXT_MAX];

    ASYNC (co) {
        names_lookup = fail_lookup;
        lookups = 0;
        for (self->i = 0; self->i < 4; self->i++) {
            to_host(hosts[self->i], 80);
            self->n = loop.turns;
            AWAIT(async_resolve(&resolve, &self->host));
            EXPECT_INT(loop.turns - self->n, 0);
            EXPECT_INT(self->host.count, 1);
            trace("%s", address_text(&self->host.address[0], text));
        }
        EXPECT_TRACE("127.0.0.1:80 [::1]:80 0.0.0.0:80 [fe80::1]:80");
        EXPECT_INT(lookups, 0);
    }
    return co_done(co);
}

CASE(no_such_name)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        names_lookup = fail_lookup;
        lookups = 0;
        to_host("nobody", 80);
        stream_close(&self->near);
        AWAIT_CATCH(err, open_connection(&self->open, &self->near, &self->host));
        EXPECT_INT(err, AIO_NAME);
        EXPECT_INT(lookups, 1);
        EXPECT_INT(self->near.sock.fd, -1);
    }
    return co_done(co);
}

/* ---- listeners ---- */

static struct sock listener;
static struct address address; /* of the listener */

static void listen_here(int backlog)
{
    EXPECT(address_from_text(&address, "127.0.0.1", 0));
    EXPECT_INT(sock_listen(&listener, &loop, &address, backlog), 0);
}

static unsigned listener_port(void)
{
    return ntohs(address.in4.sin_port);
}

/* An address without a listener: its listener has been closed. */
static struct address dead_address(void)
{
    struct address dead;

    EXPECT(address_from_text(&dead, "127.0.0.1", 0));
    EXPECT_INT(sock_listen(&listener, &loop, &dead, 1), 0);
    sock_close(&listener);
    return dead;
}

static struct address dead;

/* The name has two addresses; nothing listens at the first one. */
static int two_addresses(struct host_addresses *a)
{
    lookups++;
    a->count = 2;
    a->address[0] = dead;
    a->address[1] = address;
    return 0;
}

CASE(second_address)
{
    struct stage *self = co_self(co, struct stage);
    char text[ADDRESS_TEXT_MAX], want[ADDRESS_TEXT_MAX];

    ASYNC (co) {
        names_lookup = two_addresses;
        lookups = 0;
        dead = dead_address();
        listen_here(1);
        to_host("two", listener_port());
        stream_close(&self->near);
        self->n = loop.tasks_made;
        AWAIT(open_connection(&self->open, &self->near, &self->host));
        EXPECT_INT(loop.tasks_made - self->n, 0); /* one family: no race, no task */
        EXPECT_INT(lookups, 1);
        EXPECT_INT(self->open.i, 1);
        EXPECT_STR(address_text(&self->host.address[1], text),
                   address_text(&address, want));
        stream_close(&self->near);
        AWAIT(open_connection(&self->open, &self->near, &self->host));
        EXPECT_INT(lookups, 1); /* they are cached now */

    FINALLY:
        sock_close(&listener);
    }
    return co_done(co);
}

CASE(all_refuse)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        names_lookup = two_addresses;
        dead = dead_address();
        address = dead_address();
        to_host("two", 80);
        stream_close(&self->near);
        AWAIT_CATCH(err, open_connection(&self->open, &self->near, &self->host));
        EXPECT_INT(err, ECONNREFUSED);
        EXPECT_INT(self->near.sock.fd, -1);
    }
    return co_done(co);
}

/* ---- silence ---- */

static char request[64];

struct ask { /* connect to the listener and send a request */
    struct coro co;
};

static co_status ask_body(struct coro *co)
{
    ASYNC (co) {
        AWAIT(open_connection(&stage.open, &stage.near, &stage.host));
        AWAIT(
            http_request(&stage.exchange, &stage.near, "GET", request, strlen(request)));

    FINALLY:
        stream_close(&stage.near);
    }
    return co_done(co);
}

/* The system completes the connection, but the listener never sends a byte. */
CASE(mute)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        strcpy(request, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        listen_here(1);
        to_host("127.0.0.1", listener_port());
        stream_close(&self->near);
        AWAIT_CATCH(err,
                    async_timeout(&self->limit, 5, co_init(&self->any[0], ask_body)));
        EXPECT_INT(err, ETIMEDOUT);
        EXPECT(loop_time(&loop) >= 5 && loop_time(&loop) < 5.01);
        EXPECT_INT(self->near.sock.fd, -1);

    FINALLY:
        sock_close(&listener);
    }
    return co_done(co);
}

/* Connect until the listen queue is full and a connect stays pending. */
enum { CROWD = 16 };

static struct sock crowd[CROWD];
static struct sock_connect connects[CROWD];
static struct task connecting[CROWD];

CASE(cancelled_connect)
{
    struct stage *self = co_self(co, struct stage);
    int err, pending = 0;

    ASYNC (co) {
        listen_here(0);
        for (int i = 0; i < CROWD; i++) {
            sock_init(&crowd[i], &loop);
            loop_create_task(&loop, &connecting[i],
                             sock_connect(&connects[i], &crowd[i], &address));
        }
        AWAIT(async_sleep(&self->sleep, 0.1));
        for (self->i = 0; self->i < CROWD; self->i++) {
            if (!connecting[self->i].future.done) {
                EXPECT(crowd[self->i].fd >= 0 && crowd[self->i].writer != NULL);
                task_cancel(&connecting[self->i], NULL);
            }
            AWAIT_CATCH_ALL(err, &connecting[self->i]);
            EXPECT(err == 0 || err == ECANCELED);
            EXPECT((crowd[self->i].fd >= 0) == (err == 0));
            EXPECT(crowd[self->i].writer == NULL);
        }
        for (int i = 0; i < CROWD; i++) {
            pending += crowd[i].fd < 0;
            sock_close(&crowd[i]);
        }
        EXPECT(pending > 0);

    FINALLY:
        sock_close(&listener);
    }
    return co_done(co);
}

/* From the lookup to the silence: cancelled in each pass, no descriptor stays open. */
CASE(cancelled_anywhere)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        names_lookup = two_addresses;
        dead = dead_address();
        listen_here(100);
        stream_close(&self->near);
        for (self->i = 0; self->i < 12; self->i++) {
            to_host("two", 80);
            stream_init(&self->near, &loop);
            start(0, co_init(&self->any[0], ask_body));
            for (self->k = self->i; self->k > 0; self->k--)
                YIELD();
            task_cancel(&self->task[0], NULL);
            AWAIT_CATCH_ALL(err, &self->task[0]);
            EXPECT_INT(err, ECANCELED);
            EXPECT_INT(self->near.sock.fd, -1);
        }

    FINALLY:
        sock_close(&listener);
    }
    return co_done(co);
}

/* The same without a thread, so that the number of passes is always the same. */
CASE(cancelled_connections)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        listen_here(100);
        stream_close(&self->near);
        self->n = (size_t)count_open();
        for (self->i = 0; self->i < 8; self->i++) {
            to_host("127.0.0.1", listener_port());
            stream_init(&self->near, &loop);
            start(0, co_init(&self->any[0], ask_body));
            for (self->k = self->i; self->k > 0; self->k--)
                YIELD();
            task_cancel(&self->task[0], NULL);
            AWAIT_CATCH_ALL(err, &self->task[0]);
            EXPECT_INT(err, ECANCELED);
            EXPECT_INT(count_open(), (int)self->n);
        }

    FINALLY:
        sock_close(&listener);
    }
    return co_done(co);
}

CASE(addresses)
{
    struct stage *self = co_self(co, struct stage);
    struct address a;
    char text[ADDRESS_TEXT_MAX], longest[200];

    ASYNC (co) {
        (void)self;
        EXPECT(!address_from_text(&a, "localhost", 80));
        EXPECT(!address_from_text(&a, "1.2.3", 80));
        EXPECT(!address_from_text(&a, "", 80));
        EXPECT(address_from_path(&a, "/tmp/x"));
        EXPECT_STR(address_text(&a, text), "/tmp/x");
        EXPECT(!address_from_path(&a, ""));
        memset(longest, 'a', sizeof longest);
        longest[sizeof a.un.sun_path] = '\0';
        EXPECT(!address_from_path(&a, longest));
        longest[sizeof a.un.sun_path - 1] = '\0';
        EXPECT(address_from_path(&a, longest));
        EXPECT_STR(address_text(&a, text), longest);
    }
    return co_done(co);
}

CHECK_MAIN({ "a numeric host needs no resolver and no pass", numeric },
           { "a name that nobody has", no_such_name },
           { "the first address refuses, the second answers", second_address },
           { "all addresses refuse", all_refuse },
           { "a server that says nothing, and a time limit", mute },
           { "a cancelled connect closes its socket", cancelled_connect },
           { "look up, connect, ask: cancelled in any pass", cancelled_anywhere },
           { "connect, ask: cancelled in each pass", cancelled_connections },
           { "addresses as text", addresses })
