/*
 * accept.c - checks of how a server accepts and closes connections: how many it accepts
 * in one pass, what happens when descriptors run out, what closing waits for. It uses
 * Unix sockets and virtual time: a connect to a Unix socket succeeds or fails at once.
 */
#include <sys/resource.h>

#include "http_server.h"
#include "stream_case.h"

enum { MANY = 120 };

static struct server server;
static struct address place;
static struct sock client[MANY], accepted[MANY];
static struct sock_connect connects;
static int count;   /* entries of accepted[] */
static int in_pass; /* how many of them in this pass */
static unsigned long pass;
static bool close_at_once;

static void end_pass(void)
{
    if (in_pass > 0)
        trace("%d@%.2f", in_pass, loop_time(&loop));
    in_pass = 0;
}

static void connected(struct server *self, int fd)
{
    if (loop.turns != pass)
        end_pass();
    pass = loop.turns;
    in_pass++;
    sock_adopt(&accepted[count++], &loop, fd);
    if (close_at_once)
        server_close(self);
}

static void reported(struct loop *self, const struct exception_context *context)
{
    EXPECT_STR(context->message, "socket.accept() out of system resource");
    EXPECT(self->handling);
    trace("%s@%.2f", context->error == EMFILE ? "EMFILE" : aio_strerror(context->error),
          loop_time(&loop));
}

/* Remove accepted[i]. */
static void end_connection(int i)
{
    sock_close(&accepted[i]);
    server_detach(&server);
}

static void start_server(void)
{
    char path[64];

    snprintf(path, sizeof path, "/tmp/accept-%ld", (long)getpid());
    EXPECT(address_from_path(&place, path));
    EXPECT_INT(server_start(&server, &loop, &place, connected), 0);
    loop.on_exception = reported;
    count = in_pass = 0;
    for (int i = 0; i < MANY; i++) {
        sock_init(&client[i], &loop);
        sock_init(&accepted[i], &loop);
    }
}

static void end_server(void)
{
    server_close(&server);
    unlink(place.un.sun_path);
    for (int i = 0; i < MANY; i++)
        sock_close(&client[i]);
    for (int i = 0; i < count; i++)
        if (accepted[i].fd >= 0)
            end_connection(i);
    EXPECT_INT(server.live, 0);
}

/* ---- accepting ---- */

CASE(burst)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        start_server();
        self->n = loop.turns;
        for (self->i = 0; self->i <= SERVER_BACKLOG; self->i++)
            AWAIT(sock_connect(&connects, &client[self->i], &place));
        EXPECT_INT(loop.turns - self->n, 0); /* the loop has not seen any of them */
        AWAIT_CATCH(err, sock_connect(&connects, &client[self->i], &place));
        EXPECT_INT(err, EAGAIN); /* the listen queue is full */
        AWAIT(async_sleep(&self->sleep, 1));
        end_pass();
        EXPECT_TRACE("100@0.00 1@1.00"); /* visible when the next pass begins */
        EXPECT_INT(server.live, 101);
        for (self->i = 0; self->i < 3; self->i++)
            AWAIT(sock_connect(&connects, &client[101 + self->i], &place));
        AWAIT(async_sleep(&self->sleep, 1));
        end_pass();
        EXPECT_TRACE("3@2.00");

    FINALLY:
        end_server();
    }
    return co_done(co);
}

/* ---- no free descriptor ---- */

static struct rlimit normal;

/* Allow `n` more descriptors. */
static void allow(int n)
{
    struct rlimit limit = normal;
    int fds[8], last = 0;

    for (int i = 0; i <= n; i++)
        last = fds[i] = dup(STDERR_FILENO);
    for (int i = 0; i <= n; i++)
        close(fds[i]);
    limit.rlim_cur = (rlim_t)last;
    EXPECT_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static void allow_all(void)
{
    EXPECT_INT(setrlimit(RLIMIT_NOFILE, &normal), 0);
}

CASE(out_of_descriptors)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        EXPECT_INT(getrlimit(RLIMIT_NOFILE, &normal), 0);
        start_server();
        for (self->i = 0; self->i < 3; self->i++)
            AWAIT(sock_connect(&connects, &client[self->i], &place));
        allow(1);
        AWAIT(async_sleep(&self->sleep, 0.5));
        EXPECT_INT(server.live, 1); /* the first connection works, and stays open */
        end_pass();
        EXPECT_TRACE("EMFILE@0.00 1@0.50");
        self->n = loop.turns;
        AWAIT(async_sleep(&self->sleep, 0.25));
        EXPECT_INT(loop.turns - self->n, 2); /* two are queued, and no task is woken */
        AWAIT(async_sleep(&self->sleep, 0.75));
        EXPECT_TRACE("EMFILE@1.00"); /* still no descriptor: the next pause */
        allow_all();
        AWAIT(async_sleep(&self->sleep, 0.25));
        EXPECT_INT(server.live, 1); /* until it is over */
        AWAIT(async_sleep(&self->sleep, 0.5));
        end_pass();
        EXPECT_TRACE("2@2.25");
        AWAIT(sock_connect(&connects, &client[3], &place));
        YIELD();
        YIELD();
        EXPECT_INT(server.live, 4); /* as before */

    FINALLY:
        allow_all();
        end_server();
    }
    return co_done(co);
}

/* The limit can be lower than a watched descriptor, as after a setrlimit(): poll()
 * refuses a table that is longer than the limit. */
CASE(below_what_is_watched)
{
    static struct sock high[2];
    static struct sock_recv recv;
    static char byte;
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        EXPECT_INT(getrlimit(RLIMIT_NOFILE, &normal), 0);
        start_server();
        EXPECT_INT(sock_pair(high, &loop), 0);
        EXPECT_INT(dup2(high[0].fd, 300), 300);
        close(high[0].fd);
        high[0].fd = 300;
        start(0, sock_recv(&recv, &high[0], &byte, 1));
        AWAIT(sock_connect(&connects, &client[0], &place));
        allow(0);
        AWAIT(async_sleep(&self->sleep, 0.5));
        EXPECT_TRACE("EMFILE@0.00");
        self->n = loop.turns;
        EXPECT_INT(sock_send(&high[1], "x", 1), 1);
        AWAIT(&self->task[0]); /* it is seen, and takes no time */
        EXPECT_INT(loop.turns - self->n, 3);
        EXPECT(byte == 'x' && loop_time(&loop) == 0.5);
        allow_all();
        AWAIT(async_sleep(&self->sleep, 0.75));
        end_pass();
        EXPECT_TRACE("1@1.25");

    FINALLY:
        allow_all();
        sock_close(&high[0]);
        sock_close(&high[1]);
        end_server();
    }
    return co_done(co);
}

CASE(closed_in_the_pause)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        EXPECT_INT(getrlimit(RLIMIT_NOFILE, &normal), 0);
        start_server();
        AWAIT(sock_connect(&connects, &client[0], &place));
        allow(0);
        AWAIT(async_sleep(&self->sleep, 0.5));
        EXPECT_TRACE("EMFILE@0.00");
        allow_all();
        server_close(&server);
        timer_heap_sweep(&loop.timers);
        EXPECT_INT(loop.timers.count, 0);
        AWAIT(async_sleep(&self->sleep, 1));
        EXPECT_TRACE("");

    FINALLY:
        allow_all();
        end_server();
    }
    return co_done(co);
}

/* ---- closing ---- */

static struct server_wait_closed waits[4];

static struct task *start_wait(int n)
{
    return start(n, server_wait_closed(&waits[n], &server));
}

static void on_wait_done(struct handle *h);
static struct handle done[4];

static void watch_wait(int n)
{
    start_wait(n);
    handle_init(&done[n]);
    future_add_done_callback(&stage.task[n].future, &done[n], on_wait_done);
}

static void on_wait_done(struct handle *h)
{
    trace("%d:%s", (int)(h - done), error_name(stage.task[h - done].future.error));
}

/* close() stops accepting; wait_closed() waits for the open connections, even when it is
 * called before close(). */
CASE(wait_closed)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        start_server();
        AWAIT(sock_connect(&connects, &client[0], &place));
        AWAIT(sock_connect(&connects, &client[1], &place));
        AWAIT(async_sleep(&self->sleep, 1));
        trace_reset();
        for (int i = 0; i < 4; i++)
            watch_wait(i);
        AWAIT(async_sleep(&self->sleep, 1));
        end_connection(1);
        AWAIT(async_sleep(&self->sleep, 1));
        EXPECT_TRACE(""); /* the server is open, with one connection */
        AWAIT(sock_connect(&connects, &client[2], &place));
        server_close(&server); /* before the third was accepted: it is dropped */
        server_close(&server);
        AWAIT_CATCH(err, sock_connect(&connects, &client[3], &place));
        EXPECT_INT(err, ECONNREFUSED);
        AWAIT(async_sleep(&self->sleep, 1));
        EXPECT_INT(count, 2);
        EXPECT_INT(sock_send(&client[0], "x", 1), 1); /* open connections go on */
        EXPECT_INT(sock_send(&client[2], "x", 1), -1);
        task_cancel(&self->task[2], NULL);
        AWAIT(async_sleep(&self->sleep, 1));
        EXPECT_TRACE("2:ECANCELED");
        EXPECT_INT(server.live, 1);
        end_connection(0);
        EXPECT_TRACE(""); /* the waiter wakes one pass later */
        AWAIT(async_sleep(&self->sleep, 1));
        EXPECT_TRACE("0:0 1:0 3:0");
        self->n = loop.turns;
        AWAIT(server_wait_closed(&waits[0], &server)); /* all closed: no pass */
        EXPECT_INT(loop.turns - self->n, 0);

    FINALLY:
        end_server();
    }
    return co_done(co);
}

CASE(closed_by_the_first)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start_server();
        for (self->i = 0; self->i < 3; self->i++)
            AWAIT(sock_connect(&connects, &client[self->i], &place));
        close_at_once = true;
        AWAIT(async_sleep(&self->sleep, 1));
        close_at_once = false;
        EXPECT_INT(count, 1);
        EXPECT_INT(server.live, 1);
        EXPECT_INT(server.listener.fd, -1);
        watch_wait(0);
        AWAIT(async_sleep(&self->sleep, 1));
        EXPECT(!future_done(&self->task[0].future));
        task_cancel(&self->task[0], NULL); /* at its await: it stops waiting */
        AWAIT(async_sleep(&self->sleep, 1));
        EXPECT(ring_empty(&server.closed_waiters.ring));

    FINALLY:
        end_server();
    }
    return co_done(co);
}

/* ---- the HTTP server: close_clients(), abort_clients() ---- */

enum { BIG = 4 * 1000 * 1000 };

static struct http_server http;
static char big[BIG];

/* "/big" is more than the socket buffers hold, "/slow" is answered after five seconds. */
static void answer(struct http_server *self, const struct http_request *request,
                   struct http_reply *reply)
{
    (void)self;
    reply->body = big;
    reply->size = request->path.at[1] == 'b' ? BIG : 5;
    reply->delay = request->path.at[1] == 's' ? 5 : 0;
}

static const char *const requests[] = {
    "GET /big HTTP/1.1\r\nHost: h\r\n\r\n",  /* sending until the client reads */
    "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n", /* answering */
    "GET /half",                             /* reading */
    "",                                      /* idle */
};
enum { FOUR = 4 };

static struct stream talking[FOUR];
static struct server_wait_closed http_closed;

static void talk_to_http(void)
{
    struct address address;
    struct sock pair[2];

    http = (struct http_server){ .answer = answer };
    address_from_text(&address, "127.0.0.1", 0);
    EXPECT_INT(http_server_start(&http, &loop, &address), 0);
    for (int i = 0; i < FOUR; i++) {
        EXPECT_INT(sock_pair(pair, &loop), 0);
        stream_adopt(&talking[i], &loop, pair[0].fd);
        http_server_adopt(&http, pair[1].fd);
        stream_write(&talking[i], requests[i], strlen(requests[i]));
    }
}

static void end_talk(void)
{
    for (int i = 0; i < FOUR; i++)
        stream_close(&talking[i]);
}

struct read_all { /* how many bytes arrive, and when the end of the stream does */
    struct coro co;
    struct stream *stream;
    struct stream_read read;
    size_t n;
};

static co_status read_all_body(struct coro *co)
{
    struct read_all *self = co_self(co, struct read_all);
    int err;

    ASYNC (co) {
        do {
            AWAIT_CATCH(err, stream_read(&self->read, self->stream, 65536));
            self->n += err == 0 ? self->read.n : 0;
        } while (err == 0 && self->read.n > 0);
    }
    return co_done(co);
}

static struct read_all all;

static struct coro *read_all(int i)
{
    all.stream = &talking[i];
    all.n = 0;
    return co_init(&all.co, read_all_body);
}

/* Each of the four clients: the bytes that it reads, and the end of its connection. */
CASE(close_clients)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        talk_to_http();
        AWAIT(async_sleep(&self->sleep, 1));
        EXPECT_INT(http.server.live, 4);
        http_server_close_clients(&http);
        AWAIT(async_sleep(&self->sleep, 1));
        EXPECT_INT(http.server.live, 1); /* the one that is sending */
        for (self->i = 0; self->i < FOUR; self->i++) {
            AWAIT(read_all(self->i));
            trace(all.n > BIG ? "all@%.0f"
                  : all.n > 0 ? "some@%.0f"
                              : "-@%.0f",
                  loop_time(&loop));
        }
        EXPECT_TRACE("all@2 -@2 -@2 -@2");
        EXPECT(http.server.listener.fd >= 0); /* it goes on accepting */
        http_server_close(&http);
        AWAIT(http_server_wait_closed(&http_closed, &http));
        EXPECT(loop_time(&loop) < 2.1);
        end_talk();
    }
    return co_done(co);
}

CASE(abort_clients)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        talk_to_http();
        AWAIT(async_sleep(&self->sleep, 1));
        http_server_close(&http); /* no new connection, and the idle one is closed */
        YIELD();
        YIELD();
        YIELD();
        EXPECT_INT(http.server.live, 3);
        http_server_abort_clients(&http);
        http_server_abort_clients(&http);
        AWAIT(http_server_wait_closed(&http_closed, &http));
        EXPECT(loop_time(&loop) < 1.1);
        for (self->i = 0; self->i < FOUR; self->i++) {
            AWAIT(read_all(self->i));
            trace(all.n > BIG ? "all" : all.n > 0 ? "some" : "-");
        }
        EXPECT_TRACE("some - - -");
        end_talk();
    }
    return co_done(co);
}

/* An answer that is under way when the server closes is the last one on its connection,
 * although its head says keep-alive. */
CASE(closed_while_sending)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        talk_to_http();
        AWAIT(async_sleep(&self->sleep, 1));
        http_server_close(&http);
        AWAIT(read_all(0));
        EXPECT(all.n > BIG);
        EXPECT(loop_time(&loop) < 1.1);
        AWAIT(read_all(1)); /* the slow request is answered too */
        EXPECT(all.n > 0);
        EXPECT(loop_time(&loop) >= 5 && loop_time(&loop) < 5.1);
        AWAIT(http_server_wait_closed(&http_closed, &http));
        end_talk();
    }
    return co_done(co);
}

CHECK_MAIN({ "up to the backlog in one go", burst },
           { "no descriptor is left: a pause of a second", out_of_descriptors },
           { "a limit below what is watched", below_what_is_watched },
           { "closed in the pause", closed_in_the_pause },
           { "wait_closed waits for those that live", wait_closed },
           { "closed by the first to come", closed_by_the_first },
           { "close_clients lets an answer end", close_clients },
           { "abort_clients waits for nothing", abort_clients },
           { "closed while sending", closed_while_sending })
