/*
 * http_deadline.c - how long a client may take. Next: http_desk.c.
 *
 * A connection has one timer. It is not moved for each request, that would cost more than
 * the request: only `deadline` is, and the timer looks at it when it fires. What it does
 * then is close the stream, so that whatever the task waits for fails.
 */
#include "http_connection.h"

static void on_deadline(struct handle *h);

static void allow_until(struct http_connection *self, double when)
{
    struct loop *loop = self->stream.sock.loop;

    self->deadline = when;
    if (self->timer.slot != 0 && self->timer.when <= self->deadline)
        return;
    timer_cancel(loop, &self->timer);
    if (loop_call_at(loop, &self->timer, self->deadline, on_deadline) != 0)
        stream_close(&self->stream); /* no connection without a bound */
}

void http_allow(struct http_connection *self, double seconds)
{
    allow_until(self, loop_time(self->stream.sock.loop) + seconds);
}

void http_allow_body(struct http_connection *self)
{
    const struct http_desk *desk = self->desk;

    allow_until(self, desk->body_began + HTTP_BODY_SECONDS +
                          (double)desk->body.payload / HTTP_PACE);
}

/* Has the peer taken enough since the timer looked last? */
static bool has_progressed(struct http_connection *self)
{
    off_t before = self->progress;

    if (self->stage != HTTP_SENDING)
        return false;
    self->progress = self->desk->send.at - (off_t)stream_unsent(&self->stream);
    return self->progress - before >= (off_t)(HTTP_PACE * HTTP_SEND_SECONDS);
}

static void on_deadline(struct handle *h)
{
    static const char late[] = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
                               "Content-Length: 0\r\n\r\n";
    struct http_connection *self = container_of(h, struct http_connection, timer.handle);
    struct loop *loop = self->stream.sock.loop;

    if (self->deadline == 0)
        return;
    if (loop_time(loop) < self->deadline) {
        loop_call_at(loop, &self->timer, self->deadline, on_deadline);
    } else if (has_progressed(self)) {
        http_allow(self, HTTP_SEND_SECONDS);
    } else {
        if (self->stage == HTTP_READING)
            stream_write(&self->stream, late, sizeof late - 1);
        stream_close(&self->stream);
    }
}
