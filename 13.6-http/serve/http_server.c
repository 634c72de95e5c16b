/*
 * http_server.c - a connection's life: read a head, take or drop the body, have it
 * answered, send the answer, again. Read connection_body() first; next: http_deadline.c.
 */
#include <stdlib.h>

#include "http_connection.h"

/* ---- reading ----------------------------------------------------------------------- */

/* Is there a head, whole or malformed? If not, give the peer time for it: from the first
 * byte on it has half as long. */
static bool have_head(struct http_connection *self)
{
    size_t n = stream_available(&self->stream);
    struct http_desk *desk = self->desk;

    if (n > 0)
        desk->size = http_parse_request(&desk->head, stream_data(&self->stream), n);
    if ((n > 0 && desk->size != 0) || self->stream.eof)
        return true;
    if (n == 0)
        http_allow(self, HTTP_IDLE_SECONDS);
    else if (self->stage == HTTP_IDLE)
        http_allow(self, HTTP_HEAD_SECONDS);
    self->stage = n == 0 ? HTTP_IDLE : HTTP_READING;
    return false;
}

/* What comes next, if it does, is another request. */
static void begin_request(struct http_connection *self)
{
    self->stage = HTTP_IDLE;
    if (stream_available(&self->stream) == 0)
        http_desk_return(self);
    else
        http_desk_clear(self->desk);
}

static bool has_body(struct http_connection *self)
{
    struct http_desk *desk = self->desk;

    self->stage = HTTP_READING;
    desk->body_began = loop_time(self->stream.sock.loop);
    return !desk->unread && !http_body_done(&desk->body);
}

static bool anything_dropped(struct http_connection *self)
{
    stream_consume(&self->stream, stream_available(&self->stream));
    return self->stream.eof;
}

/* The request was answered: how long does that take, if it shall take long? */
static double answered(struct http_connection *self)
{
    struct http_desk *desk = self->desk;

    self->stage = HTTP_ANSWERING;
    self->deadline = 0;
    http_answer(self);
    if (desk->size > 0 && desk->kept == NULL)
        stream_consume(&self->stream, (size_t)desk->size);
    return desk->reply.delay + self->server->latency;
}

/* Now that the body was read, or will not be: may another request come? */
static void begin_sending(struct http_connection *self)
{
    struct http_desk *desk = self->desk;

    desk->manner.keep = !desk->unread && http_keep_alive(&desk->body) &&
                        !self->server->closing && !self->stream.eof;
    self->linger = desk->unread;
    self->progress = 0;
    self->stage = HTTP_SENDING;
    http_allow(self, HTTP_SEND_SECONDS);
}

/* ---- the connection ---------------------------------------------------------------- */

static co_status connection_body(struct coro *co)
{
    struct http_connection *self = co_self(co, struct http_connection);
    double delay;

    ASYNC (co) {
        do {
            begin_request(self);
            while (!have_head(self)) {
                if (self->desk == NULL)
                    AWAIT(sock_readable(&self->fill.wait, &self->stream.sock));
                if (!http_desk_take(self))
                    return co_raise(co, ENOMEM);
                AWAIT(stream_fill(&self->fill, &self->stream));
            }
            if (self->desk == NULL || self->desk->size == 0)
                break; /* the peer has closed */
            http_decide(self);
            if (has_body(self)) {
                http_body_begin(self);
                while (!http_body_in(self)) {
                    http_allow_body(self);
                    AWAIT(stream_fill(&self->fill, &self->stream));
                }
            }
            delay = answered(self);
            if (delay > 0)
                AWAIT(async_sleep(&self->desk->sleep, delay));
            begin_sending(self);
            AWAIT(http_send(&self->desk->send, &self->stream, &self->desk->reply,
                            &self->desk->manner));
            http_reply_release(&self->desk->reply);
        } while (self->desk->manner.keep);

        /* To close over bytes that nobody has read destroys the answer on its way. */
        if (self->linger && stream_write_eof(&self->stream) == 0) {
            self->stage = HTTP_ANSWERING;
            http_allow(self, HTTP_LINGER_SECONDS);
            while (!anything_dropped(self))
                AWAIT(stream_fill(&self->fill, &self->stream));
        }

    FINALLY:
        http_desk_return(self);
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
    self->desk = NULL;
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
    server->spare = NULL;
    server->spares = 0;
    server->any[0] = (struct http_route){ "GET", "/", server->answer, 0 };
    server->any[1] = (struct http_route){ NULL, NULL, NULL, 0 };
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
        else if (each->desk != NULL)
            each->desk->manner.keep = false;
    }
}

void http_server_close(struct http_server *server)
{
    server->closing = true;
    http_desk_free_all(server);
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
