/*
 * stream.h - asyncio's StreamReader and StreamWriter: buffered reading and writing.
 *
 *     AWAIT(stream_readline(&self->read, &stream));
 *     err = stream_write(&stream, self->read.data, self->read.n);
 *     AWAIT(stream_drain(&self->drain, &stream));
 *
 * A stream receives bytes only when a task asks for them. When more bytes than the high
 * mark are unsent, stream_drain() waits, so a slow reader slows its writer. Call these
 * functions on the loop's thread only. Next: resolve.h.
 */
#ifndef STREAM_H
#define STREAM_H

#include "sock.h"
#include "waiters.h"

enum {
    STREAM_LIMIT = 64 * 1024,     /* asyncio's limit: bytes of the longest line */
    STREAM_BUFFER = 128 * 1024,   /* bytes of a receive buffer */
    STREAM_HIGH_MARK = 64 * 1024, /* above this, stream_drain() waits ... */
    STREAM_LOW_MARK = 16 * 1024,  /* ... until no more than this is unsent */
};

struct stream {
    struct sock sock;
    /* received and unread bytes: in[start .. end) */
    char *in; /* `in_room` bytes, or NULL while nothing is unread */
    size_t start, end, in_room;
    size_t limit; /* bytes that readuntil accepts before the separator */
    bool eof;     /* the peer has ended its side */
    /* written and unsent bytes: out[out_start .. out_end) */
    char *out;
    size_t out_start, out_end, out_room;
    struct handle pump;      /* sends them when the socket is writable */
    bool paused;             /* above the high mark, and not yet at the low mark again */
    struct waiters drainers; /* waiters of stream_drain() and stream_flush() */
    int error;               /* error of sending; every later write fails with it */
};

/* Initializes a stream without a connection. Closing it does nothing. */
void stream_init(struct stream *stream, struct loop *loop);

/* Initializes a stream over `fd`, a connected socket, and takes ownership of it. */
void stream_adopt(struct stream *stream, struct loop *loop, int fd);

/* StreamWriter.close(): closes the connection and releases the buffers. Unsent bytes
 * are lost, so drain or flush first. A task that waits to read or flush gets
 * ECONNABORTED. Calling it again does nothing. */
void stream_close(struct stream *stream);

/* StreamWriter.write(): sends `n` bytes and keeps a copy of those that the system does
 * not take now. Returns 0, or the error of this or an earlier attempt to send (EPIPE,
 * ENOMEM, ...): after the first error the peer gets no more bytes. Returns EBADF when
 * the stream has no connection. */
int stream_write(struct stream *stream, const void *data, size_t n);

/* StreamWriter.write_eof(): shuts down the sending side. Call it when no byte is
 * unsent. Returns 0 or an errno value. */
int stream_write_eof(struct stream *stream);

/* Returns the number of bytes that are written but unsent. */
static inline size_t stream_unsent(const struct stream *stream)
{
    return stream->out_end - stream->out_start;
}

/* StreamWriter.drain(): when more than STREAM_HIGH_MARK bytes are unsent, waits until
 * no more than STREAM_LOW_MARK are. Any number of tasks can wait. Raises the error of
 * sending. */
struct stream_drain {
    struct coro co;
    struct stream *stream;
    struct waiter waiter;
};
struct coro *stream_drain(struct stream_drain *self, struct stream *stream);

/* Waits until every written byte is sent, whatever the marks are. Raises the error of
 * sending. */
struct coro *stream_flush(struct stream_drain *self, struct stream *stream);

/* Receives once and appends the bytes to the buffer: moves stream->end, or sets
 * stream->eof. Unread bytes stay in the buffer, which grows without limit: a caller
 * must consume, or stop at a bound of its own. Raises ENOMEM and the errors of
 * sock_recv(). */
struct stream_fill {
    struct coro co;
    struct stream *stream;
    struct sock_readable wait;
};
struct coro *stream_fill(struct stream_fill *self, struct stream *stream);

/* Returns the unread bytes. stream_consume() removes `n` of them. */
static inline const char *stream_data(const struct stream *stream)
{
    return stream->in != NULL ? stream->in + stream->start : "";
}

static inline size_t stream_available(const struct stream *stream)
{
    return stream->end - stream->start;
}

void stream_consume(struct stream *stream, size_t n);

/* Discards the received bytes and makes the buffer available to other streams of the
 * loop. stream_fill() calls it before a wait when no byte is unread, so a waiting
 * stream holds no memory. */
void stream_rest(struct stream *stream);

/* Returns a receive buffer of STREAM_BUFFER bytes, which the caller then owns, or NULL
 * when there is no memory. */
char *stream_buffer(struct loop *loop);

#define STREAM_OVERRUN ((size_t)-1)

/* The four reads share a frame. The results `data` and `n` are bytes within the
 * stream's buffer. They are valid until the next read or fill of this stream. */
struct stream_read {
    struct coro co;
    struct stream *stream;
    /* Returns how many bytes the read delivers, 0 when more must be received, or
     * STREAM_OVERRUN when the limit is exceeded. */
    size_t (*enough)(struct stream_read *self);
    const char *separator;
    size_t want;     /* bytes wanted, or the separator's length */
    size_t searched; /* bytes that contain no separator */
    bool partial;    /* fewer bytes suffice at the end of the stream */
    struct stream_fill fill;
    const char *data;
    size_t n;
};

/* StreamReader.read(n): returns at least one byte and at most `n`; none at the end. */
struct coro *stream_read(struct stream_read *self, struct stream *stream, size_t n);

/* StreamReader.readexactly(n): returns `n` bytes. Raises AIO_INCOMPLETE_READ when the
 * stream ends earlier; self->data and self->n are then the bytes that were received
 * (IncompleteReadError.partial), and they are consumed. */
struct coro *stream_readexactly(struct stream_read *self, struct stream *stream,
                                size_t n);

/* StreamReader.readuntil(): returns the bytes up to and including the separator, which
 * is not empty and must stay valid. Raises AIO_INCOMPLETE_READ like
 * stream_readexactly(), or AIO_LIMIT_OVERRUN when more than stream->limit bytes precede
 * the separator. After AIO_LIMIT_OVERRUN no byte is consumed. */
struct coro *stream_readuntil(struct stream_read *self, struct stream *stream,
                              const char *separator);

/* StreamReader.readline(): returns the bytes up to and including "\n", or the rest at
 * the end of the stream. Raises AIO_LIMIT_OVERRUN like stream_readuntil(), and the
 * line stays in the buffer. asyncio would discard it. */
struct coro *stream_readline(struct stream_read *self, struct stream *stream);

#endif
