/*
 * http_take.c - the body of a request, taken or dropped as it comes.
 *
 * The request's head lies in the stream's buffer, which a body pushes on. So when one
 * comes the head is copied, and read again where it stays; a request without a body never
 * pays for that.
 */
#include <stdlib.h>
#include <string.h>

#include "http_connection.h"

static void refuse(struct http_desk *desk, int status)
{
    desk->refusal = status;
    desk->unread = true;
}

void http_body_begin(struct http_connection *self)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct http_desk *desk = self->desk;
    size_t n = (size_t)desk->size;

    desk->kept = malloc(n);
    if (desk->kept == NULL) {
        refuse(desk, 503);
        return;
    }
    memcpy(desk->kept, stream_data(&self->stream), n);
    http_head_init(&desk->head);
    http_parse_request(&desk->head, desk->kept, n);
    stream_consume(&self->stream, n);
    if (http_field(&desk->head, "expect") != NULL && desk->head.minor_version > 0 &&
        stream_available(&self->stream) == 0)
        stream_write(&self->stream, go_on, sizeof go_on - 1);
}

/* Memory grows with what has come, never with what was announced. */
static int add(struct http_desk *desk, struct span data)
{
    size_t n = desk->content_n + data.n;

    if (n > desk->content_room) {
        size_t room = n * 2 < 4096 ? 4096 : n * 2;
        char *content;

        room = room > desk->body_max ? desk->body_max : room;
        content = realloc(desk->content, room);
        if (content == NULL)
            return 503;
        desk->content = content;
        desk->content_room = room;
    }
    memcpy(desk->content + desk->content_n, data.at, data.n);
    desk->content_n = n;
    return 0;
}

/* A piece of payload: 0, or the status that refuses it. */
static int take(struct http_desk *desk, struct span data)
{
    if (desk->body.payload > desk->body_max)
        return 413;
    if (desk->route == NULL || desk->route->body_max == 0 || data.n == 0)
        return 0;
    return add(desk, data);
}

bool http_body_in(struct http_connection *self)
{
    struct http_desk *desk = self->desk;
    struct stream *stream = &self->stream;
    int done = http_body_done(&desk->body), status;

    while (done == 0 && !desk->unread && stream_available(stream) > 0) {
        struct span data = { NULL, 0 };
        size_t used = 0;

        done = http_body_read(&desk->body, stream_data(stream), stream_available(stream),
                              &used, &data);
        status = done < 0 ? 400 : take(desk, data);
        if (status != 0)
            refuse(desk, status);
        stream_consume(stream, used);
    }
    if (done == 0 && !desk->unread && stream->eof)
        refuse(desk, 400);
    return done != 0 || desk->unread;
}
