/*
 * stream_case.h - shared by the checks of streams and of the client: a stage, the
 * coroutine of a case, with both ends of a connection; and a peer, which sends bytes in
 * steps.
 */
#ifndef STREAM_CASE_H
#define STREAM_CASE_H

#include <fcntl.h>
#include <unistd.h>

#include "check.h"
#include "client.h"
#include "connect.h"
#include "sleep.h"
#include "timeout.h"

static struct loop loop;

static inline const char *error_name(int err)
{
    return err == 0                     ? "0"
           : err == ECANCELED           ? "ECANCELED"
           : err == ETIMEDOUT           ? "ETIMEDOUT"
           : err == ECONNABORTED        ? "ECONNABORTED"
           : err == ECONNRESET          ? "ECONNRESET"
           : err == ECONNREFUSED        ? "ECONNREFUSED"
           : err == EPIPE               ? "EPIPE"
           : err == EBADF               ? "EBADF"
           : err == EBUSY               ? "EBUSY"
           : err == AIO_INCOMPLETE_READ ? "INCOMPLETE"
           : err == AIO_LIMIT_OVERRUN   ? "OVERRUN"
           : err == AIO_BAD_MESSAGE     ? "BAD_MESSAGE"
           : err == AIO_NAME            ? "NAME"
                                        : aio_strerror(err);
}

/* ---- peer: sends `first` bytes, then `step` at a time, `n` in all; may close ---- */

struct peer {
    struct coro co;
    struct stream *stream;
    const char *at;
    size_t n, first, step;
    bool closes; /* it closes its direction at the end */
    struct stream_drain drain;
};

static inline co_status peer_body(struct coro *co)
{
    struct peer *self = co_self(co, struct peer);
    size_t now;

    ASYNC (co) {
        while (self->n > 0) {
            now = self->first > 0 ? self->first : self->step;
            now = now < self->n ? now : self->n;
            EXPECT_INT(stream_write(self->stream, self->at, now), 0);
            self->at += now;
            self->n -= now;
            self->first = 0;
            AWAIT(stream_flush(&self->drain, self->stream));
            YIELD();
            YIELD();
        }
        if (self->closes)
            EXPECT_INT(stream_write_eof(self->stream), 0);
    }
    return co_done(co);
}

static inline struct coro *peer(struct peer *self, struct stream *stream, const char *at,
                                size_t n, size_t first, size_t step, bool closes)
{
    *self = (struct peer){
        .stream = stream, .at = at, .n = n, .first = first, .step = step, .closes = closes
    };
    return co_init(&self->co, peer_body);
}

/* ---- stage ---- */

struct stage {
    struct coro co;
    struct stream near, far;
    struct task task[4];
    struct peer peer;
    struct stream_read read[2];
    struct stream_drain drain[4];
    struct http_exchange exchange;
    struct http_read http;
    struct host_addresses host;
    struct open_connection open;
    struct async_sleep sleep;
    struct async_timeout limit;
    struct coro any[4];
    int i, k, err;
    size_t n;
};

static struct stage stage; /* static, because the heads in it are large */

static inline struct task *start(int n, struct coro *co)
{
    EXPECT_INT(loop_create_task(&loop, &stage.task[n], co), 0);
    return &stage.task[n];
}

/* Connects the two ends, `near` and `far`. */
static inline void connect_ends(void)
{
    struct sock pair[2];

    EXPECT_INT(sock_pair(pair, &loop), 0);
    stream_adopt(&stage.near, &loop, pair[0].fd);
    stream_adopt(&stage.far, &loop, pair[1].fd);
}

/* Returns the number of open descriptors, which is equal before and after a case unless
 * one leaked. */
static inline int count_open(void)
{
    int n = 0;

    for (int fd = 0; fd < 256; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

static inline void open_virtual_loop(void)
{
    struct loop_policy policy;
    const char *wrong;

    EXPECT_INT(loop_policy_from_environment(&policy, &wrong), 0);
    policy.clock = &clock_virtual;
    EXPECT_INT(loop_init(&loop, &policy), 0);
    set_event_loop(&loop);
}

/* Closes the loop. Nothing may remain: no callback, no timer, no task, no watched
 * descriptor, and no more descriptors than before. */
static inline void close_empty_loop(int descriptors)
{
    EXPECT(ring_empty(&loop.ready));
    timer_heap_sweep(&loop.timers);
    EXPECT_INT(loop.timers.count - loop.timers.cancelled, 0);
    EXPECT(ring_empty(&loop.tasks));
    EXPECT_INT(loop.watched, 0);
    EXPECT_INT(loop_close(&loop), 0);
    EXPECT_INT(count_open(), descriptors);
}

static inline void run_stage(co_status (*body)(struct coro *))
{
    int descriptors = count_open();
    struct task task;

    open_virtual_loop();
    connect_ends();
    loop_create_task(&loop, &task, co_init(&stage.co, body));
    EXPECT_INT(loop_run_until_complete(&loop, &task), 0);
    stream_close(&stage.near);
    stream_close(&stage.far);
    EXPECT(ring_empty(&stage.near.drainers.ring) && stage.near.sock.reader == NULL);
    close_empty_loop(descriptors);
}

/* Usage: CASE(name) { body of a coroutine; its frame is the stage } */
#define CASE(name)                                 \
    static co_status name##_body(struct coro *co); \
    static void name(void)                         \
    {                                              \
        run_stage(name##_body);                    \
    }                                              \
    static co_status name##_body(struct coro *co)

/* Adds the bytes of a read to the trace, with R for CR and N for LF. */
static inline void show(int err, const struct stream_read *read)
{
    char text[64];
    size_t n = 0;

    for (size_t i = 0; i < read->n && n < sizeof text - 1; i++)
        text[n++] = read->data[i] == '\r'   ? 'R'
                    : read->data[i] == '\n' ? 'N'
                                            : read->data[i];
    text[n] = '\0';
    if (err != 0)
        trace("%s(%s)", error_name(err), text);
    else
        trace("%s", n > 0 ? text : "-");
}

#endif
