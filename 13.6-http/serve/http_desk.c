/* http_desk.c - the desks of a server: a stack of spare ones. Next: http_decide.c. */
#include <stdlib.h>

#include "http_connection.h"

bool http_desk_take(struct http_connection *self)
{
    struct http_server *server = self->server;
    struct http_desk *desk = server->spare;

    if (self->desk != NULL)
        return true;
    if (desk != NULL) {
        server->spare = desk->next;
        server->spares--;
    } else {
        desk = malloc(sizeof *desk);
        if (desk == NULL)
            return false;
        desk->kept = desk->content = NULL;
        http_reply_init(&desk->reply);
        http_desk_clear(desk);
    }
    self->desk = desk;
    return true;
}

void http_desk_clear(struct http_desk *desk)
{
    http_reply_release(&desk->reply);
    free(desk->kept);
    free(desk->content);
    desk->kept = desk->content = NULL;
    desk->content_n = desk->content_room = 0;
    desk->size = 0;
    http_head_init(&desk->head);
}

void http_desk_return(struct http_connection *self)
{
    struct http_server *server = self->server;
    struct stream *stream = &self->stream;
    struct http_desk *desk = self->desk;

    if (desk == NULL)
        return;
    self->desk = NULL;
    http_desk_clear(desk);
    stream_rest(stream);
    if (stream->out != NULL && stream_unsent(stream) == 0) {
        free(stream->out); /* of an answer that the system did not take at once */
        stream->out = NULL;
        stream->out_start = stream->out_end = stream->out_room = 0;
    }
    if (server->spares >= HTTP_SPARE_MAX || server->closing) {
        free(desk);
        return;
    }
    desk->next = server->spare;
    server->spare = desk;
    server->spares++;
}

void http_desk_free_all(struct http_server *server)
{
    struct http_desk *desk;

    while ((desk = server->spare) != NULL) {
        server->spare = desk->next;
        free(desk);
    }
    server->spares = 0;
}
