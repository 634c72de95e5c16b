/*
 * client.c - sends a request, reads the head and the body of its response. Next:
 * exchange.h.
 */
#include "client.h"

static int bad_message(struct http_exchange *self, const char *why)
{
    self->why = why;
    return AIO_BAD_MESSAGE;
}

static co_status http_request_coroutine(struct coro *co)
{
    struct http_exchange *self = co_self(co, struct http_exchange);
    struct stream *stream = self->stream;
    ssize_t n;
    int err;

    ASYNC (co) {
        err = stream_write(stream, self->request, self->request_n);
        if (err != 0) /* a kept connection that the server has closed meanwhile */
            return co_raise(co, err == EPIPE ? ECONNRESET : err);
        while ((n = http_parse_response(&self->head, stream_data(stream),
                                        stream_available(stream))) == 0) {
            if (stream->eof)
                return co_raise(co, stream_available(stream) == 0 ? ECONNRESET
                                                                  : AIO_INCOMPLETE_READ);
            AWAIT(stream_fill(&self->fill, stream));
            if (self->answered == 0)
                self->answered = loop_time(stream->sock.loop);
        }
        if (n < 0)
            return co_raise(co, bad_message(self, self->head.why));
        if (http_framing(&self->body, &self->head, self->method) != 0)
            return co_raise(co, bad_message(self, self->body.why));
        self->bytes = (struct span){ stream_data(stream), (size_t)n };
        stream->start += (size_t)n; /* the bytes stay in place until the next fill */
    }
    return co_done(co);
}

struct coro *http_request(struct http_exchange *self, struct stream *stream,
                          const char *method, const char *request, size_t n)
{
    self->stream = stream;
    self->method = method;
    self->request = request;
    self->request_n = n;
    self->answered = 0;
    self->why = NULL;
    http_head_init(&self->head);
    return co_init(&self->co, http_request_coroutine);
}

static co_status http_read_coroutine(struct coro *co)
{
    struct http_read *self = co_self(co, struct http_read);
    struct http_exchange *exchange = self->exchange;
    struct stream *stream = exchange->stream;
    size_t used = 0;
    int end;

    ASYNC (co) {
        while (stream_available(stream) == 0 && !http_body_done(&exchange->body)) {
            if (stream->eof) {
                if (http_body_eof(&exchange->body) != 0)
                    return co_raise(co, AIO_INCOMPLETE_READ);
                break;
            }
            stream->start = stream->end = 0; /* all was read: begin at the front again */
            AWAIT(stream_fill(&self->fill, stream));
        }
        self->data = (struct span){ NULL, 0 };
        end = 1;
        if (!http_body_done(&exchange->body))
            end = http_body_read(&exchange->body, stream_data(stream),
                                 stream_available(stream), &used, &self->data);
        if (end < 0)
            return co_raise(co, bad_message(exchange, exchange->body.why));
        self->bytes = (struct span){ stream_data(stream), used };
        self->last = end > 0;
        stream->start += used;
    }
    return co_done(co);
}

struct coro *http_read(struct http_read *self, struct http_exchange *exchange)
{
    self->exchange = exchange;
    return co_init(&self->co, http_read_coroutine);
}

bool http_reusable(const struct http_exchange *exchange)
{
    const struct stream *stream = exchange->stream;

    return http_keep_alive(&exchange->body) && !stream->eof &&
           stream_available(stream) == 0;
}
