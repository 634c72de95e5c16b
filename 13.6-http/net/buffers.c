/*
 * buffers.c - where streams receive. A stream has a buffer only while it holds something
 * that is unread: so ten thousand connections that wait have none, and those that read take
 * turns at memory which is still in the processor's cache.
 */
#include <stdlib.h>

#include "stream.h"

enum { SPARE_MAX = 16 };

struct buffers { /* of a loop */
    struct loop *loop;
    struct closer closer;
    int count;
    char *spare[SPARE_MAX]; /* the latest last, each of STREAM_BUFFER bytes */
};

static void close_buffers(struct closer *closer)
{
    struct buffers *self = container_of(closer, struct buffers, closer);

    while (self->count > 0)
        free(self->spare[--self->count]);
    self->loop->buffers = NULL;
    free(self);
}

/* Those of the loop, or NULL: it is closed, or there is no memory. */
static struct buffers *buffers_of(struct loop *loop)
{
    struct buffers *self = loop->buffers;

    if (self != NULL || loop->closed)
        return self;
    self = calloc(1, sizeof *self);
    if (self == NULL)
        return NULL;
    self->loop = loop;
    self->closer.close = close_buffers;
    loop_on_close(loop, &self->closer);
    return loop->buffers = self;
}

char *stream_buffer(struct loop *loop)
{
    struct buffers *self = loop->buffers;

    if (self != NULL && self->count > 0)
        return self->spare[--self->count];
    return malloc(STREAM_BUFFER);
}

void stream_rest(struct stream *stream)
{
    struct buffers *self = NULL;

    if (stream->in_room == STREAM_BUFFER)
        self = buffers_of(stream->sock.loop);
    if (self != NULL && self->count < SPARE_MAX)
        self->spare[self->count++] = stream->in;
    else
        free(stream->in);
    stream->in = NULL;
    stream->start = stream->end = stream->in_room = 0;
}
