/*
 * client-limits.c - checks of the HTTP client: custom limits, and memory only for bytes
 * that have arrived, never for an announced length.
 */
#include "stream_case.h"

/* Set between the call and the await. */
CASE(own_limits)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n\r\n";
    static struct http_limits limits;
    struct stage *self = co_self(co, struct stage);
    struct coro *request;
    int err;

    ASYNC (co) {
        limits = http_usual_limits;
        limits.fields = 1;
        stream_write(&self->far, answer, sizeof answer - 1);
        request = http_request(&self->exchange, &self->near, "GET", "x", 1);
        self->exchange.head.limits = &limits;
        AWAIT_CATCH(err, request);
        EXPECT_INT(err, AIO_BAD_MESSAGE);
        EXPECT_STR(self->exchange.why, "too-big: too many fields");
    }
    return co_done(co);
}

/* The head, and the first five bytes of a body whose announced length is endless. */
static const char *announced;

static co_status five_bytes(struct coro *co)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        stream_write(&self->far, announced, strlen(announced));
        AWAIT(http_request(&self->exchange, &self->near, "GET", "x", 1));
        AWAIT(http_read(&self->http, &self->exchange));
        EXPECT_INT(self->http.data.n, 5);
        EXPECT(!self->http.last && self->exchange.body.left > (uint64_t)1 << 62);
        EXPECT(self->near.in_room > 0 && self->near.in_room <= STREAM_BUFFER);
    }
    return co_done(co);
}

static void long_length(void)
{
    announced = "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nhello";
    run_stage(five_bytes);
}

static void long_chunk(void)
{
    announced = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                "ffffffffffffffff\r\nhello";
    run_stage(five_bytes);
}

CHECK_MAIN({ "limits of one's own", own_limits },
           { "a length of 2^63 - 1 takes no memory", long_length },
           { "a chunk of 2^64 - 1 takes no memory", long_chunk })
