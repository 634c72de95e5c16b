/*
 * chunked.c - fuzzes the decoder of chunked bodies, without a head before it.
 *
 * The first byte selects the limits, the second the size of the pieces; the rest are
 * chunks. Whole and in pieces, the input gives the same verdict and the same bytes. Each
 * byte is payload or overhead, data lies in the input, and every error is permanent.
 */
#include <string.h>

#include "fuzz.h"
#include "message_body.h"

enum { LONGEST = 4096 };

struct outcome {
    struct http_body body;
    int end; /* the result of the last read */
    size_t used, n;
    char payload[LONGEST];
};

static void decode(struct outcome *o, const struct http_limits *limits, const char *buf,
                   size_t n, size_t piece)
{
    size_t used, room;
    struct span data;

    o->body = (struct http_body){ .kind = HTTP_CHUNKED, .limits = limits };
    o->end = 0;
    o->used = o->n = 0;
    while (o->end == 0 && o->used < n) {
        room = n - o->used < piece ? n - o->used : piece;
        o->end = http_body_read(&o->body, buf + o->used, room, &used, &data);
        HOLDS(used <= room && (used > 0 || o->end != 0));
        HOLDS(data.n <= used && data.at >= buf && data.at + data.n <= buf + n);
        memcpy(o->payload + o->n, data.at, data.n);
        o->n += data.n;
        o->used += used;
    }
    HOLDS(o->n == o->body.payload && o->n + o->body.overhead == o->used);
    HOLDS((o->end < 0) == (o->body.why != NULL));
    HOLDS((o->end > 0) == http_body_done(&o->body));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct http_limits low = { .line = 32,
                                            .head = 100,
                                            .fields = 3,
                                            .chunk_line = 16,
                                            .overhead_free = 32,
                                            .overhead_each = 1 };
    static struct outcome whole, cut;
    const struct http_limits *limits;
    const char *text = (const char *)data + 2;

    if (n < 3 || n > LONGEST)
        return 0;
    limits = (data[0] & 1) != 0 ? &low : &http_usual_limits;
    decode(&whole, limits, text, n - 2, n);
    decode(&cut, limits, text, n - 2, 1 + data[1] % 16);
    HOLDS(whole.end == cut.end && whole.used == cut.used && whole.n == cut.n);
    HOLDS(memcmp(whole.payload, cut.payload, whole.n) == 0);
    HOLDS(whole.body.why == cut.body.why && whole.body.lenient == cut.body.lenient &&
          whole.body.trailers == cut.body.trailers);
    HOLDS((http_body_eof(&cut.body) == 0) == (whole.end > 0));
    return 0;
}
