/*
 * main.c - section 13.6: streams, an HTTP client, and servers, on one thread.
 *
 * Usage: build/13.6/main
 * Adds to 13.5: real connections. They are Unix sockets in a temporary folder, and socket
 * pairs. There a byte can be received as soon as it is sent, so virtual time is exact.
 * Next: 13.7-future-task/main.c, which gathers several pages.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "connect.h"
#include "runner.h"
#include "server.h"
#include "sleep.h"

static struct loop *loop;
static double start;               /* loop time at which the part began */
static char folder[64];            /* contains the sockets */
static char path[96];              /* path of the current socket */
static struct host_addresses here; /* its address, which needs no lookup */

static double now(void)
{
    return loop_time(loop) - start;
}

static void begin(const char *title)
{
    printf("-- %s\n", title);
    start = loop_time(loop);
}

/* Prints the time, `who`, and `n` bytes of text with visible line ends. */
static void say(const char *who, const char *text, size_t n)
{
    printf("t=%.2f  %-14s \"", now(), who);
    for (size_t i = 0; i < n; i++)
        if (text[i] == '\r' || text[i] == '\n')
            printf(text[i] == '\r' ? "\\r" : "\\n");
        else
            putchar(text[i]);
    puts("\"");
}

/* Ends the program when `err` is an error. */
static void must(int err, const char *what)
{
    if (err == 0)
        return;
    fprintf(stderr, "13.6: %s: %s\n", what, aio_strerror(err));
    exit(1);
}

/* Creates the folder in TMPDIR, or in /tmp when TMPDIR is too long for the path of a
 * socket. */
static void make_folder(void)
{
    const char *tmp = getenv("TMPDIR");

    snprintf(folder, sizeof folder, "%s/13.6-XXXXXX",
             tmp != NULL && strlen(tmp) < 48 ? tmp : "/tmp");
    must(mkdtemp(folder) != NULL ? 0 : errno, folder);
}

static void remove_folder(void)
{
    unlink(path);
    rmdir(folder);
}

static const char *yes(bool it)
{
    return it ? "yes" : "no";
}

/* Makes `name` in the folder the current socket. */
static void use_socket(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    address_from_path(&here.address[0], path);
    here.count = 1;
}

/* ---- a server that waits for five clients ---- */

enum { PEERS = 5, LETTERS = 4, COLUMNS = PEERS * LETTERS };

static struct five {
    struct coro co;
    struct server server;
    struct stream stream[PEERS];
    struct task task;
    struct async_sleep sleep;
    int connected, i;
} five;

/* Sends one byte at a time, to each client in turn. */
static co_status five_body(struct coro *co)
{
    static const char *const words[PEERS] = { "loop", "task", "byte", "read", "wait" };
    struct five *self = co_self(co, struct five);

    ASYNC (co) {
        for (self->i = 0; self->i < COLUMNS; self->i++) {
            AWAIT(async_sleep(&self->sleep, 0.01));
            stream_write(&self->stream[self->i % PEERS],
                         &words[self->i % PEERS][self->i / PEERS], 1);
        }

    FINALLY:
        for (int i = 0; i < PEERS; i++) {
            stream_close(&self->stream[i]);
            server_detach(&self->server);
        }
    }
    return co_done(co);
}

static void on_connected(struct server *server, int fd)
{
    struct five *self = container_of(server, struct five, server);

    stream_adopt(&self->stream[self->connected++], loop, fd);
    printf("t=%.2f  %d connected\n", now(), self->connected);
    if (self->connected == PEERS)
        loop_create_task(loop, &self->task, co_init(&self->co, five_body));
}

struct listener { /* async def listener() */
    struct coro co;
    struct stream stream;
    struct open_connection open;
    struct stream_read read;
    char row[COLUMNS + 1], word[LETTERS + 1];
    size_t n; /* letters in `word` */
    int reads;
};

/* Records the bytes of a read, and the hundredth of a second in which they arrived. */
static void record(struct listener *self)
{
    int column = (int)(now() * 100 + 0.5) - 1;

    for (size_t i = 0; i < self->read.n && self->n < LETTERS; i++)
        self->word[self->n++] = self->read.data[i];
    self->word[self->n] = '\0';
    self->row[column < COLUMNS ? column : COLUMNS - 1] = self->read.data[0];
}

static co_status listener_body(struct coro *co)
{
    struct listener *self = co_self(co, struct listener);

    ASYNC (co) {
        memset(self->row, '.', COLUMNS);
        self->row[COLUMNS] = '\0';
        self->n = 0;
        AWAIT(open_connection(&self->open, &self->stream, &here));
        for (self->reads = 0;; self->reads++) {
            AWAIT(stream_read(&self->read, &self->stream, 100));
            if (self->read.n == 0)
                break;
            record(self);
        }

    FINALLY:
        stream_close(&self->stream);
    }
    return co_done(co);
}

struct crowd { /* async def crowd() */
    struct coro co;
    struct listener listener[PEERS];
    struct task task[PEERS];
    struct server_wait_closed closed;
    int i;
};

static co_status crowd_body(struct coro *co)
{
    struct crowd *self = co_self(co, struct crowd);

    ASYNC (co) {
        begin("nobody is served before five are connected");
        use_socket("five");
        must(server_start(&five.server, loop, &here.address[0], on_connected), "listen");
        for (self->i = 0; self->i < PEERS; self->i++) {
            stream_init(&self->listener[self->i].stream, loop);
            loop_create_task(loop, &self->task[self->i],
                             co_init(&self->listener[self->i].co, listener_body));
        }
        for (self->i = 0; self->i < PEERS; self->i++) {
            AWAIT(&self->task[self->i]);
            printf("client %d |%s| \"%s\" in %d reads\n", self->i,
                   self->listener[self->i].row, self->listener[self->i].word,
                   self->listener[self->i].reads);
        }
        server_close(&five.server);
        AWAIT(server_wait_closed(&self->closed, &five.server));
        unlink(path);
    }
    return co_done(co);
}

/* ---- a peer whose pieces do not match the reads ---- */

struct peer { /* async def peer(stream, pieces) */
    struct coro co;
    struct stream near, far;  /* the reader's end, the peer's end */
    const char *const *piece; /* the pieces to send, then NULL */
    struct task task;
    struct async_sleep sleep;
};

static co_status peer_body(struct coro *co)
{
    struct peer *self = co_self(co, struct peer);

    ASYNC (co) {
        for (; *self->piece != NULL; self->piece++) {
            AWAIT(async_sleep(&self->sleep, 0.01));
            say("peer sends", *self->piece, strlen(*self->piece));
            stream_write(&self->far, *self->piece, strlen(*self->piece));
        }
        AWAIT(async_sleep(&self->sleep, 0.01));
        printf("t=%.2f  peer closes\n", now());

    FINALLY:
        stream_close(&self->far);
    }
    return co_done(co);
}

/* Opens the two ends of a connection. */
static void connect_both(struct stream *near, struct stream *far)
{
    struct sock pair[2];

    must(sock_pair(pair, loop), "socketpair");
    stream_adopt(near, loop, pair[0].fd);
    stream_adopt(far, loop, pair[1].fd);
}

static void peer_start(struct peer *self, const char *const *pieces)
{
    connect_both(&self->near, &self->far);
    self->piece = pieces;
    loop_create_task(loop, &self->task, co_init(&self->co, peer_body));
}

struct cuts { /* async def cuts() */
    struct coro co;
    struct peer peer;
    struct stream_read read;
    int err;
};

static co_status cuts_body(struct coro *co)
{
    static const char *const pieces[] = { "first li",  "ne\r", "\nsecond\r\nthird\r",
                                          "\n\r\n123", "4",    "5the",
                                          " end",      NULL };
    struct cuts *self = co_self(co, struct cuts);
    struct stream *stream = &self->peer.near;

    ASYNC (co) {
        begin("say what you wait for");
        peer_start(&self->peer, pieces);
        AWAIT(stream_readline(&self->read, stream));
        say("readline", self->read.data, self->read.n);
        AWAIT(stream_readuntil(&self->read, stream, "\r\n\r\n"));
        say("readuntil", self->read.data, self->read.n);
        AWAIT(stream_readexactly(&self->read, stream, 5));
        say("readexactly 5", self->read.data, self->read.n);
        AWAIT(stream_read(&self->read, stream, 100));
        say("read 100", self->read.data, self->read.n);
        AWAIT_CATCH(self->err, stream_readexactly(&self->read, stream, 10));
        say(self->err == AIO_INCOMPLETE_READ ? "incomplete" : "error", self->read.data,
            self->read.n);
        AWAIT(&self->peer.task);
        stream_close(stream);
    }
    return co_done(co);
}

/* ---- a response, parsed while its bytes arrive ---- */

struct parse { /* async def parse() */
    struct coro co;
    struct peer peer;
    struct http_exchange exchange;
    struct http_read read;
};

static co_status parse_body(struct coro *co)
{
    static const char *const pieces[] = { "HTTP/1.1 200 OK\r\nTransfer-Enc",
                                          "oding: chunked\r\n\r",
                                          "\n6\r\nbyt",
                                          "es \r\ne\r\nwhen",
                                          " they like\r\n0\r\n\r",
                                          "\n",
                                          NULL };
    struct parse *self = co_self(co, struct parse);

    ASYNC (co) {
        begin("a response, parsed as it arrives");
        peer_start(&self->peer, pieces);
        AWAIT(http_request(&self->exchange, &self->peer.near, "GET", "", 0));
        printf("t=%.2f  head           status %d\n", now(), self->exchange.head.status);
        do {
            AWAIT(http_read(&self->read, &self->exchange));
            if (self->read.data.n > 0)
                say("body", self->read.data.at, self->read.data.n);
        } while (!self->read.last);
        printf("t=%.2f  the body is complete, the connection still open\n", now());
        AWAIT(&self->peer.task);
        stream_close(&self->peer.near);
    }
    return co_done(co);
}

/* ---- back-pressure: a slow reader slows its writer ---- */

struct reader { /* async def reader(stream) */
    struct coro co;
    struct stream stream;
    struct async_sleep sleep;
    struct stream_read read;
    size_t total;
};

static co_status reader_body(struct coro *co)
{
    struct reader *self = co_self(co, struct reader);

    ASYNC (co) {
        AWAIT(async_sleep(&self->sleep, 0.5));
        printf("t=%.2f  the reader begins\n", now());
        self->total = 0;
        do {
            AWAIT(stream_read(&self->read, &self->stream, STREAM_LIMIT));
            self->total += self->read.n;
        } while (self->read.n > 0);
        printf("t=%.2f  the reader has %zu bytes\n", now(), self->total);

    FINALLY:
        stream_close(&self->stream);
    }
    return co_done(co);
}

struct pressure { /* async def pressure() */
    struct coro co;
    struct stream stream;
    struct stream_drain drain;
    struct reader reader;
    struct task task;
};

static co_status pressure_body(struct coro *co)
{
    static const char bulk[4 * 1024 * 1024];
    struct pressure *self = co_self(co, struct pressure);

    ASYNC (co) {
        begin("a slow reader slows its writer");
        connect_both(&self->stream, &self->reader.stream);
        loop_create_task(loop, &self->task, co_init(&self->reader.co, reader_body));
        stream_write(&self->stream, bulk, 1000);
        AWAIT(stream_drain(&self->drain, &self->stream));
        printf("t=%.2f  1000 bytes written and drained\n", now());
        stream_write(&self->stream, bulk, sizeof bulk);
        printf("t=%.2f  4 MiB written, above the high mark: %s\n", now(),
               yes(stream_unsent(&self->stream) > STREAM_HIGH_MARK));
        AWAIT(stream_drain(&self->drain, &self->stream));
        printf("t=%.2f  drained, at the low mark: %s\n", now(),
               yes(stream_unsent(&self->stream) <= STREAM_LOW_MARK));
        AWAIT(stream_flush(&self->drain, &self->stream));
        stream_close(&self->stream);
        AWAIT(&self->task);
    }
    return co_done(co);
}

/* ---- five real pages, a step towards the crawler ---- */

struct answer { /* async def answer(reader, writer), in the server */
    struct coro co;
    struct stream stream;
    struct task task;
    struct stream_read head;
    struct async_sleep sleep;
};

static struct pages_server {
    struct server server;
    struct answer answer[2 * PEERS];
    int count;
} pages_server;

static co_status answer_body(struct coro *co)
{
    struct answer *self = co_self(co, struct answer);
    char text[128];
    int n;

    ASYNC (co) {
        AWAIT(stream_readuntil(&self->head, &self->stream, "\r\n\r\n"));
        AWAIT(async_sleep(&self->sleep, 0.05));
        n = snprintf(text, sizeof text,
                     "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npage %c",
                     self->head.data[5]); /* the digit in "GET /3 HTTP/1.1" */
        stream_write(&self->stream, text, (size_t)n);

    FINALLY:
        stream_close(&self->stream);
        server_detach(&pages_server.server);
    }
    return co_done(co);
}

static void on_client(struct server *server, int fd)
{
    struct answer *answer = &pages_server.answer[pages_server.count++];

    (void)server;
    stream_adopt(&answer->stream, loop, fd);
    loop_create_task(loop, &answer->task, co_init(&answer->co, answer_body));
}

struct page { /* async def page(n) */
    struct coro co;
    struct url url;
    struct stream stream;
    struct open_connection open;
    char request[256];
    size_t request_n;
    struct http_exchange exchange;
    struct http_read read;
    char body[16];
    size_t body_n;
    double began, ended;
};

static co_status page_body(struct coro *co)
{
    struct page *self = co_self(co, struct page);

    ASYNC (co) {
        self->began = now();
        self->body_n = 0;
        self->request_n = http_request_head(self->request, sizeof self->request, "GET",
                                            &self->url, "workbook", "");
        AWAIT(open_connection(&self->open, &self->stream, &here));
        AWAIT(http_request(&self->exchange, &self->stream, "GET", self->request,
                           self->request_n));
        do {
            AWAIT(http_read(&self->read, &self->exchange));
            for (size_t i = 0; i < self->read.data.n && self->body_n < 16; i++)
                self->body[self->body_n++] = self->read.data.at[i];
        } while (!self->read.last);
        self->ended = now();

    FINALLY:
        stream_close(&self->stream);
    }
    return co_done(co);
}

static struct coro *page(struct page *self, int n)
{
    char text[32];

    snprintf(text, sizeof text, "http://workbook/%d", n);
    url_parse(&self->url, text, strlen(text), NULL);
    stream_init(&self->stream, loop);
    return co_init(&self->co, page_body);
}

static void show(const struct page *page)
{
    int from = (int)(page->began * 100 + 0.5), to = (int)(page->ended * 100 + 0.5);

    printf("%d %.*s |%*s%.*s\n", page->exchange.head.status, (int)page->body_n,
           page->body, from, "", to - from, "==========");
}

struct pages { /* async def pages() */
    struct coro co;
    struct page page[PEERS];
    struct task task[PEERS];
    struct server_wait_closed closed;
    int i;
};

static co_status pages_body(struct coro *co)
{
    struct pages *self = co_self(co, struct pages);

    ASYNC (co) {
        begin("five pages, each takes the server 0.05 s");
        use_socket("pages");
        must(server_start(&pages_server.server, loop, &here.address[0], on_client),
             "listen");
        for (self->i = 0; self->i < PEERS; self->i++) {
            AWAIT(page(&self->page[self->i], self->i));
            show(&self->page[self->i]);
        }
        printf("in turn: %.2f\n", now());

        start = loop_time(loop);
        for (self->i = 0; self->i < PEERS; self->i++)
            loop_create_task(loop, &self->task[self->i],
                             page(&self->page[self->i], self->i));
        for (self->i = 0; self->i < PEERS; self->i++) {
            AWAIT(&self->task[self->i]);
            show(&self->page[self->i]);
        }
        printf("together: %.2f\n", now());
        server_close(&pages_server.server);
        AWAIT(server_wait_closed(&self->closed, &pages_server.server));
        unlink(path);
    }
    return co_done(co);
}

/* ---- the time of each phase of a fetch ---- */

static struct slow { /* a slow server, for one client */
    struct coro co;
    struct server server;
    struct stream stream;
    struct task task;
    struct stream_read request;
    struct async_sleep sleep;
} slow;

static co_status slow_body(struct coro *co)
{
    struct slow *self = co_self(co, struct slow);

    ASYNC (co) {
        AWAIT(stream_readuntil(&self->request, &self->stream, "\r\n\r\n"));
        AWAIT(async_sleep(&self->sleep, 0.05));
        stream_write(&self->stream, "HTTP/1.1 200 OK\r\nContent-", 25);
        AWAIT(async_sleep(&self->sleep, 0.02));
        stream_write(&self->stream, "Length: 12\r\n\r\nhello ", 20);
        AWAIT(async_sleep(&self->sleep, 0.03));
        stream_write(&self->stream, "phases", 6);

    FINALLY:
        stream_close(&self->stream);
        server_detach(&self->server);
    }
    return co_done(co);
}

static void on_slow_client(struct server *server, int fd)
{
    (void)server;
    stream_adopt(&slow.stream, loop, fd);
    loop_create_task(loop, &slow.task, co_init(&slow.co, slow_body));
}

/* Replaces the system's resolver. It runs in a thread, like every lookup. */
static int look_up_here(struct host_addresses *addresses)
{
    addresses->address[addresses->count++] = here.address[0];
    return 0;
}

struct phases { /* async def phases() */
    struct coro co;
    struct host_addresses host;
    struct async_resolve resolve;
    struct stream stream;
    struct open_connection open;
    struct http_exchange exchange;
    struct http_read read;
    struct server_wait_closed closed;
    double named, connected, headed; /* the end of each phase */
    int bytes;
};

static void show_phases(const struct phases *self)
{
    double first = self->exchange.answered - start;

    printf("name     %.2f\n", self->named);
    printf("connect  %.2f\n", self->connected - self->named);
    printf("wait     %.2f\n", first - self->connected);
    printf("head     %.2f  status %d\n", self->headed - first,
           self->exchange.head.status);
    printf("body     %.2f  %d bytes\n", now() - self->headed, self->bytes);
}

static co_status phases_body(struct coro *co)
{
    static const char get[] = "GET / HTTP/1.1\r\nHost: workbook\r\n\r\n";
    struct phases *self = co_self(co, struct phases);

    ASYNC (co) {
        begin("where the time of a fetch goes");
        use_socket("slow");
        must(server_start(&slow.server, loop, &here.address[0], on_slow_client),
             "listen");
        names_lookup = look_up_here;
        self->host = (struct host_addresses){ .host = "workbook" };
        AWAIT(async_resolve(&self->resolve, &self->host));
        self->named = now();
        AWAIT(open_connection(&self->open, &self->stream, &self->host));
        self->connected = now();
        AWAIT(http_request(&self->exchange, &self->stream, "GET", get, strlen(get)));
        self->headed = now();
        self->bytes = 0;
        do {
            AWAIT(http_read(&self->read, &self->exchange));
            self->bytes += (int)self->read.data.n;
        } while (!self->read.last);
        show_phases(self);
        stream_close(&self->stream);
        server_close(&slow.server);
        AWAIT(server_wait_closed(&self->closed, &slow.server));
        unlink(path);
    }
    return co_done(co);
}

/* ---- a socket that nobody listens on ---- */

struct refused { /* async def refused() */
    struct coro co;
    struct sock listener;
    struct stream stream;
    struct open_connection open;
    int err;
};

/* Connects to a socket file whose listener is closed. */
static co_status refused_body(struct coro *co)
{
    struct refused *self = co_self(co, struct refused);

    ASYNC (co) {
        begin("nobody listens");
        use_socket("closed");
        must(sock_listen(&self->listener, loop, &here.address[0], 1), "listen");
        sock_close(&self->listener);
        AWAIT_CATCH(self->err, open_connection(&self->open, &self->stream, &here));
        printf("t=%.2f  %s\n", now(),
               self->err == ECONNREFUSED ? "refused" : "not refused");
        unlink(path);
    }
    return co_done(co);
}

/* ---- the program ---- */

struct program { /* async def program() */
    struct coro co;
    union { /* only one runs at a time */
        struct crowd crowd;
        struct cuts cuts;
        struct parse parse;
        struct pressure pressure;
        struct phases phases;
        struct refused refused;
        struct pages pages;
    };
};

static co_status program_body(struct coro *co)
{
    struct program *self = co_self(co, struct program);

    ASYNC (co) {
        loop = get_running_loop();
        AWAIT(co_init(&self->crowd.co, crowd_body));
        AWAIT(co_init(&self->cuts.co, cuts_body));
        AWAIT(co_init(&self->parse.co, parse_body));
        AWAIT(co_init(&self->pressure.co, pressure_body));
        AWAIT(co_init(&self->phases.co, phases_body));
        AWAIT(co_init(&self->refused.co, refused_body));
        AWAIT(co_init(&self->pages.co, pages_body));
    }
    return co_done(co);
}

int main(void)
{
    static struct program program;

    make_folder();
    atexit(remove_folder);
    must(async_run(co_init(&program.co, program_body)), "the program");
    return 0;
}
