/*
 * stream.h - asyncio's StreamReader and StreamWriter: bytes come when and how they like,
 * so keep what you have, say what you wait for, and return to the loop.
 *
 * Nothing is received before somebody asks for it, and what is written beyond the high
 * mark makes stream_drain() wait: a slow reader slows its writer. Next: message.h.
 */
#ifndef STREAM_H
#define STREAM_H

#include "sock.h"
#include "waiters.h"

enum {
    STREAM_LIMIT = 64 * 1024,     /* asyncio's limit: the longest line */
    STREAM_BUFFER = 128 * 1024,   /* bytes that are received at once */
    STREAM_HIGH_MARK = 64 * 1024, /* unsent bytes above which drain waits ... */
    STREAM_LOW_MARK = 16 * 1024,  /* ... until no more than these are left */
};

struct stream {
    struct sock sock;
    /* received and not read yet: in[start .. end) */
    char *in; /* `in_room` bytes, or NULL while there is nothing to hold */
    size_t start, end, in_room;
    size_t limit; /* the longest that readuntil hands out */
    bool eof;     /* the peer has said its last */
    /* written and not sent yet: out[out_start .. out_end) */
    char *out;
    size_t out_start, out_end, out_room;
    struct handle pump;      /* sends it when the socket is writable */
    bool paused;             /* was above the high mark, not yet at the low one */
    struct waiters drainers; /* stream_drain frames that wait */
    int error;               /* what sending has met; every later write fails */
};

/* A stream without a connection: closing it does nothing. */
void stream_init(struct stream *stream, struct loop *loop);

/* A stream over `fd`, which is connected and now the stream's. */
void stream_adopt(struct stream *stream, struct loop *loop, int fd);

/* StreamWriter.close(): close the connection and release the buffers. What was not sent
 * is lost (drain first); tasks that wait at it get ECONNABORTED. Harmless twice. */
void stream_close(struct stream *stream);

/* StreamWriter.write(): send `n` bytes, keeping a copy of what the system does not take
 * now. 0; or the error that sending has met, now or earlier (EPIPE, ENOMEM, ...): after
 * the first one the peer never gets another byte. */
int stream_write(struct stream *stream, const void *data, size_t n);

/* StreamWriter.write_eof() when all is sent. 0 or an errno value. */
int stream_write_eof(struct stream *stream);

/* Bytes written and not sent. */
static inline size_t stream_unsent(const struct stream *stream)
{
    return stream->out_end - stream->out_start;
}

/* StreamWriter.drain(): when more than the high mark is unsent, wait until it is no more
 * than the low mark. Any number of tasks may. Raises the error that sending has met. */
struct stream_drain {
    struct coro co;
    struct stream *stream;
    struct waiter waiter;
};
struct coro *stream_drain(struct stream_drain *self, struct stream *stream);

/* Wait until all that was written is sent, whatever the marks (shelf). Raises as it does. */
struct coro *stream_flush(struct stream_drain *self, struct stream *stream);

/* Receive once more into the buffer, behind what is there: stream->end moves, or
 * stream->eof is set. The buffer grows by what nobody has consumed, so whoever fills it
 * sets a bound. Raises ENOMEM and what sock_recv() raises. */
struct stream_fill {
    struct coro co;
    struct stream *stream;
    struct sock_readable wait;
};
struct coro *stream_fill(struct stream_fill *self, struct stream *stream);

/* The bytes at hand, and taking `n` of them away. */
static inline const char *stream_data(const struct stream *stream)
{
    return stream->in != NULL ? stream->in + stream->start : "";
}

static inline size_t stream_available(const struct stream *stream)
{
    return stream->end - stream->start;
}

void stream_consume(struct stream *stream, size_t n);

/* For those who wait long: forget what was received, and let other streams of the loop have
 * the buffer. Whoever fills a stream does so when it has to wait. In shelf/buffers.c, as is
 * where a buffer comes from (STREAM_BUFFER bytes, the caller's; NULL: no memory). */
void stream_rest(struct stream *stream);
char *stream_buffer(struct loop *loop);

#define STREAM_OVERRUN ((size_t)-1)

/* The four reads share a frame. `data` and `n` are the result: bytes inside the stream's
 * buffer, good until the next read or fill of this stream. */
struct stream_read {
    struct coro co;
    struct stream *stream;
    /* how many bytes to hand out, 0: not yet, STREAM_OVERRUN: there may be no more */
    size_t (*enough)(struct stream_read *self);
    const char *separator;
    size_t want;     /* how many bytes, or the separator's length */
    size_t searched; /* bytes known to hold no separator */
    bool partial;    /* what there is at the end of the stream will do */
    struct stream_fill fill;
    const char *data;
    size_t n;
};

/* StreamReader.read(n): at least one byte and at most `n`; none at the end. */
struct coro *stream_read(struct stream_read *self, struct stream *stream, size_t n);

/* StreamReader.readexactly(n). Raises AIO_INCOMPLETE_READ when the stream ends before;
 * `data` and `n` are what there was (IncompleteReadError.partial), taken away. */
struct coro *stream_readexactly(struct stream_read *self, struct stream *stream,
                                size_t n);

/* StreamReader.readuntil(separator, which is not empty): up to and with it. Raises
 * AIO_INCOMPLETE_READ as above; AIO_LIMIT_OVERRUN, taking nothing, when more than
 * stream->limit bytes come before it. */
struct coro *stream_readuntil(struct stream_read *self, struct stream *stream,
                              const char *separator);

/* StreamReader.readline(): up to and with "\n", or what is left at the end. Raises
 * AIO_LIMIT_OVERRUN as above; asyncio would drop the line. */
struct coro *stream_readline(struct stream_read *self, struct stream *stream);

#endif
