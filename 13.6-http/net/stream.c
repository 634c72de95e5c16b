/* stream.c - a stream's life, and asyncio's StreamWriter. Next: stream_read.c. */
#include "stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct future_kind stream_drain_kind = { .what = "a stream to drain",
                                               .cancel = future_end_cancelled };

void stream_init(struct stream *stream, struct loop *loop)
{
    *stream = (struct stream){ .limit = STREAM_LIMIT };
    sock_init(&stream->sock, loop);
    ring_init(&stream->drainers);
}

void stream_adopt(struct stream *stream, struct loop *loop, int fd)
{
    stream_init(stream, loop);
    sock_adopt(&stream->sock, loop, fd);
}

/* Let every drainer go on: sending is far enough, or has failed. */
static void wake_drainers(struct stream *stream)
{
    while (!ring_empty(&stream->drainers)) {
        struct link *first = stream->drainers.next;

        ring_remove(first);
        future_set_result(&container_of(first, struct stream_drain, in_line)->ready,
                          NULL);
    }
}

void stream_close(struct stream *stream)
{
    if (stream->error == 0)
        stream->error = ECONNABORTED;
    sock_close(&stream->sock);
    handle_cancel(&stream->pump);
    wake_drainers(stream);
    stream_rest(stream);
    free(stream->out);
    stream->out = NULL;
    stream->out_start = stream->out_end = stream->out_room = 0;
}

static void pump(struct handle *h)
{
    struct stream *stream = container_of(h, struct stream, pump);
    ssize_t n =
        sock_send(&stream->sock, stream->out + stream->out_start, stream_unsent(stream));

    if (n >= 0)
        stream->out_start += (size_t)n;
    else if (errno != EAGAIN)
        stream->error = errno;
    if (stream_unsent(stream) == 0 || stream->error != 0) {
        loop_remove_writer(stream->sock.loop, stream->sock.fd);
        stream->out_start = stream->out_end = 0;
    }
    if (stream_unsent(stream) <= STREAM_LOW_MARK) {
        stream->paused = false;
        wake_drainers(stream);
    }
}

/* Keep a copy of what could not be sent, behind what waits already. */
static int keep_unsent(struct stream *stream, const char *data, size_t n)
{
    size_t unsent = stream_unsent(stream);

    if (unsent + n > stream->out_room) {
        size_t room = (unsent + n) * 2;
        char *out = malloc(room);

        if (out == NULL)
            return ENOMEM;
        if (unsent > 0)
            memcpy(out, stream->out + stream->out_start, unsent);
        free(stream->out);
        stream->out = out;
        stream->out_room = room;
    } else if (unsent > 0) {
        memmove(stream->out, stream->out + stream->out_start, unsent);
    }
    memcpy(stream->out + unsent, data, n);
    stream->out_start = 0;
    stream->out_end = unsent + n;
    stream->paused = stream->paused || stream->out_end > STREAM_HIGH_MARK;
    return unsent > 0
               ? 0
               : loop_add_writer(stream->sock.loop, stream->sock.fd, &stream->pump, pump);
}

int stream_write(struct stream *stream, const void *data, size_t n)
{
    ssize_t sent = 0;

    if (stream->error != 0)
        return stream->error;
    if (stream->sock.fd < 0)
        return EBADF;
    if (stream_unsent(stream) == 0) {
        sent = sock_send(&stream->sock, data, n);
        if (sent < 0 && errno != EAGAIN)
            return stream->error = errno;
        if (sent < 0)
            sent = 0;
    }
    if ((size_t)sent == n)
        return 0;
    return stream->error =
               keep_unsent(stream, (const char *)data + sent, n - (size_t)sent);
}

int stream_write_eof(struct stream *stream)
{
    return stream->error != 0 ? stream->error : sock_shutdown(&stream->sock);
}

static co_status stream_drain_body(struct coro *co)
{
    struct stream_drain *self = co_self(co, struct stream_drain);
    struct stream *stream = self->stream;

    ASYNC (co) {
        if (stream->error == 0 && stream->paused) {
            future_init_kind(&self->ready, stream->sock.loop, &stream_drain_kind);
            ring_append(&stream->drainers, &self->in_line);
            AWAIT(&self->ready);
        }
        return co_raise(co, stream->error);

    FINALLY:
        ring_remove(&self->in_line);
    }
    return co_done(co);
}

struct coro *stream_drain(struct stream_drain *self, struct stream *stream)
{
    self->stream = stream;
    self->in_line.next = NULL;
    return co_init(&self->co, stream_drain_body);
}
