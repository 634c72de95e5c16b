/* stream_read.c - asyncio's StreamReader: receive until there is enough, hand it out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "stream.h"

void stream_consume(struct stream *stream, size_t n)
{
    stream->start += n;
    if (stream->start == stream->end)
        stream->start = stream->end = 0;
}

/* Room for at least one more byte: move what is unread to the front, else grow. */
static int make_room(struct stream *stream)
{
    size_t unread = stream_available(stream), room;
    char *in;

    if (stream->end < stream->in_room)
        return 0;
    if (stream->start > 0) {
        memmove(stream->in, stream->in + stream->start, unread);
        stream->start = 0;
        stream->end = unread;
        return 0;
    }
    room = stream->in_room == 0 ? STREAM_BUFFER : stream->in_room * 2;
    in =
        stream->in == NULL ? stream_buffer(stream->sock.loop) : realloc(stream->in, room);
    if (in == NULL)
        return ENOMEM;
    stream->in = in;
    stream->in_room = room;
    return 0;
}

static co_status stream_fill_body(struct coro *co)
{
    struct stream_fill *self = co_self(co, struct stream_fill);
    struct stream *stream = self->stream;
    ssize_t n;
    int err;

    ASYNC (co) {
        do {
            if (stream->sock.drained && stream_available(stream) == 0)
                stream_rest(stream);
            AWAIT(sock_readable(&self->wait, &stream->sock));
            err = make_room(stream);
            if (err != 0)
                return co_raise(co, err);
            n = sock_recv_now(&stream->sock, stream->in + stream->end,
                              stream->in_room - stream->end);
            if (n < 0 && errno != EAGAIN)
                return co_raise(co, errno);
        } while (n < 0);
        stream->end += (size_t)n;
        stream->eof = n == 0;
    }
    return co_done(co);
}

struct coro *stream_fill(struct stream_fill *self, struct stream *stream)
{
    self->stream = stream;
    return co_init(&self->co, stream_fill_body);
}

static void hand_out(struct stream_read *self, size_t n)
{
    self->data = stream_data(self->stream);
    self->n = n;
    self->stream->start += n; /* not stream_consume(): the bytes stay where they are */
}

static co_status stream_read_body(struct coro *co)
{
    struct stream_read *self = co_self(co, struct stream_read);
    struct stream *stream = self->stream;
    size_t n;

    ASYNC (co) {
        if (stream->start == stream->end)
            stream->start = stream->end = 0;
        if (self->want == 0)
            return co_done(co);
        while ((n = self->enough(self)) == 0 && !stream->eof)
            AWAIT(stream_fill(&self->fill, stream));
        if (n == STREAM_OVERRUN)
            return co_raise(co, AIO_LIMIT_OVERRUN);
        hand_out(self, n != 0 ? n : stream_available(stream));
        if (n == 0 && !self->partial)
            return co_raise(co, AIO_INCOMPLETE_READ);
    }
    return co_done(co);
}

static struct coro *build(struct stream_read *self, struct stream *stream,
                          size_t (*enough)(struct stream_read *), bool partial)
{
    self->stream = stream;
    self->enough = enough;
    self->partial = partial;
    self->searched = 0;
    self->data = "";
    self->n = 0;
    return co_init(&self->co, stream_read_body);
}

static size_t enough_any(struct stream_read *self)
{
    size_t n = stream_available(self->stream);

    return n < self->want ? n : self->want;
}

struct coro *stream_read(struct stream_read *self, struct stream *stream, size_t n)
{
    self->want = n;
    return build(self, stream, enough_any, true);
}

static size_t enough_exactly(struct stream_read *self)
{
    return stream_available(self->stream) >= self->want ? self->want : 0;
}

struct coro *stream_readexactly(struct stream_read *self, struct stream *stream, size_t n)
{
    self->want = n;
    return build(self, stream, enough_exactly, false);
}

/* Where the separator ends. What was searched before is not searched again. */
static size_t enough_until(struct stream_read *self)
{
    const char *data = stream_data(self->stream), *at;
    size_t n = stream_available(self->stream), limit = self->stream->limit;

    for (; self->searched + self->want <= n; self->searched++) {
        at = memchr(data + self->searched, self->separator[0],
                    n - self->searched - self->want + 1);
        self->searched = at != NULL ? (size_t)(at - data) : n - self->want + 1;
        if (at == NULL)
            break;
        if (memcmp(at, self->separator, self->want) == 0)
            return self->searched <= limit ? self->searched + self->want : STREAM_OVERRUN;
    }
    return self->searched <= limit ? 0 : STREAM_OVERRUN;
}

struct coro *stream_readuntil(struct stream_read *self, struct stream *stream,
                              const char *separator)
{
    self->separator = separator;
    self->want = strlen(separator);
    return build(self, stream, enough_until, false);
}

struct coro *stream_readline(struct stream_read *self, struct stream *stream)
{
    self->separator = "\n";
    self->want = 1;
    return build(self, stream, enough_until, true);
}
