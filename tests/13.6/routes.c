/*
 * routes.c - checks of the server's table of routes and of request bodies: which row
 * answers, which bodies are accepted up to which size, and whether the connection is
 * kept. Virtual time, raw requests.
 */
#include "raw_client.h"

enum { LIMIT = 100000 };

static int called;

static void answer(struct http_server *server, const struct http_request *request,
                   struct http_reply *reply)
{
    (void)server;
    (void)request;
    reply->body = "any";
    reply->size = 3;
    called++;
}

/* Replies with the row's name and the body's length, first and last byte. */
static void say(const char *row, const struct http_request *request,
                struct http_reply *reply)
{
    static char text[200];
    struct span body = request->body;

    called++;
    snprintf(text, sizeof text, "%s %.*s?%.*s %d%.*s%.*s %.*s", row, (int)request->path.n,
             request->path.at, (int)request->query.n, request->query.at, (int)body.n,
             body.n > 0 ? 1 : 0, body.at, body.n > 0 ? 1 : 0,
             body.n > 0 ? body.at + body.n - 1 : NULL,
             (int)http_field(request->head, "host")->n,
             http_field(request->head, "host")->at);
    reply->body = text;
    reply->size = (off_t)strlen(text);
}

#define ROW(name)                                                                    \
    static void name(struct http_server *server, const struct http_request *request, \
                     struct http_reply *reply)                                       \
    {                                                                                \
        (void)server;                                                                \
        say(#name, request, reply);                                                  \
    }
ROW(one)
ROW(below)
ROW(post)
ROW(put)
ROW(tiny)

/* The size is not known: three pieces. */
static ssize_t read_pieces(struct http_reply *reply, void *to, size_t room, off_t at)
{
    (void)reply;
    (void)room;
    memcpy(to, "piece", 5);
    return at < 15 ? 5 : 0;
}

static void stream_out(struct http_server *server, const struct http_request *request,
                       struct http_reply *reply)
{
    (void)server;
    (void)request;
    reply->read = read_pieces;
    reply->size = -1;
}

static const struct http_route routes[] = {
    { "GET", "/one", one, 0 },       { "GET", "/all/", below, 0 },
    { "POST", "/one", post, LIMIT }, { "PUT", "/all/", put, LIMIT },
    { "POST", "/tiny", tiny, 10 },   { "GET", "/stream", stream_out, 0 },
    { "PURGE", "/one", one, 0 },     { .path = NULL },
};

/* The last line of the answer. */
static const char *last_line(void)
{
    const char *at = talk.answer + talk.n;

    while (at > talk.answer && at[-1] != '\n')
        at--;
    return at;
}

static void ask_for(const char *request)
{
    talk_routes = routes;
    called = 0;
    run((struct step[]){ { 0, request }, { 0, NULL } }, true);
    trace_answers("GGGG");
}

#define CLOSE "Connection: close\r\n\r\n"

static void which_row(void)
{
    static const struct {
        const char *request, *want, *line;
    } rows[] = {
        { "GET /one" HOST CLOSE, "200/13", "one /one? 0 x" },
        { "GET /one?a=b" HOST CLOSE, "200/16", "one /one?a=b 0 x" },
        { "GET http://y/one?c HTTP/1.1\r\nHost: z\r\n" CLOSE, "200/14",
          "one /one?c 0 z" },
        { "GET /all/a/b" HOST CLOSE, "200/19", "below /all/a/b? 0 x" },
        { "GET /all/" HOST CLOSE, "200/16", "below /all/? 0 x" },
        { "GET /all" HOST CLOSE, "404/9", "Not Found" },
        { "GET /one/" HOST CLOSE, "404/9", "Not Found" },
        { "GET /oneself" HOST CLOSE, "404/9", "Not Found" },
        { "GET /on" HOST CLOSE, "404/9", "Not Found" },
        { "GET /" HOST CLOSE, "404/9", "Not Found" },
        { "PURGE /one" HOST CLOSE, "200/13", "one /one? 0 x" },
        { "POST /all/" HOST CLOSE, "405/18", "Method Not Allowed" },
        { "BREW /one" HOST CLOSE, "501/15", "Not Implemented" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ask_for(rows[i].request);
        EXPECT_TRACE(rows[i].want);
        EXPECT_STR(last_line(), rows[i].line);
        EXPECT_INT(called, rows[i].want[0] == '2');
    }
    ask_for("DELETE /one" HOST CLOSE);
    EXPECT(strstr(talk.answer, "\r\nAllow: GET, HEAD, POST, PURGE\r\n") != NULL);
    ask_for("POST /stream" HOST CLOSE);
    EXPECT(strstr(talk.answer, "\r\nAllow: GET, HEAD\r\n") != NULL);
    ask_for("GET /none" HOST CLOSE);
    EXPECT(strstr(talk.answer, "Allow") == NULL);
    trace_reset();
    ask_for("HEAD /one" HOST CLOSE);
    EXPECT(strstr(talk.answer, "Content-Length: 13\r\n") != NULL);
    EXPECT_STR(last_line(), "");
    trace_reset();
    talk_routes = NULL; /* without a table every request goes to one handler */
    ask(LAST("/whatever"), "G");
    EXPECT_TRACE("200/3");
}

static void size_unknown(void)
{
    ask_for("GET /stream" HOST "\r\n" LAST("/one"));
    EXPECT_TRACE("200/15 200/13");
    EXPECT(strstr(talk.answer, "Transfer-Encoding: chunked\r\n") != NULL);
    EXPECT(strstr(talk.answer, "000005\r\npiece\r\n") != NULL);
    ask_for("GET /stream HTTP/1.0\r\n\r\n");
    EXPECT_TRACE("200/15");
    EXPECT(strstr(talk.answer, "chunked") == NULL);
    EXPECT_STR(last_line(), "piecepiecepiece");
}

/* ---- bodies ---- */

/* At every cut: the head stays in place while the body is read. */
static void taken(void)
{
    static const char *const requests[] = {
        "POST /one?q" HOST "Content-Length: 5\r\n\r\nhello" LAST("/one"),
        "POST /one?q" HOST "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n"
        "0\r\nTrailer: t\r\n\r\n" LAST("/one"),
    };
    static char text[2][400];

    for (size_t r = 0; r < 2; r++) {
        size_t n = strlen(requests[r]);

        for (size_t cut = 1; cut < n; cut++) {
            snprintf(text[0], sizeof text[0], "%.*s", (int)cut, requests[r]);
            snprintf(text[1], sizeof text[1], "%s", requests[r] + cut);
            talk_routes = routes;
            run((struct step[]){ { 0, text[0] }, { 0.5, text[1] }, { 0, NULL } }, true);
            trace_answers("GG");
            EXPECT_TRACE("200/17 200/13");
            EXPECT(strstr(talk.answer, "post /one?q 5ho x") != NULL);
        }
    }
    ask_for("POST /one" HOST "Content-Length: 0\r\n\r\nPOST /one" HOST
            "\r\n" LAST("/one"));
    EXPECT_TRACE("200/14 200/14 200/13"); /* an empty body is a body, too */
}

/* "METHOD path", a body of `n` bytes in chunks or not, in steps. */
static void send_body(const char *start, int n, bool chunked)
{
    static char text[3 * LIMIT];
    int at = snprintf(text, sizeof text, "%s" HOST, start);

    if (!chunked) {
        at += snprintf(text + at, sizeof text - (size_t)at, "Content-Length: %d\r\n\r\n",
                       n);
        memset(text + at, 'b', (size_t)n);
        at += n;
    } else {
        at += snprintf(text + at, sizeof text - (size_t)at,
                       "Transfer-Encoding: chunked\r\n\r\n");
        for (int left = n, now; left > 0; left -= now) {
            now = left < 7000 ? left : 7000;
            at += sprintf(text + at, "%x\r\n", (unsigned)now);
            memset(text + at, 'b', (size_t)now);
            at += now + sprintf(text + at + now, "\r\n");
        }
        at += sprintf(text + at, "0\r\n\r\n");
    }
    strcpy(text + at, LAST("/one"));
    ask_for(text);
}

static void limits(void)
{
    for (int chunked = 0; chunked < 2; chunked++) {
        send_body("POST /one", LIMIT, chunked);
        EXPECT_TRACE("200/21 200/13");
        EXPECT(strstr(talk.answer, "post /one? 100000bb x") != NULL);
        send_body("POST /one", LIMIT + 1, chunked);
        EXPECT_TRACE("413/17"); /* and the connection ends */
        EXPECT_INT(called, 0);
        send_body("POST /tiny", 10, chunked);
        EXPECT_TRACE("200/18 200/13");
        send_body("POST /tiny", 11, chunked);
        EXPECT_TRACE("413/17");
        send_body("GET /one", HTTP_DROP_MAX, chunked); /* no route takes it */
        EXPECT_TRACE("200/13 200/13");
        send_body("GET /one", HTTP_DROP_MAX + 1, chunked);
        EXPECT_TRACE("413/17");
        EXPECT_INT(called, 0);
        send_body("DELETE /one", 5000, chunked);
        EXPECT_TRACE("405/18 200/13");
        send_body("POST /none", 5000, chunked);
        EXPECT_TRACE("404/9 200/13");
    }
}

/* A large announced length allocates no memory, and an incomplete body reaches no
 * handler. */
static void broken(void)
{
    ask_for("POST /one" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n");
    EXPECT_TRACE("400/11");
    EXPECT_INT(called, 0);
    talk_routes = routes;
    called = 0;
    run((struct step[]){ { 0, "POST /one" HOST "Content-Length: 99999\r\n\r\nabc" },
                         { 40, "d" },
                         { 0, NULL } },
        true);
    trace_answers("G"); /* 30 s, and 0.03 for three bytes */
    EXPECT_TRACE("408/0");
    EXPECT_INT(called, 0);
    talk_routes = NULL;
}

/* Each 100 bytes buy a second. */
static void slow_body(void)
{
    static char hundred[101], head[200];
    struct step steps[101] = { { 0, head } };

    memset(hundred, 'b', 100);
    snprintf(head, sizeof head, "POST /one" HOST "Content-Length: 9900\r\n" CLOSE);
    for (int i = 1; i < 100; i++)
        steps[i] = (struct step){ 1.25, hundred };
    steps[100] = (struct step){ 0, NULL };
    talk_routes = routes;
    run(steps, true);
    trace_answers("G");
    EXPECT_TRACE("200/19"); /* after 124 s */
    for (int i = 1; i < 100; i++)
        steps[i].pause = 2;
    called = 0;
    run(steps, true);
    trace_answers("G"); /* closed at the 30th piece: 60 s */
    EXPECT_TRACE("408/0");
    EXPECT_INT(called, 0);
    talk_routes = NULL;
}

static void go_on(void)
{
    talk_routes = routes;
    run((struct step[]){ { 0, "POST /one" HOST "Expect: 100-continue\r\n"
                              "Content-Length: 3\r\n" CLOSE },
                         { 1, "abc" },
                         { 0, NULL } },
        true);
    EXPECT(strncmp(talk.answer, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n", 42) ==
           0);
    run((struct step[]){ { 0, "POST /one" HOST "Expect: 100-continue\r\n"
                              "Content-Length: 3\r\n" CLOSE "abc" },
                         { 0, NULL } },
        true); /* a client that does not wait needs no 100 (Continue) */
    EXPECT(strncmp(talk.answer, "HTTP/1.1 200 OK\r\n", 17) == 0);
    ask_for("POST /one" HOST "Expect: 100-continue\r\nContent-Length: 100001\r\n\r\n");
    EXPECT(strncmp(talk.answer, "HTTP/1.1 413 ", 13) == 0);
    ask_for("GET /one" HOST "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    EXPECT(strncmp(talk.answer, "HTTP/1.1 200 ", 13) == 0);
    EXPECT(strstr(talk.answer, "Connection: close") != NULL);
    trace_reset();
}

/* After a close, a request whose body is being read is still answered. */
static void closed_meanwhile(void)
{
    talk_routes = routes;
    run((struct step[]){ { 0, "POST /one" HOST "Content-Length: 3\r\n\r\nab" },
                         { 1, NULL },
                         { 1, "c" LAST("/one") },
                         { 0, NULL } },
        true);
    trace_answers("GG");
    EXPECT_TRACE("200/16");
    talk_routes = NULL;
}

CHECK_MAIN({ "which row answers, 404, 405 with Allow, 501", which_row },
           { "an answer whose size is not known", size_unknown },
           { "a body is taken, however it is cut", taken },
           { "limits of a body", limits }, { "bodies that break off", broken },
           { "a slow body", slow_body }, { "100 (Continue)", go_on },
           { "closed while a body comes", closed_meanwhile })
