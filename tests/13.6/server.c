/* server.c - checks the HTTP server with raw requests. Next: files.c. */
#include "raw_client.h"

static int released; /* calls of count_release() */

static void count_release(struct http_reply *reply)
{
    (void)reply;
    released++;
}

static ssize_t read_big(struct http_reply *reply, void *to, size_t room, off_t at)
{
    (void)reply;
    (void)at;
    memset(to, 'x', room);
    return (ssize_t)room;
}

static ssize_t read_short(struct http_reply *reply, void *to, size_t room, off_t at)
{
    return at < BIG / 2 ? read_big(reply, to, room, at) : 0;
}

static void answer(struct http_server *server, const struct http_request *request,
                   struct http_reply *reply)
{
    struct span path = request->path;
    char name[32];

    (void)server;
    snprintf(name, sizeof name, "%.*s", (int)path.n, path.at);
    reply->type = "text/plain";
    reply->body = "hello";
    reply->size = 5;
    reply->release = count_release;
    if (strcmp(name, "/missing") == 0)
        http_reply_status(reply, 404);
    if (strcmp(name, "/slow") == 0)
        reply->delay = 5;
    if (strcmp(name, "/inject") == 0)
        reply->location = "/a\r\nSet-Cookie: b";
    if (strcmp(name, "/until-close") == 0)
        reply->framing = HTTP_CLOSE;
    if (strncmp(name, "/big", 4) == 0) {
        reply->size = BIG;
        reply->read = strcmp(name, "/big-short") == 0 ? read_short : read_big;
        if (strcmp(name, "/big-chunked") == 0)
            reply->framing = HTTP_CHUNKED;
    }
}

static void check_keep_alive(void)
{
    ask(LAST("/"), "GG");
    EXPECT_TRACE("200/5");
    EXPECT(strstr(talk.answer, "\r\nConnection: close\r\n") != NULL);
    EXPECT(strstr(talk.answer, "\r\nDate: ") != NULL);
    ask("GET / HTTP/1.0\r\n\r\n", "GG");
    EXPECT_TRACE("200/5");
    ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n", "GGG");
    EXPECT_TRACE("200/5 200/5");
    EXPECT(strstr(talk.answer, "\r\nConnection: keep-alive\r\n") != NULL);
    run(
        (struct step[]){
            { 0, GET("/") }, { 1, GET("/missing") }, { 1, LAST("/") }, { 0, NULL } },
        true);
    trace_answers("GGG");
    EXPECT_TRACE("200/5 404/9 200/5");
}

static void check_pipelining(void)
{
    released = 0;
    ask(GET("/") GET("/missing") "HEAD /big" HOST "\r\n" GET("/big") LAST("/"), "GGHGG");
    EXPECT_TRACE("200/5 404/9 200/0 200/1000000 200/5");
    EXPECT_INT(released, 5);
    released = 0;
    ask(LAST("/") GET("/"), "GG"); /* a request after a close is not answered */
    EXPECT_TRACE("200/5");
    EXPECT_INT(released, 1);
}

static void check_byte_by_byte(void)
{
    static const char request[] = GET("/") LAST("/big");
    static struct step steps[sizeof request + 1];
    static char bytes[sizeof request][2];

    for (size_t i = 0; i + 1 < sizeof request; i++) {
        bytes[i][0] = request[i];
        steps[i] = (struct step){ 0.001, bytes[i] };
    }
    run(steps, true);
    trace_answers("GG");
    EXPECT_TRACE("200/5 200/1000000");
}

static void check_framing(void)
{
    ask(LAST("/big-chunked"), "G");
    EXPECT_TRACE("200/1000000");
    EXPECT(strstr(talk.answer, "Transfer-Encoding: chunked") != NULL);
    EXPECT(strstr(talk.answer, "Content-Length") == NULL);
    ask("GET /big-chunked HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "G");
    EXPECT_TRACE("200/1000000");
    EXPECT(strstr(talk.answer, "chunked") == NULL);
    ask(GET("/until-close") GET("/"), "G");
    EXPECT_TRACE("200/5");
    ask("HEAD /big-chunked" HOST "Connection: close\r\n\r\n", "H");
    EXPECT_TRACE("200/0");
    ask(GET("/big-short"), "G"); /* the source ends too early: closed */
    EXPECT_STR(strncmp(check_trace, "200/", 4) == 0 && strchr(check_trace, '+') ? "cut"
                                                                                : "",
               "cut");
    trace_reset();
    ask(LAST("/inject"), "G");
    EXPECT_TRACE("200/5");
    EXPECT(strstr(talk.answer, "Set-Cookie") == NULL);
}

static void check_refusals(void)
{
    static char line[9000], fields[70000];
    static const struct {
        const char *request, *want;
    } cases[] = {
        { "nonsense\r\n\r\n", "400/11" },
        { "GET / HTTP/1.1\r\n\r\n", "400/11" },
        { "GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n", "400/11" },
        { "GET / HTTP/2.0\r\nHost: x\r\n\r\n", "505/26" },
        { "POST /" HOST "Connection: close\r\n\r\n", "405/18" },
        { "POST /" HOST "Content-Length: 3\r\n\r\nabc" LAST("/"), "405/18 200/5" },
        { "POST /" HOST "Content-Length: 65537\r\n\r\n", "413/17" },
        { "POST /" HOST "Content-Length: 99999999999999999999\r\n\r\n", "400/11" },
        { "POST /" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\n", "400/11" },
        { "POST /" HOST
          "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" LAST("/"),
          "405/18 200/5" },
        { "POST /" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n", "400/11" },
        { "POST /" HOST "Transfer-Encoding: gzip\r\n\r\n", "501/15" },
        { "POST /" HOST "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
          "400/11" },
        { "PUT /" HOST "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n", "405/18" },
        { "PUT /" HOST "Expect: rain\r\nContent-Length: 3\r\n\r\n", "417/18" },
        { "OPTIONS *" HOST "Connection: close\r\n\r\n", "405/18" },
        { "CONNECT x:80" HOST "Connection: close\r\n\r\n", "405/18" },
        { "BREW /" HOST "Connection: close\r\n\r\n", "501/15" },
        { "get /" HOST "Connection: close\r\n\r\n", "501/15" },
        { "\x16\x03\x01\x02", "400/11" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct step steps[] = { { 0, cases[i].request }, { 0, NULL } };

        run(steps, true);
        trace_answers("GG");
        EXPECT_TRACE(cases[i].want);
    }
    memset(line, 'a', sizeof line - 1);
    memcpy(line, "GET /", 5);
    run((struct step[]){ { 0, line }, { 0, NULL } }, true);
    trace_answers("G");
    EXPECT_TRACE("414/12");
    strcpy(fields, "GET / HTTP/1.1\r\nHost: x\r\n");
    for (size_t n = strlen(fields); n + 8 < sizeof fields; n += 6)
        strcpy(fields + n, "a: b\r\n");
    run((struct step[]){ { 0, fields }, { 0, NULL } }, true);
    trace_answers("G");
    EXPECT_TRACE("431/31");
}

/* The answer reaches a client that is still sending: no reset overtakes it. */
static void check_linger(void)
{
    static char request[300000];
    int n = snprintf(request, sizeof request,
                     "POST /" HOST "Content-Length: 1000000\r\n\r\n");

    memset(request + n, 'a', sizeof request - 1 - (size_t)n);
    ask(request, "G");
    EXPECT_TRACE("413/17");
    EXPECT_INT(talk.error, 0);
    run((struct step[]){ { 0, request }, { 0, NULL } },
        true); /* it never ends by itself */
    EXPECT(talk.ended >= 0 && talk.ended < 2.1);
    run((struct step[]){ { 0, NULL } }, true); /* no byte for a minute */
    EXPECT(talk.n == 0 && talk.ended >= 60 && talk.ended < 60.1);
}

/* The server closes connections of stalled clients, each after its time limit. */
static void check_timeouts(void)
{
    run((struct step[]){ { 0, GET("/") }, { 0, NULL } }, true);
    trace_answers("G");
    EXPECT_TRACE("200/5");
    EXPECT(talk.ended >= 60 && talk.ended < 60.1);

    run((struct step[]){ { 10, "G" }, { 0, NULL } }, true);
    trace_answers("G");
    EXPECT_TRACE("408/0");
    EXPECT(talk.ended >= 40 && talk.ended < 40.1);

    run((struct step[]){ { 20, "GET /" },
                         { 9, HOST },
                         { 9, "a: b\r\n" },
                         { 9, "a: b\r\n" },
                         { 9, "\r\n" },
                         { 0, NULL } },
        true);
    trace_answers("G");
    EXPECT_TRACE("408/0");
    EXPECT(talk.ended >= 50 && talk.ended < 60); /* 20 + 30, seen after the last step */

    run((struct step[]){ { 0, "POST /" HOST "Content-Length: 9\r\n\r\nabc" },
                         { 0, NULL } },
        true);
    trace_answers("G");
    EXPECT_TRACE("408/0");
    EXPECT(talk.ended >= 30.03 && talk.ended < 30.1); /* three bytes arrived */

    run((struct step[]){ { 0, GET("/big") }, { 70, LAST("/") }, { 0, NULL } }, true);
    trace_answers("GG"); /* slow, but it reads some bytes */
    EXPECT_TRACE("200/1000000 200/5");

    released = 0;
    run((struct step[]){ { 0, GET("/big") }, { 130, GET("/") }, { 0, NULL } }, true);
    trace_answers("G"); /* no byte was read between two checks of the timer */
    EXPECT(strchr(check_trace, '+') != NULL);
    trace_reset();
    EXPECT_INT(released, 1);
}

/* ---- a peer that reads its answer slowly ---- */

static struct slow {
    struct coro co;
    struct http_server server;
    struct server_wait_closed closed;
    struct sock pair[2];
    struct async_sleep sleep;
    char bytes[100000];
    size_t at_a_time, got, now;
    double ended; /* when the server closed */
} slow;

/* Read up to `at_a_time` bytes: true at the end. The socket buffers are small, so that
 * the server can send about as many bytes as are read. */
static bool take_some(struct slow *self)
{
    ssize_t n = 1;

    for (self->now = 0; n > 0 && self->now < self->at_a_time; self->got += (size_t)n) {
        n = recv(self->pair[0].fd, self->bytes, self->at_a_time - self->now, 0);
        self->now += n > 0 ? (size_t)n : 0;
        if (n < 0)
            n = 0;
        else if (n == 0)
            return true;
    }
    return false;
}

static co_status slow_body(struct coro *co)
{
    struct slow *self = co_self(co, struct slow);
    struct loop *loop = get_running_loop();
    struct address address;
    int small = 4096;

    ASYNC (co) {
        self->server.answer = answer;
        address_from_text(&address, "127.0.0.1", 0);
        EXPECT_INT(http_server_start(&self->server, loop, &address), 0);
        EXPECT_INT(sock_pair(self->pair, loop), 0);
        setsockopt(self->pair[1].fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
        http_server_adopt(&self->server, self->pair[1].fd);
        EXPECT(sock_send(&self->pair[0], LAST("/big"), strlen(LAST("/big"))) > 0);
        do {
            AWAIT(async_sleep(&self->sleep, 10));
        } while (loop_time(loop) < 400 && !take_some(self));
        self->ended = loop_time(loop);
        sock_close(&self->pair[0]);
        http_server_close(&self->server);
        AWAIT(http_server_wait_closed(&self->closed, &self->server));
    }
    return co_done(co);
}

static void take_slowly(size_t at_a_time)
{
    struct loop_policy policy;
    struct runner runner;
    const char *wrong;

    memset(&slow, 0, sizeof slow);
    slow.at_a_time = at_a_time;
    EXPECT_INT(loop_policy_from_environment(&policy, &wrong), 0);
    policy.clock = &clock_virtual;
    EXPECT_INT(runner_init(&runner, &policy), 0);
    EXPECT_INT(runner_run(&runner, co_init(&slow.co, slow_body)), 0);
    EXPECT_INT(runner_close(&runner), 0);
}

/* The minimum is 100 bytes a second, checked every 60 s. */
static void check_pace(void)
{
    take_slowly(2000); /* 200 a second */
    EXPECT(slow.ended >= 400 && slow.got < BIG);
    take_slowly(700); /* 70 a second: it reads some bytes each time, and not enough */
    EXPECT(slow.ended < 400 && slow.got < BIG);
    printf("# closed after %.0f s, %d bytes taken\n", slow.ended, (int)slow.got);
}

static void check_graceful_close(void)
{
    run((struct step[]){ { 0, GET("/") }, { 1, NULL }, { 0, NULL } }, true); /* idle */
    trace_answers("G");
    EXPECT_TRACE("200/5");
    EXPECT(talk.ended < 1.1);

    run((struct step[]){ { 0, GET("/slow") GET("/") }, { 1, NULL }, { 0, NULL } },
        true); /* busy */
    trace_answers("G");
    EXPECT(strstr(talk.answer, "Connection: close") != NULL);
    EXPECT(talk.ended >= 5 && talk.ended < 7.1);
    trace_reset();

    run((struct step[]){ { 0.001, NULL }, { 0, NULL } },
        true); /* before the first byte */
    EXPECT_INT((long long)talk.n, 0);
}

CHECK_MAIN({ "keep-alive", check_keep_alive }, { "pipelining", check_pipelining },
           { "byte by byte", check_byte_by_byte }, { "framing", check_framing },
           { "refusals", check_refusals }, { "linger", check_linger },
           { "timeouts", check_timeouts }, { "pace", check_pace },
           { "graceful close", check_graceful_close })
