/* stream.c - StreamWriter, receive buffers, and StreamReader. Next: resolve.h. */
#include "stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct future_kind drain_kind = { .what = "a stream to drain",
                                               .cancel = future_end_cancelled };

void stream_init(struct stream *stream, struct loop *loop)
{
    *stream = (struct stream){ .limit = STREAM_LIMIT };
    sock_init(&stream->sock, loop);
    waiters_init(&stream->drainers);
}

void stream_adopt(struct stream *stream, struct loop *loop, int fd)
{
    stream_init(stream, loop);
    sock_adopt(&stream->sock, loop, fd);
}

static void wake_drainers(struct stream *stream)
{
    while (waiters_pop(&stream->drainers))
        ;
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

/* Sends unsent bytes when the socket is writable. */
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

/* Appends a copy of the bytes that the system did not take to the unsent bytes. */
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
    int err;

    ASYNC (co) {
        if (stream->error == 0 && stream->paused) {
            err = waiters_join(&stream->drainers, &self->waiter, &drain_kind);
            if (err != 0)
                return co_raise(co, err);
            AWAIT(&self->waiter.future);
        }
        return co_raise(co, stream->error);

    FINALLY:
        waiter_leave(&self->waiter);
    }
    return co_done(co);
}

struct coro *stream_drain(struct stream_drain *self, struct stream *stream)
{
    self->stream = stream;
    self->waiter.link.next = NULL;
    return co_init(&self->co, stream_drain_body);
}

static co_status stream_flush_body(struct coro *co)
{
    struct stream_drain *self = co_self(co, struct stream_drain);
    struct stream *stream = self->stream;
    int err;

    ASYNC (co) {
        while (stream->error == 0 && stream_unsent(stream) > 0) {
            err = waiters_join(&stream->drainers, &self->waiter, &drain_kind);
            if (err != 0)
                return co_raise(co, err);
            AWAIT(&self->waiter.future);
        }
        return co_raise(co, stream->error);

    FINALLY:
        waiter_leave(&self->waiter);
    }
    return co_done(co);
}

struct coro *stream_flush(struct stream_drain *self, struct stream *stream)
{
    self->stream = stream;
    self->waiter.link.next = NULL;
    return co_init(&self->co, stream_flush_body);
}

/* ---- receive buffers ---- */

/* A stream has a buffer only while it has unread bytes. So ten thousand waiting
 * connections hold no buffer, and the reading ones share memory that is still in the
 * processor's cache. */

enum { SPARE_MAX = 16 };

struct buffers { /* the spare buffers of a loop */
    struct loop *loop;
    struct closer closer;
    int count;
    char *spare[SPARE_MAX]; /* each of STREAM_BUFFER bytes; the most recently used last */
};

static void close_buffers(struct closer *closer)
{
    struct buffers *self = container_of(closer, struct buffers, closer);

    while (self->count > 0)
        free(self->spare[--self->count]);
    self->loop->buffers = NULL;
    free(self);
}

/* Returns the loop's spare buffers, or NULL when the loop is closed or memory is
 * short. */
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

/* ---- reading ---- */

void stream_consume(struct stream *stream, size_t n)
{
    stream->start += n;
    if (stream->start == stream->end)
        stream->start = stream->end = 0;
}

/* Makes room for at least one more byte: moves the unread bytes to the front, or grows
 * the buffer. Returns 0 or ENOMEM. */
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

/* Makes the next `n` unread bytes the result of a read. */
static void hand_out(struct stream_read *self, size_t n)
{
    self->data = stream_data(self->stream);
    self->n = n;
    self->stream->start += n; /* not stream_consume(), which could move the bytes */
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

/* Returns the offset after the separator. Bytes that were searched before are not
 * searched again. */
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
