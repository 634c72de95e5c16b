/*
 * message_body.c - takes the body off the bytes: payload in runs, the rest byte by byte.
 *
 * Nothing grows with what is announced; a number that does not fit is an error before it is
 * used. Next: message_chunk.c.
 */
#include "message_body.h"

static int hex_digit(unsigned char c)
{
    unsigned letter = (c | 0x20u) - 'a';

    return c >= '0' && c <= '9' ? c - '0' : letter < 6 ? (int)letter + 10 : -1;
}

/* RFC 9112 7.1: chunk-size = 1*HEXDIG, then an extension or the end of the line. */
static const char *size_byte(struct http_body *body, unsigned char c)
{
    int digit = hex_digit(c);

    if (digit >= 0) {
        if (body->left >> 60 != 0)
            return "chunk-overflow: 2^64 or more";
        body->left = body->left << 4 | (unsigned)digit;
        body->place = HTTP_AT_DIGITS;
        return NULL;
    }
    if (c == '\n' && body->place == HTTP_AT_DIGITS)
        return "lf-in-chunk-line: LF alone";
    if (body->place == HTTP_AT_SIZE || (c != ';' && c != ' ' && c != '\t' && c != '\r'))
        return "bad-chunk-size: not hexadecimal digits";
    if (c == '\r') {
        body->place = HTTP_AT_SIZE_LF;
        return NULL;
    }
    body->place = HTTP_AT_EXT;
    body->part = 0;
    return http_chunk_ext(body, c);
}

/* Many bytes around little payload are an attack. */
static bool is_inflated(const struct http_body *body)
{
    uint64_t free = body->limits->overhead_free, each = body->limits->overhead_each;

    return body->overhead > free &&
           (each == 0 || (body->overhead - free) / each > body->payload);
}

/* The end of a chunk-size line. */
static const char *begin_chunk(struct http_body *body)
{
    if (is_inflated(body))
        return "too-much-overhead: many bytes around little payload";
    body->place = body->left > 0 ? HTTP_AT_DATA : HTTP_AT_TRAILER;
    body->line = 0;
    body->part = 0;
    return NULL;
}

static const char *step(struct http_body *body, unsigned char c)
{
    body->overhead++;
    if (body->place < HTTP_AT_DATA && ++body->line > body->limits->chunk_line)
        return "too-big: a chunk-size line";
    switch (body->place) {
    case HTTP_AT_SIZE:
    case HTTP_AT_DIGITS:
        return size_byte(body, c);
    case HTTP_AT_EXT:
        return http_chunk_ext(body, c);
    case HTTP_AT_SIZE_LF:
        return c == '\n' ? begin_chunk(body) : "lf-in-chunk-line: CR alone";
    case HTTP_AT_DATA_CR:
        body->place = HTTP_AT_DATA_LF;
        return c == '\r' ? NULL : "bad-chunk-end: no CR LF behind the data";
    case HTTP_AT_DATA_LF:
        body->place = HTTP_AT_SIZE;
        return c == '\n' ? NULL : "bad-chunk-end: no CR LF behind the data";
    default:
        return http_trailer(body, c);
    }
}

static struct span take_data(struct http_body *body, const char *at, size_t n)
{
    if (body->kind != HTTP_CLOSE) {
        n = n < body->left ? n : (size_t)body->left;
        body->left -= n;
        if (body->left == 0)
            body->place = body->kind == HTTP_CHUNKED ? HTTP_AT_DATA_CR : HTTP_AT_END;
    }
    body->payload += n;
    return (struct span){ at, n };
}

int http_body_read(struct http_body *body, const char *buf, size_t n, size_t *used,
                   struct span *data)
{
    size_t i = 0;

    *data = (struct span){ buf, 0 };
    while (i < n && data->n == 0 && body->why == NULL && !http_body_done(body)) {
        if (body->place == HTTP_AT_DATA) {
            *data = take_data(body, buf + i, n - i);
            i += data->n;
        } else {
            body->why = step(body, (unsigned char)buf[i++]);
        }
    }
    *used = i;
    return body->why != NULL ? -1 : http_body_done(body);
}

int http_body_eof(struct http_body *body)
{
    if (body->kind == HTTP_CLOSE)
        body->place = HTTP_AT_END;
    if (body->why == NULL && !http_body_done(body))
        body->why = body->place == HTTP_AT_TRAILER
                        ? "unfinished-trailer: the end came before the empty line"
                        : "truncated: the end came before the end of the body";
    return body->why != NULL ? -1 : 0;
}
