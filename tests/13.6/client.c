/*
 * client.c - checks of the HTTP client: a body of each framing in steps of each size,
 * when the connection may be reused, and failures.
 */
#include "stream_case.h"

static const char ask[] = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

/* ---- one exchange: the whole body, and what may follow ---- */

static char body[200000];

struct exchange {
    struct coro co;
    const char *method;
    size_t n; /* of the body */
};

static co_status exchange_body(struct coro *co)
{
    struct exchange *self = co_self(co, struct exchange);
    struct http_read *read = &stage.http;

    ASYNC (co) {
        self->n = 0;
        AWAIT(http_request(&stage.exchange, &stage.near, self->method, ask,
                           sizeof ask - 1));
        do {
            AWAIT(http_read(read, &stage.exchange));
            if (read->data.n > 0)
                memcpy(body + self->n, read->data.at, read->data.n);
            self->n += read->data.n;
        } while (!read->last);
    }
    return co_done(co);
}

static struct exchange exchange;

static struct coro *do_exchange(const char *method)
{
    exchange.method = method;
    return co_init(&exchange.co, exchange_body);
}

struct row {
    const char *name, *method, *sent;
    bool closes;          /* what the server does afterwards */
    const char *expected; /* error or status, body, may it be reused */
};

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

static const struct row rows[] = {
    { "length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false,
      "200 hello keep" },
    { "chunks", "GET", CHUNKED "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: t\r\n\r\n",
      false, "200 hello keep" },
    { "until the close", "GET", "HTTP/1.1 200 OK\r\n\r\nhello", true, "200 hello close" },
    { "HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", false,
      "200 hello close" },
    { "HTTP/1.0, kept", "GET",
      "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello",
      false, "200 hello keep" },
    { "close is said", "GET",
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", false,
      "200 hello close" },
    { "nothing: 204", "GET", "HTTP/1.1 204 None\r\n\r\n", false, "204 - keep" },
    { "nothing: 304", "GET", "HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\n", false,
      "304 - keep" },
    { "nothing: HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", false,
      "200 - keep" },
    { "an empty body", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false,
      "200 - keep" },
    { "behind 100 and 103", "GET",
      "HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
      false, "200 hello keep" },
    { "lenient: LF alone", "GET", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", false,
      "200 hello close" },
    { "lenient: the length twice", "GET",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", false,
      "200 hello close" },
    { "closed without a byte", "GET", "", true, "ECONNRESET" },
    { "closed in the head", "GET", "HTTP/1.1 200 OK\r\nConten", true, "INCOMPLETE" },
    { "closed behind 100", "GET", "HTTP/1.1 100 Go on\r\n\r\n", true, "INCOMPLETE" },
    { "closed in the body", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
      true, "INCOMPLETE" },
    { "closed in a chunk", "GET", CHUNKED "5\r\nhel", true, "INCOMPLETE" },
    { "closed before the last chunk", "GET", CHUNKED "3\r\nhel\r\n", true, "INCOMPLETE" },
    { "closed in the trailer", "GET", CHUNKED "3\r\nhel\r\n0\r\n", true, "INCOMPLETE" },
    { "not HTTP", "GET", "220 mail\r\n", false, "BAD_MESSAGE" },
    { "two lengths", "GET",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", false,
      "BAD_MESSAGE" },
    { "length and chunks", "GET",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", false,
      "BAD_MESSAGE" },
    { "a bad chunk", "GET", CHUNKED "x\r\n", false, "BAD_MESSAGE" },
};

static struct http_exchange *const the_exchange = &stage.exchange;

static void show_exchange(int err)
{
    if (err != 0)
        trace("%s", error_name(err));
    else
        trace("%d %.*s %s", the_exchange->head.status,
              exchange.n > 0 ? (int)exchange.n : 1, exchange.n > 0 ? body : "-",
              http_reusable(the_exchange) ? "keep" : "close");
    EXPECT((err == AIO_BAD_MESSAGE) == (the_exchange->why != NULL));
}

static void run_row(const struct row *row, size_t first, size_t step)
{
    int descriptors = count_open(), err;
    struct task task;

    open_virtual_loop();
    connect_ends();
    start(0, peer(&stage.peer, &stage.far, row->sent, strlen(row->sent), first, step,
                  row->closes));
    loop_create_task(&loop, &task, do_exchange(row->method));
    err = loop_run_until_complete(&loop, &task);
    loop_run_until_complete(&loop, &stage.task[0]);
    show_exchange(err);
    EXPECT_TRACE(row->expected);
    stream_close(&stage.near);
    stream_close(&stage.far);
    close_empty_loop(descriptors);
}

/* Whole, in steps of 1, 2, 3, 7, and in two parts at every cut. */
static void framings(void)
{
    static const size_t steps[] = { 1, 2, 3, 7, 1000 };

    for (size_t i = 0; i < sizeof rows / sizeof *rows && !check_failed; i++) {
        for (size_t j = 0; j < sizeof steps / sizeof *steps; j++)
            run_row(&rows[i], 0, steps[j]);
        for (size_t first = 1; first < strlen(rows[i].sent); first++)
            run_row(&rows[i], first, 1000);
        if (check_failed)
            printf("# in: %s\n", rows[i].name);
    }
}

/* A body larger than any buffer, with each byte in its place. */
CASE(large)
{
    static char sent[300000];
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        self->n =
            (size_t)sprintf(sent, "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n");
        for (size_t i = 0; i < 200000; i++)
            sent[self->n + i] = (char)(i * 31 + i / 251);
        start(0, peer(&self->peer, &self->far, sent, self->n + 200000, 0, 150000, false));
        AWAIT(do_exchange("GET"));
        EXPECT_INT(exchange.n, 200000);
        EXPECT(memcmp(body, sent + self->n, 200000) == 0);
        EXPECT(http_reusable(&self->exchange));
        EXPECT_INT(self->near.in_room, STREAM_BUFFER);
        AWAIT(&self->task[0]);
    }
    return co_done(co);
}

/* ---- one connection, many exchanges ---- */

static const char hello[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

CASE(kept)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        for (self->i = 0; self->i < 5000; self->i++) {
            stream_write(&self->far, hello, sizeof hello - 1);
            AWAIT(do_exchange("GET"));
            AWAIT(stream_readuntil(&self->read[0], &self->far, "\r\n\r\n"));
            EXPECT(exchange.n == 5 && http_reusable(&self->exchange));
        }
        EXPECT_INT(self->near.in_room, STREAM_BUFFER); /* the buffer has not grown */
    }
    return co_done(co);
}

/* Unsolicited bytes are not an answer to the next request. */
CASE(left_over)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        stream_write(&self->far, hello, sizeof hello - 1);
        stream_write(&self->far, "H", 1);
        AWAIT(do_exchange("GET"));
        show_exchange(0);
        EXPECT_TRACE("200 hello close");
    }
    return co_done(co);
}

CASE(unfinished)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        stream_write(&self->far, hello, sizeof hello - 2);
        AWAIT(http_request(&self->exchange, &self->near, "GET", ask, sizeof ask - 1));
        EXPECT(!http_reusable(&self->exchange));
        AWAIT(http_read(&self->http, &self->exchange));
        EXPECT(self->http.data.n == 4 && !self->http.last);
        EXPECT(!http_reusable(&self->exchange));
    }
    return co_done(co);
}

/* The server closes a kept connection before it receives the second request. */
CASE(stale)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        stream_write(&self->far, hello, sizeof hello - 1);
        AWAIT(do_exchange("GET"));
        EXPECT(http_reusable(&self->exchange));
        AWAIT(stream_readuntil(&self->read[0], &self->far, "\r\n\r\n"));
        stream_close(&self->far);
        AWAIT_CATCH(err, do_exchange("GET"));
        EXPECT_INT(err, ECONNRESET);
        EXPECT_INT(stream_available(&self->near), 0);
    }
    return co_done(co);
}

/* A read after the first exchange has seen the end of the stream. */
CASE(seen_closed)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        stream_write(&self->far, hello, sizeof hello - 1);
        AWAIT(do_exchange("GET"));
        EXPECT(http_reusable(&self->exchange));
        EXPECT_INT(stream_write_eof(&self->far), 0);
        AWAIT(stream_fill(&self->http.fill, &self->near));
        EXPECT(self->near.eof && !http_reusable(&self->exchange));
    }
    return co_done(co);
}

/* ---- failures ---- */

/* The server answers before the request is complete, and never reads the rest. */
CASE(early_answer)
{
    static char request[1000000];
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        stream_write(&self->far, hello, sizeof hello - 1);
        AWAIT(
            http_request(&self->exchange, &self->near, "POST", request, sizeof request));
        EXPECT_INT(self->exchange.head.status, 200);
        EXPECT(stream_unsent(&self->near) > 0);
    }
    return co_done(co);
}

CASE(endless_head)
{
    static char line[1024];
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        memset(line, 'a', sizeof line);
        memcpy(line, "A: ", 3);
        memcpy(line + sizeof line - 2, "\r\n", 2);
        stream_write(&self->far, "HTTP/1.1 200 OK\r\n", 17);
        for (int i = 0; i < 100; i++)
            stream_write(&self->far, line, sizeof line);
        AWAIT_CATCH(err, do_exchange("GET"));
        EXPECT_INT(err, AIO_BAD_MESSAGE);
        EXPECT_STR(self->exchange.why, "too-big: the head");
        EXPECT(self->near.in_room <= 128 * 1024);
    }
    return co_done(co);
}

/* Cancelled in any pass: the connection is not reusable and nothing stays registered for
 * the exchange. */
CASE(cancelled_anywhere)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        for (self->i = 0; self->i < 60; self->i++) {
            stream_close(&self->near);
            stream_close(&self->far);
            connect_ends();
            start(0, peer(&self->peer, &self->far, hello, sizeof hello - 1, 0, 3, false));
            start(1, do_exchange("GET"));
            for (self->k = self->i; self->k > 0; self->k--)
                YIELD();
            task_cancel(&self->task[1], NULL);
            AWAIT_CATCH_ALL(err, &self->task[1]);
            EXPECT(err == ECANCELED || exchange.n == 5);
            EXPECT(self->near.sock.reader == NULL);
            self->err = err;
            AWAIT(&self->task[0]);
        }
        EXPECT_INT(self->err, 0); /* the last cancel came too late */
    }
    return co_done(co);
}

/* ---- the request ---- */

static void request_text(void)
{
    static struct url url;
    char text[256];
    size_t n;

    EXPECT_INT(url_parse(&url, "http://me@H:8080/a b?c#d", 24, NULL), 0);
    n = http_request_head(text, sizeof text, "GET", &url, "agent", "Accept: x\r\n");
    EXPECT_STR(text, "GET /a%20b?c HTTP/1.1\r\nHost: h:8080\r\nUser-Agent: agent\r\n"
                     "Accept: x\r\n\r\n");
    EXPECT_INT(n, strlen(text));
    EXPECT_INT(http_request_head(text, n + 1, "GET", &url, "agent", "Accept: x\r\n"), n);
    EXPECT_INT(http_request_head(text, n, "GET", &url, "agent", "Accept: x\r\n"), 0);
    EXPECT_INT(http_request_head(text, 0, "GET", &url, "agent", ""), 0);
}

/* Whatever the caller passes, no unintended line is sent. */
static void no_other_line(void)
{
    static const char odd[] = "\r\n \t\x1b\x7f\xc3";
    static struct url url;
    char text[256], agent[] = "a?b";

    for (size_t i = 0; i < sizeof odd; i++) { /* with a NUL byte */
        EXPECT_INT(url_parse(&url, "http://host/path", 16, NULL), 0);
        EXPECT(http_request_head(text, sizeof text, "GET", &url, "a", "") > 0);
        url.text[url.path + 2] = odd[i];
        EXPECT_INT(http_request_head(text, sizeof text, "GET", &url, "a", ""), 0);
        EXPECT_INT(url_parse(&url, "http://host/path", 16, NULL), 0);
        url.text[url.host + 2] = odd[i];
        EXPECT_INT(http_request_head(text, sizeof text, "GET", &url, "a", ""), 0);
    }
    EXPECT_INT(url_parse(&url, "http://host/path", 16, NULL), 0);
    EXPECT_INT(
        http_request_head(text, sizeof text, "GET / HTTP/1.1\r\nX:", &url, "a", ""), 0);
    EXPECT_INT(http_request_head(text, sizeof text, "", &url, "a", ""), 0);
    for (const char *c = "\r\n\x1b\x7f"; *c != '\0'; c++) {
        agent[1] = *c;
        EXPECT_INT(http_request_head(text, sizeof text, "GET", &url, agent, ""), 0);
    }
}

CHECK_MAIN({ "no line that nobody meant", no_other_line },
           { "each framing and each trouble, however it is cut", framings },
           { "a large body", large }, { "5,000 exchanges on one connection", kept },
           { "bytes left over", left_over }, { "an unfinished body", unfinished },
           { "a kept connection that was closed", stale },
           { "a kept connection whose end was seen", seen_closed },
           { "an answer before the request is out", early_answer },
           { "a head without end", endless_head },
           { "cancelled in any pass", cancelled_anywhere },
           { "the text of a request", request_text })
