/* stream_flush.c - a drain that waits until the system has taken all, not only enough. */
#include "stream.h"

static co_status stream_flush_body(struct coro *co)
{
    struct stream_drain *self = co_self(co, struct stream_drain);
    struct stream *stream = self->stream;

    ASYNC (co) {
        while (stream->error == 0 && stream_unsent(stream) > 0) {
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

struct coro *stream_flush(struct stream_drain *self, struct stream *stream)
{
    self->stream = stream;
    self->in_line.next = NULL;
    return co_init(&self->co, stream_flush_body);
}
