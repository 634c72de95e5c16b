/*
 * http_server.c - a connection's life: read a head, have it answered, drop the body, send
 * the answer, again. Read connection_body() first.
 *
 * A connection has one timer. It is not moved for each request, that would cost more than
 * the request: only `deadline` is, and the timer looks at it when it fires. What it does
 * then is close the stream, so that whatever the task waits for fails.
 */
#include <stdlib.h>

#include "http_connection.h"

/* ---- the clock --------------------------------------------------------------------- */

static void on_deadline(struct handle *h);

/* Give the peer `seconds` from now. */
static void allow(struct http_connection *self, double seconds)
{
    struct loop *loop = self->stream.sock.loop;

    self->deadline = loop_time(loop) + seconds;
    if (self->timer.slot != 0 && self->timer.when <= self->deadline)
        return;
    timer_cancel(loop, &self->timer);
    if (loop_call_at(loop, &self->timer, self->deadline, on_deadline) != 0)
        stream_close(&self->stream); /* no connection without a bound */
}

/* Has the peer taken anything since the timer looked last? */
static bool has_progressed(struct http_connection *self)
{
    off_t before = self->progress;

    if (self->stage != HTTP_SENDING)
        return false;
    self->progress = self->send.at - (off_t)stream_unsent(&self->stream);
    return self->progress != before;
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
        allow(self, HTTP_SEND_SECONDS);
    } else {
        if (self->stage == HTTP_READING)
            stream_write(&self->stream, late, sizeof late - 1);
        stream_close(&self->stream);
    }
}

/* ---- reading ----------------------------------------------------------------------- */

/* Is there a head, whole or malformed? If not, give the peer time for it: from the first
 * byte on it has half as long. */
static bool have_head(struct http_connection *self)
{
    size_t n = stream_available(&self->stream);

    if (n > 0)
        self->size = http_parse_request(&self->head, stream_data(&self->stream), n);
    if (self->size != 0 || self->stream.eof)
        return true;
    if (n == 0)
        allow(self, HTTP_IDLE_SECONDS);
    else if (self->stage == HTTP_IDLE)
        allow(self, HTTP_HEAD_SECONDS);
    self->stage = n == 0 ? HTTP_IDLE : HTTP_READING;
    return false;
}

/* Drop what is there of the request's body: true when that was all, or the end. */
static bool body_dropped(struct http_connection *self)
{
    struct span data;
    size_t used;
    int done = http_body_done(&self->body);

    while (done == 0 && stream_available(&self->stream) > 0) {
        done = http_body_read(&self->body, stream_data(&self->stream),
                              stream_available(&self->stream), &used, &data);
        stream_consume(&self->stream, used);
    }
    return done != 0 || self->stream.eof;
}

static bool anything_dropped(struct http_connection *self)
{
    stream_consume(&self->stream, stream_available(&self->stream));
    return self->stream.eof;
}

/* Now that the body was read, or will not be: may another request come? */
static void begin_sending(struct http_connection *self)
{
    self->manner.keep = self->drop && http_keep_alive(&self->body) &&
                        !self->server->closing && !self->stream.eof;
    self->linger = !self->drop;
    self->progress = 0;
    self->stage = HTTP_SENDING;
    allow(self, HTTP_SEND_SECONDS);
}

/* ---- the connection ---------------------------------------------------------------- */

static co_status connection_body(struct coro *co)
{
    struct http_connection *self = co_self(co, struct http_connection);

    ASYNC (co) {
        do {
            self->stage = HTTP_IDLE;
            self->size = 0;
            http_head_init(&self->head);
            while (!have_head(self))
                AWAIT(stream_fill(&self->fill, &self->stream));
            if (self->size == 0)
                break; /* the peer has closed */
            self->stage = HTTP_ANSWERING;
            http_decide(self);
            if (self->drop && !body_dropped(self)) {
                allow(self, HTTP_HEAD_SECONDS);
                do {
                    AWAIT(stream_fill(&self->fill, &self->stream));
                } while (!body_dropped(self));
            }
            self->deadline = 0;
            if (self->reply.delay + self->server->latency > 0)
                AWAIT(
                    async_sleep(&self->sleep, self->reply.delay + self->server->latency));
            begin_sending(self);
            AWAIT(http_send(&self->send, &self->stream, &self->reply, &self->manner));
            http_reply_release(&self->reply);
        } while (self->manner.keep);

        /* To close over bytes that nobody has read destroys the answer on its way. */
        if (self->linger && stream_write_eof(&self->stream) == 0) {
            self->stage = HTTP_ANSWERING;
            allow(self, HTTP_LINGER_SECONDS);
            while (!anything_dropped(self))
                AWAIT(stream_fill(&self->fill, &self->stream));
        }
    }
    return co_done(co);
}

/* The task is done, even if it was cancelled before it began. That a connection broke is
 * its peer's affair: the error is read and forgotten. */
static void on_ended(struct handle *h)
{
    struct http_connection *self = container_of(h, struct http_connection, ended);

    future_error(&self->task.future);
    timer_cancel(self->stream.sock.loop, &self->timer);
    stream_close(&self->stream);
    http_reply_release(&self->reply);
    ring_remove(&self->link);
    server_detach(&self->server->server);
}

void http_server_adopt(struct http_server *server, int fd)
{
    struct loop *loop = server->server.listener.loop;
    struct http_connection *self = malloc(sizeof *self);
    struct sock sock;

    server->server.live++;
    if (self == NULL) {
        sock_adopt(&sock, loop, fd);
        sock_close(&sock);
        server_detach(&server->server);
        return;
    }
    self->server = server;
    self->deadline = 0;
    self->stage = HTTP_IDLE;
    self->linger = false;
    timer_init(&self->timer);
    stream_adopt(&self->stream, loop, fd);
    http_reply_init(&self->reply);
    ring_append(&server->connections, &self->link);
    loop_create_task(loop, &self->task, co_init(&self->co, connection_body));
    task_detach(&self->task);
    handle_init(&self->ended);
    future_add_done_callback(&self->task.future, &self->ended, on_ended);
}

static void on_connected(struct server *server, int fd)
{
    server->live--; /* http_server_adopt() counts it */
    http_server_adopt(container_of(server, struct http_server, server), fd);
}

int http_server_start(struct http_server *server, struct loop *loop,
                      const struct address *address)
{
    ring_init(&server->connections);
    server->closing = false;
    server->now = 0;
    server->date[0] = '\0';
    return server_start(&server->server, loop, address, on_connected);
}

/* Cancel the connections that have come no further than `last`; each leaves the line when
 * its task is done, some passes later. The others end with the answer under way. */
static void close_up_to(struct http_server *server, enum http_stage last)
{
    for (struct link *at = server->connections.next; at != &server->connections;
         at = at->next) {
        struct http_connection *each = container_of(at, struct http_connection, link);

        if (each->stage <= last)
            task_cancel(&each->task, NULL);
        else
            each->manner.keep = false;
    }
}

void http_server_close(struct http_server *server)
{
    server->closing = true;
    server_close(&server->server);
    close_up_to(server, HTTP_IDLE);
}

void http_server_close_clients(struct http_server *server)
{
    close_up_to(server, HTTP_ANSWERING);
}

void http_server_abort_clients(struct http_server *server)
{
    close_up_to(server, HTTP_SENDING);
}
