/*
 * http_connection.c - serves one connection: reads a head, chooses the route that
 * answers, reads or drops the body, sends the reply, and begins again. Read
 * connection_body() first. Next: folder.h.
 */
#include "http_connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- transactions ------------------------------------------------------------------ */

/* Frees the memory of the last request and prepares for the next one. */
static void clear_transaction(struct http_transaction *transaction)
{
    http_reply_release(&transaction->reply);
    free(transaction->kept);
    free(transaction->content);
    transaction->kept = transaction->content = NULL;
    transaction->content_n = transaction->content_room = 0;
    transaction->size = 0;
    http_head_init(&transaction->head);
}

/* Gives the connection a transaction unless it has one. Returns false when there is no
 * memory. */
static bool get_transaction(struct http_connection *self)
{
    struct http_server *server = self->server;
    struct http_transaction *transaction = server->spare;

    if (self->transaction != NULL)
        return true;
    if (transaction != NULL) {
        server->spare = transaction->next;
        server->spares--;
    } else {
        transaction = malloc(sizeof *transaction);
        if (transaction == NULL)
            return false;
        transaction->kept = transaction->content = NULL;
        http_reply_init(&transaction->reply);
        clear_transaction(transaction);
    }
    self->transaction = transaction;
    return true;
}

/* Puts the transaction back on the stack of spare ones, and releases the buffers of the
 * stream. Unread bytes are lost. */
static void put_back_transaction(struct http_connection *self)
{
    struct http_server *server = self->server;
    struct stream *stream = &self->stream;
    struct http_transaction *transaction = self->transaction;

    if (transaction == NULL)
        return;
    self->transaction = NULL;
    clear_transaction(transaction);
    stream_rest(stream);
    if (stream->out != NULL && stream_unsent(stream) == 0) {
        free(stream->out); /* of an answer that the kernel did not accept at once */
        stream->out = NULL;
        stream->out_start = stream->out_end = stream->out_room = 0;
    }
    if (server->spares >= HTTP_SPARE_MAX || server->closing) {
        free(transaction);
        return;
    }
    transaction->next = server->spare;
    server->spare = transaction;
    server->spares++;
}

void http_connection_free_spares(struct http_server *server)
{
    struct http_transaction *transaction;

    while ((transaction = server->spare) != NULL) {
        server->spare = transaction->next;
        free(transaction);
    }
    server->spares = 0;
}

/* ---- deadlines --------------------------------------------------------------------- */

/*
 * A connection has one timer. Moving it for each request would cost more than the
 * request, so only `deadline` moves, and the timer compares it with the clock when it
 * fires. On a missed deadline it closes the stream, so the task's current await fails.
 */
static void on_deadline(struct handle *h);

static void allow_until(struct http_connection *self, double when)
{
    struct loop *loop = self->stream.sock.loop;

    self->deadline = when;
    if (self->timer.slot != 0 && self->timer.when <= self->deadline)
        return;
    timer_cancel(loop, &self->timer);
    if (loop_call_at(loop, &self->timer, self->deadline, on_deadline) != 0)
        stream_close(&self->stream); /* a connection must not live without a deadline */
}

/* Sets the deadline to `seconds` from now. */
static void allow_seconds(struct http_connection *self, double seconds)
{
    allow_until(self, loop_time(self->stream.sock.loop) + seconds);
}

/* Sets the deadline for the body. It grows with the bytes of the body received so far. */
static void allow_body(struct http_connection *self)
{
    const struct http_transaction *transaction = self->transaction;

    allow_until(self, transaction->body_began + HTTP_BODY_SECONDS +
                          (double)transaction->body.payload / HTTP_PACE);
}

/* Returns true when the peer has accepted enough bytes since the timer last fired. */
static bool has_progressed(struct http_connection *self)
{
    off_t before = self->progress;

    if (self->stage != HTTP_SENDING)
        return false;
    self->progress = self->transaction->send.at - (off_t)stream_unsent(&self->stream);
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
        allow_seconds(self, HTTP_SEND_SECONDS);
    } else {
        if (self->stage == HTTP_READING)
            stream_write(&self->stream, late, sizeof late - 1);
        stream_close(&self->stream);
    }
}

/* ---- who answers ------------------------------------------------------------------- */

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Returns the status for a malformed head. */
static int bad_head_status(const struct http_head *head)
{
    if (starts(head->why, "bad-version"))
        return 505;
    if (starts(head->why, "too-big"))
        return head->started ? 431 : 414;
    return 400;
}

/* Is this a method of RFC 9110 9, of RFC 5789 or of the table? */
static bool method_known(const struct http_route *routes, struct span method)
{
    static const char *const names[] = { "GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                         "CONNECT", "OPTIONS", "TRACE", "PATCH" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (http_method_is(method, names[i]))
            return true;
    for (; routes->path != NULL; routes++)
        if (http_method_is(method, routes->method))
            return true;
    return false;
}

/* Splits a target in origin-form or absolute-form into path and query (RFC 9112 3.2). The
 * path of asterisk-form and of authority-form, CONNECT's, is "/". */
static void split_target(struct http_request *request, struct span target)
{
    static const struct span root = { "/", 1 };
    const char *at = target.at, *end = at + target.n, *mark;

    request->query = (struct span){ "", 0 };
    if (target.n > 7 && http_same_letters(at, "http://", 7))
        for (at += 7; at < end && *at != '/' && *at != '?'; at++)
            ;
    else if (*at != '/')
        at = end;
    mark = at < end ? memchr(at, '?', (size_t)(end - at)) : NULL;
    if (mark != NULL)
        request->query = (struct span){ mark + 1, (size_t)(end - mark - 1) };
    request->path = (struct span){ at, (size_t)((mark != NULL ? mark : end) - at) };
    if (request->path.n == 0)
        request->path = root;
}

static const struct http_route *table(const struct http_server *server)
{
    return server->routes != NULL ? server->routes : server->any;
}

/* Does the client expect anything but 100 (Continue), which is all that RFC 9110 10.1.1
 * defines? */
static bool expects_more(const struct http_head *head)
{
    const struct span *expect = http_field(head, "expect");

    return expect != NULL && !http_span_is(*expect, "100-continue");
}

/* Returns the status that refuses a request because of its body, or 0. */
static int bad_body(const struct http_transaction *transaction)
{
    const struct http_body *body = &transaction->body;

    if (body->why != NULL)
        return starts(body->why, "te-unsupported") ? 501 : 400;
    if (body->kind == HTTP_LENGTH && body->left > transaction->body_max)
        return 413;
    return expects_more(&transaction->head) ? 417 : 0;
}

/* Finds the row that answers, or sets the status that refuses the request. */
static void find_route(const struct http_server *server,
                       struct http_transaction *transaction)
{
    const struct http_route *routes = table(server);
    struct http_request request;
    bool takes;

    split_target(&request, transaction->head.target);
    transaction->route =
        http_route(routes, transaction->head.method, request.path, transaction->allow);
    takes = transaction->route != NULL && transaction->route->body_max > 0;
    transaction->body_max = takes ? transaction->route->body_max : HTTP_DROP_MAX;
    transaction->refusal = bad_body(transaction);
    if (transaction->refusal != 0) {
        transaction->unread = true;
        return;
    }
    /* No route takes the body, and the client waits for 100 before it sends the body: it
     * gets the answer instead. */
    transaction->unread = !takes && !http_body_done(&transaction->body) &&
                          http_field(&transaction->head, "expect") != NULL;
    if (transaction->route == NULL)
        transaction->refusal = transaction->allow[0] == '\0'                    ? 404
                               : method_known(routes, transaction->head.method) ? 405
                                                                                : 501;
}

static const char *today(struct http_server *server)
{
    time_t now = time(NULL);

    if (now != server->now)
        http_date(server->date, server->now = now);
    return server->date;
}

/* Decides how to answer a request whose head is complete or malformed: sets refusal or
 * route, body_max and manner. The head stays in the stream. */
static void decide(struct http_connection *self)
{
    struct http_server *server = self->server;
    struct http_transaction *transaction = self->transaction;

    transaction->route = NULL;
    transaction->allow[0] = '\0';
    transaction->body.why = NULL;
    transaction->manner =
        (struct http_manner){ .date = today(server), .minor_version = 1 };
    if (transaction->size <= 0) {
        transaction->refusal = bad_head_status(&transaction->head);
        transaction->unread = true;
        return;
    }
    http_framing(&transaction->body, &transaction->head, NULL);
    transaction->manner.minor_version = transaction->head.minor_version;
    transaction->manner.head_only = http_method_is(transaction->head.method, "HEAD");
    find_route(server, transaction);
}

/* Lets the route's handler fill in the reply, or fills in a refusal, and logs it. */
static void answer(struct http_connection *self)
{
    struct http_server *server = self->server;
    struct http_transaction *transaction = self->transaction;
    struct http_request request = { .head = &transaction->head,
                                    .body = { transaction->content,
                                              transaction->content_n } };

    http_reply_init(&transaction->reply);
    if (transaction->size > 0)
        split_target(&request, transaction->head.target);
    if (transaction->refusal == 0)
        transaction->route->answer(server, &request, &transaction->reply);
    else
        http_reply_status(&transaction->reply, transaction->refusal);
    if (transaction->refusal == 405)
        transaction->reply.allow = transaction->allow;
    if (server->log != NULL)
        server->log(server, transaction->size > 0 ? &request : NULL, &transaction->reply);
}

/* ---- the body ---------------------------------------------------------------------- */

static void refuse(struct http_transaction *transaction, int status)
{
    transaction->refusal = status;
    transaction->unread = true;
}

/*
 * Prepares for a body that is to be read, and sends 100 (Continue) to a client that waits
 * for it. The head lies in the stream's buffer, where the body would overwrite it. So it
 * is copied here and parsed again in its new place. A request without a body does not pay
 * for that.
 */
static void begin_body(struct http_connection *self)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct http_transaction *transaction = self->transaction;
    size_t n = (size_t)transaction->size;

    transaction->kept = malloc(n);
    if (transaction->kept == NULL) {
        refuse(transaction, 503);
        return;
    }
    memcpy(transaction->kept, stream_data(&self->stream), n);
    http_head_init(&transaction->head);
    http_parse_request(&transaction->head, transaction->kept, n);
    stream_consume(&self->stream, n);
    if (http_field(&transaction->head, "expect") != NULL &&
        transaction->head.minor_version > 0 && stream_available(&self->stream) == 0)
        stream_write(&self->stream, go_on, sizeof go_on - 1);
}

/* The buffer grows with the bytes received, never with the length announced. Returns 0
 * or a status. */
static int add(struct http_transaction *transaction, struct span data)
{
    size_t n = transaction->content_n + data.n;

    if (n > transaction->content_room) {
        size_t room = n * 2 < 4096 ? 4096 : n * 2;
        char *content;

        room = room > transaction->body_max ? transaction->body_max : room;
        content = realloc(transaction->content, room);
        if (content == NULL)
            return 503;
        transaction->content = content;
        transaction->content_room = room;
    }
    memcpy(transaction->content + transaction->content_n, data.at, data.n);
    transaction->content_n = n;
    return 0;
}

/* Keeps or drops a piece of payload. Returns 0, or the status that refuses it. */
static int take(struct http_transaction *transaction, struct span data)
{
    if (transaction->body.payload > transaction->body_max)
        return 413;
    if (transaction->route == NULL || transaction->route->body_max == 0 || data.n == 0)
        return 0;
    return add(transaction, data);
}

/* Takes or drops the received part of the body. Returns true when the body is complete,
 * or when it is refused: `unread` and `refusal` are set, and the rest is not read. */
static bool read_body(struct http_connection *self)
{
    struct http_transaction *transaction = self->transaction;
    struct stream *stream = &self->stream;
    int done = http_body_done(&transaction->body), status;

    while (done == 0 && !transaction->unread && stream_available(stream) > 0) {
        struct span data = { NULL, 0 };
        size_t used = 0;

        done = http_body_read(&transaction->body, stream_data(stream),
                              stream_available(stream), &used, &data);
        status = done < 0 ? 400 : take(transaction, data);
        if (status != 0)
            refuse(transaction, status);
        stream_consume(stream, used);
    }
    if (done == 0 && !transaction->unread && stream->eof)
        refuse(transaction, 400);
    return done != 0 || transaction->unread;
}

/* ---- the connection ---------------------------------------------------------------- */

/* Returns true when the head is complete or malformed, or when the peer has closed. When
 * it returns false, it has set the deadline: HTTP_IDLE_SECONDS until the first byte,
 * HTTP_HEAD_SECONDS from the first byte on. */
static bool have_head(struct http_connection *self)
{
    size_t n = stream_available(&self->stream);
    struct http_transaction *transaction = self->transaction;

    if (n > 0)
        transaction->size =
            http_parse_request(&transaction->head, stream_data(&self->stream), n);
    if ((n > 0 && transaction->size != 0) || self->stream.eof)
        return true;
    if (n == 0)
        allow_seconds(self, HTTP_IDLE_SECONDS);
    else if (self->stage == HTTP_IDLE)
        allow_seconds(self, HTTP_HEAD_SECONDS);
    self->stage = n == 0 ? HTTP_IDLE : HTTP_READING;
    return false;
}

static void begin_request(struct http_connection *self)
{
    self->stage = HTTP_IDLE;
    if (stream_available(&self->stream) == 0)
        put_back_transaction(self);
    else
        clear_transaction(self->transaction);
}

static bool has_body(struct http_connection *self)
{
    struct http_transaction *transaction = self->transaction;

    self->stage = HTTP_READING;
    transaction->body_began = loop_time(self->stream.sock.loop);
    return !transaction->unread && !http_body_done(&transaction->body);
}

static bool anything_dropped(struct http_connection *self)
{
    stream_consume(&self->stream, stream_available(&self->stream));
    return self->stream.eof;
}

/* Fills in the reply to the request. Returns the delay of the answer in seconds. */
static double answered(struct http_connection *self)
{
    struct http_transaction *transaction = self->transaction;

    self->stage = HTTP_ANSWERING;
    self->deadline = 0;
    answer(self);
    if (transaction->size > 0 && transaction->kept == NULL)
        stream_consume(&self->stream, (size_t)transaction->size);
    return transaction->reply.delay + self->server->latency;
}

/* Decides whether another request may follow this answer. */
static void begin_sending(struct http_connection *self)
{
    struct http_transaction *transaction = self->transaction;

    transaction->manner.keep = !transaction->unread &&
                               http_keep_alive(&transaction->body) &&
                               !self->server->closing && !self->stream.eof;
    self->linger = transaction->unread;
    self->progress = 0;
    self->stage = HTTP_SENDING;
    allow_seconds(self, HTTP_SEND_SECONDS);
}

static co_status connection_body(struct coro *co)
{
    struct http_connection *self = co_self(co, struct http_connection);
    double delay;

    ASYNC (co) {
        do {
            begin_request(self);
            while (!have_head(self)) {
                if (self->transaction == NULL)
                    AWAIT(sock_readable(&self->fill.wait, &self->stream.sock));
                if (!get_transaction(self))
                    return co_raise(co, ENOMEM);
                AWAIT(stream_fill(&self->fill, &self->stream));
            }
            if (self->transaction == NULL || self->transaction->size == 0)
                break; /* the peer has closed */
            decide(self);
            if (has_body(self)) {
                begin_body(self);
                while (!read_body(self)) {
                    allow_body(self);
                    AWAIT(stream_fill(&self->fill, &self->stream));
                }
            }
            delay = answered(self);
            if (delay > 0)
                AWAIT(async_sleep(&self->transaction->sleep, delay));
            begin_sending(self);
            AWAIT(http_send(&self->transaction->send, &self->stream,
                            &self->transaction->reply, &self->transaction->manner));
            http_reply_release(&self->transaction->reply);
        } while (self->transaction->manner.keep);

        /* Closing a socket with unread bytes resets the connection, and the reset can
         * destroy the answer on its way. So read on for a while. */
        if (self->linger && stream_write_eof(&self->stream) == 0) {
            self->stage = HTTP_ANSWERING;
            allow_seconds(self, HTTP_LINGER_SECONDS);
            while (!anything_dropped(self))
                AWAIT(stream_fill(&self->fill, &self->stream));
        }

    FINALLY:
        put_back_transaction(self);
    }
    return co_done(co);
}

/* Called when the task is done, also when it was cancelled before its first step. A
 * broken connection is no error of the server: the task's error is retrieved and
 * dropped. */
static void on_ended(struct handle *h)
{
    struct http_connection *self = container_of(h, struct http_connection, ended);

    future_error(&self->task.future);
    timer_cancel(self->stream.sock.loop, &self->timer);
    stream_close(&self->stream);
    ring_remove(&self->link);
    server_detach(&self->server->server);
}

int http_connection_start(struct http_server *server, int fd)
{
    struct loop *loop = server->server.listener.loop;
    struct http_connection *self = malloc(sizeof *self);

    if (self == NULL)
        return ENOMEM;
    self->server = server;
    self->transaction = NULL;
    self->stage = HTTP_IDLE;
    self->linger = false;
    self->deadline = 0;
    timer_init(&self->timer);
    stream_adopt(&self->stream, loop, fd);
    ring_append(&server->connections, &self->link);
    loop_create_task(loop, &self->task, co_init(&self->co, connection_body));
    task_detach(&self->task);
    handle_init(&self->ended);
    future_add_done_callback(&self->task.future, &self->ended, on_ended);
    return 0;
}
