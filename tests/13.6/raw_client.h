/*
 * raw_client.h - a server, and a client that sends raw bytes to it over loopback. Checks
 * of time use a socket pair and virtual time instead. Our own parser reads the answers.
 */
#ifndef RAW_CLIENT_H
#define RAW_CLIENT_H

#include <fcntl.h>

#include "check.h"
#include "http_server.h"
#include "runner.h"
#include "sleep.h"

enum { BIG = 1000 * 1000 }; /* bytes of the largest body */

/* The server's answer; each program of checks defines its own. */
static void answer(struct http_server *server, const struct http_request *request,
                   struct http_reply *reply);

static const struct http_route *talk_routes; /* NULL: answer() handles every request */

struct step {          /* what the client does */
    double pause;      /* seconds before this step */
    const char *bytes; /* the bytes to send; NULL: close the server instead */
};

struct talk { /* async def talk(steps) */
    struct coro co;
    const struct step *steps; /* the last one has neither pause nor bytes */
    bool by_pair;
    struct http_server server;
    struct sock pair[2];
    struct sock_connect connect;
    struct async_sleep sleep;
    struct stream stream;
    struct stream_read read;
    struct server_wait_closed closed;
    char answer[2 * BIG];
    size_t n;
    int error;    /* how reading ended */
    double ended; /* the loop time at which it ended */
};

static struct talk talk;

static inline int open_both(struct talk *self, struct loop *loop)
{
    struct address address;
    int err;

    self->server.answer = answer;
    self->server.routes = talk_routes;
    address_from_text(&address, "127.0.0.1", 0);
    err = http_server_start(&self->server, loop, &address);
    sock_init(&self->pair[0], loop);
    if (err == 0 && self->by_pair) {
        err = sock_pair(self->pair, loop);
        http_server_adopt(&self->server, self->pair[1].fd);
    }
    return err;
}

static inline co_status talk_body(struct coro *co)
{
    struct talk *self = co_self(co, struct talk);
    struct loop *loop = get_running_loop();
    int err;

    ASYNC (co) {
        err = open_both(self, loop);
        if (err != 0)
            return co_raise(co, err);
        if (!self->by_pair)
            AWAIT(sock_connect(&self->connect, &self->pair[0],
                               &self->server.server.address));
        stream_adopt(&self->stream, loop, self->pair[0].fd);
        for (; self->steps->bytes != NULL || self->steps->pause > 0; self->steps++) {
            if (self->steps->pause > 0)
                AWAIT(async_sleep(&self->sleep, self->steps->pause));
            if (self->steps->bytes == NULL)
                http_server_close(&self->server);
            else
                stream_write(&self->stream, self->steps->bytes,
                             strlen(self->steps->bytes));
        }
        do {
            AWAIT_CATCH(self->error, stream_read(&self->read, &self->stream, 65536));
            if (self->error != 0 || self->n + self->read.n >= sizeof self->answer)
                break;
            memcpy(self->answer + self->n, self->read.data, self->read.n);
            self->n += self->read.n;
        } while (self->read.n > 0);
        self->ended = loop_time(loop);
        stream_close(&self->stream);
        http_server_close(&self->server);
        AWAIT(http_server_wait_closed(&self->closed, &self->server));
    }
    return co_done(co);
}

static inline int open_descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static inline void run(const struct step *steps, bool virtual)
{
    struct loop_policy policy;
    struct runner runner;
    const char *wrong;
    int before = open_descriptors();

    memset(&talk, 0, sizeof talk);
    talk.steps = steps;
    talk.by_pair = virtual;
    EXPECT_INT(loop_policy_from_environment(&policy, &wrong), 0);
    policy.clock = virtual ? &clock_virtual : &clock_monotonic;
    EXPECT_INT(runner_init(&runner, &policy), 0);
    EXPECT_INT(runner_run(&runner, co_init(&talk.co, talk_body)), 0);
    EXPECT_INT(talk.server.server.live, 0);
    EXPECT_INT(runner_close(&runner), 0);
    EXPECT_INT(open_descriptors(), before);
    talk.answer[talk.n] = '\0';
}

/* Adds the answers to the trace as STATUS/BYTES, with a "+" behind an incomplete body.
 * `methods` has a letter for each request: "G" for GET, "H" for HEAD. */
static inline void trace_answers(const char *methods)
{
    static struct http_head head;
    const char *at = talk.answer, *end = at + talk.n;

    for (; at < end && *methods != '\0'; methods++) {
        struct http_body body;
        struct span data;
        ssize_t n;
        size_t used;
        int done;

        http_head_init(&head);
        n = http_parse_response(&head, at, (size_t)(end - at));
        if (n <= 0 || http_framing(&body, &head, *methods == 'H' ? "HEAD" : "GET") != 0) {
            trace("malformed");
            return;
        }
        at += n;
        for (done = http_body_done(&body); done == 0 && at < end; at += used)
            done = http_body_read(&body, at, (size_t)(end - at), &used, &data);
        if (done == 0)
            done = http_body_eof(&body) == 0;
        trace(done > 0 ? "%d/%llu" : "%d/%llu+", head.status,
              (unsigned long long)body.payload);
    }
    if (at < end)
        trace("%d left over", (int)(end - at));
}

/* Sends `request` over loopback and reads everything. The server must close after its
 * answer. */
static inline void ask(const char *request, const char *methods)
{
    struct step steps[] = { { 0, request }, { 0, NULL } };

    run(steps, false);
    trace_answers(methods);
}

#define HOST " HTTP/1.1\r\nHost: x\r\n"
#define GET(path) "GET " path HOST "\r\n"
#define LAST(path) "GET " path HOST "Connection: close\r\n\r\n"

#endif
