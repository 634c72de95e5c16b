/*
 * http_decide.c - from a request's head to the reply: refuse it, or ask the server's
 * function. Nothing waits here.
 */
#include <string.h>

#include "http_connection.h"

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* The status for a head that is malformed. */
static int bad_head_status(const struct http_head *head)
{
    if (starts(head->why, "bad-version"))
        return 505;
    if (starts(head->why, "too-big"))
        return head->started ? 431 : 414;
    return 400;
}

static bool method_is(struct span method, const char *name)
{
    return method.n == strlen(name) && memcmp(method.at, name, method.n) == 0;
}

/* Methods that exist, RFC 9110 9 and RFC 5789, and that we do not have. */
static bool method_known(struct span method)
{
    static const char *const names[] = { "POST",    "PUT",   "DELETE", "CONNECT",
                                         "OPTIONS", "TRACE", "PATCH" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (method_is(method, names[i]))
            return true;
    return false;
}

/* The status that refuses a request, or 0. */
static int refusal(struct http_connection *self)
{
    struct span method = self->head.method;
    const struct http_body *body = &self->body;

    if (body->why != NULL)
        return starts(body->why, "te-unsupported") ? 501 : 400;
    if (body->kind == HTTP_CHUNKED)
        return 411;
    if (body->kind == HTTP_LENGTH && body->left > HTTP_DROP_MAX)
        return 413;
    if (http_field(&self->head, "expect") != NULL && !http_body_done(body))
        return 417;
    self->drop = true;
    if (!method_is(method, "GET") && !method_is(method, "HEAD"))
        return method_known(method) ? 405 : 501;
    return 0;
}

/* RFC 9112 3.2: the path and query of a target in origin-form or absolute-form. */
static void split_target(struct http_request *request, struct span target)
{
    static const struct span root = { "/", 1 };
    const char *end = target.at + target.n, *mark;

    if (*target.at != '/') { /* http://host/path */
        const char *at = target.at + strlen("http://");

        while (at < end && *at != '/' && *at != '?')
            at++;
        target = (struct span){ at, (size_t)(end - at) };
    }
    mark = target.n > 0 ? memchr(target.at, '?', target.n) : NULL;
    request->path =
        mark == NULL ? target : (struct span){ target.at, (size_t)(mark - target.at) };
    request->query = mark == NULL ? (struct span){ "", 0 }
                                  : (struct span){ mark + 1, (size_t)(end - mark - 1) };
    if (request->path.n == 0)
        request->path = root;
}

static const char *today(struct http_server *server)
{
    time_t now = time(NULL);

    if (now != server->now)
        http_date(server->date, server->now = now);
    return server->date;
}

void http_decide(struct http_connection *self)
{
    struct http_server *server = self->server;
    struct http_request request = { .head = &self->head };
    int status;

    self->drop = false;
    self->body.why = NULL;
    self->manner = (struct http_manner){ .date = today(server) };
    http_reply_init(&self->reply);
    if (self->size > 0) {
        http_framing(&self->body, &self->head, NULL);
        self->manner.minor_version = self->head.minor_version;
        self->manner.head_only = method_is(self->head.method, "HEAD");
    } else {
        self->manner.minor_version = 1;
    }
    status = self->size < 0 ? bad_head_status(&self->head) : refusal(self);
    if (status == 0) {
        split_target(&request, self->head.target);
        server->answer(server, &request, &self->reply);
    } else {
        http_reply_status(&self->reply, status);
    }
    if (server->log != NULL)
        server->log(server, self->size > 0 ? &request : NULL, &self->reply);
    if (self->size > 0)
        stream_consume(&self->stream, (size_t)self->size);
}
