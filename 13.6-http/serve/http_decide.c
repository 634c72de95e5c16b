/*
 * http_decide.c - from a request's head to who answers it, and from there to the reply.
 * Nothing waits here. Next: http_take.c, which reads the body between the two.
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

/* Methods that exist, RFC 9110 9 and RFC 5789; and those of the table. */
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

/* RFC 9112 3.2: the path and query of a target in origin-form or absolute-form; "/" for
 * "*" and what CONNECT names. */
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

/* RFC 9110 10.1.1: the only thing that may be expected is that we say so. */
static bool expects_more(const struct http_head *head)
{
    const struct span *expect = http_field(head, "expect");

    return expect != NULL && !http_span_is(*expect, "100-continue");
}

/* The status that refuses a request because of its body, or 0. */
static int bad_body(const struct http_desk *desk)
{
    const struct http_body *body = &desk->body;

    if (body->why != NULL)
        return starts(body->why, "te-unsupported") ? 501 : 400;
    if (body->kind == HTTP_LENGTH && body->left > desk->body_max)
        return 413;
    return expects_more(&desk->head) ? 417 : 0;
}

/* Find who answers; or set the status that refuses the request. */
static void find_route(const struct http_server *server, struct http_desk *desk)
{
    const struct http_route *routes = table(server);
    struct http_request request;
    bool takes;

    split_target(&request, desk->head.target);
    desk->route = http_route(routes, desk->head.method, request.path, desk->allow);
    takes = desk->route != NULL && desk->route->body_max > 0;
    desk->body_max = takes ? desk->route->body_max : HTTP_DROP_MAX;
    desk->refusal = bad_body(desk);
    if (desk->refusal != 0) {
        desk->unread = true;
        return;
    }
    /* Who waits for our word before a body that nobody wants gets the answer instead. */
    desk->unread = !takes && !http_body_done(&desk->body) &&
                   http_field(&desk->head, "expect") != NULL;
    if (desk->route == NULL)
        desk->refusal = desk->allow[0] == '\0'                    ? 404
                        : method_known(routes, desk->head.method) ? 405
                                                                  : 501;
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
    struct http_desk *desk = self->desk;

    desk->route = NULL;
    desk->allow[0] = '\0';
    desk->body.why = NULL;
    desk->manner = (struct http_manner){ .date = today(server), .minor_version = 1 };
    if (desk->size <= 0) {
        desk->refusal = bad_head_status(&desk->head);
        desk->unread = true;
        return;
    }
    http_framing(&desk->body, &desk->head, NULL);
    desk->manner.minor_version = desk->head.minor_version;
    desk->manner.head_only = http_method_is(desk->head.method, "HEAD");
    find_route(server, desk);
}

void http_answer(struct http_connection *self)
{
    struct http_server *server = self->server;
    struct http_desk *desk = self->desk;
    struct http_request request = { .head = &desk->head,
                                    .body = { desk->content, desk->content_n } };

    http_reply_init(&desk->reply);
    if (desk->size > 0)
        split_target(&request, desk->head.target);
    if (desk->refusal == 0)
        desk->route->answer(server, &request, &desk->reply);
    else
        http_reply_status(&desk->reply, desk->refusal);
    if (desk->refusal == 405)
        desk->reply.allow = desk->allow;
    if (server->log != NULL)
        server->log(server, desk->size > 0 ? &request : NULL, &desk->reply);
}
