/*
 * message_body.c - finds out which body follows a head, and takes it off the bytes.
 *
 * Where a body ends is what attackers lie about: two answers to that question, one by us
 * and one by somebody before us, and a response is taken for another. So what is unclear
 * is an error, and what is merely odd costs the connection. Next: message_chunk.c.
 */
#include "message_body.h"

#include <string.h>

/* ---- framing ---------------------------------------------------------------------- */

/* RFC 9110 8.6: 1*DIGIT, below 2^63. */
static const char *parse_length(struct span digits, uint64_t *length)
{
    *length = 0;
    for (size_t i = 0; i < digits.n; i++) {
        unsigned digit = (unsigned char)digits.at[i] - (unsigned)'0';

        if (digit > 9)
            return "bad-length: not digits";
        if (*length > ((uint64_t)INT64_MAX - digit) / 10)
            return "length-overflow: 2^63 or more";
        *length = *length * 10 + digit;
    }
    return digits.n > 0 ? NULL : "bad-length: empty";
}

/* RFC 9112 6.3, 5: equal lengths in a list may be taken for one. */
static const char *content_length(struct http_body *body, struct span list)
{
    struct span item;

    while (http_next_item(&list, &item)) {
        uint64_t length;
        const char *why = parse_length(item, &length);

        if (why != NULL)
            return why;
        if (body->kind == HTTP_CHUNKED)
            return "te-and-length: both say where the body ends";
        if (body->kind == HTTP_LENGTH && body->left != length)
            return "bad-length: two lengths";
        body->lenient = body->lenient || body->kind == HTTP_LENGTH;
        body->kind = HTTP_LENGTH;
        body->left = length;
    }
    return NULL;
}

/* RFC 9112 6.1 and 7: chunked, once, without parameters, is all that we decode. */
static const char *transfer_encoding(struct http_body *body, struct span list)
{
    struct span item;

    while (http_next_item(&list, &item)) {
        if (item.n == 0)
            continue;
        if (memchr(item.at, ';', item.n) != NULL)
            return "bad-te: a coding with parameters";
        if (!http_span_is(item, "chunked"))
            return "te-unsupported: a coding other than chunked";
        if (body->kind == HTTP_LENGTH)
            return "te-and-length: both say where the body ends";
        if (body->kind == HTTP_CHUNKED)
            return "bad-te: chunked twice";
        body->kind = HTTP_CHUNKED;
    }
    return body->kind == HTTP_CHUNKED ? NULL : "bad-te: empty";
}

/* Is `option` named in Connection, RFC 9110 7.6.1? */
static bool connection_says(const struct http_head *head, const char *option)
{
    struct span list, item;

    for (int i = http_find(head, "connection", 0); i >= 0;
         i = http_find(head, "connection", i + 1))
        for (list = head->fields[i].value; http_next_item(&list, &item);)
            if (http_span_is(item, option))
                return true;
    return false;
}

/* RFC 9112 9.3. */
static bool persists(const struct http_head *head)
{
    if (head->lenient || connection_says(head, "close"))
        return false;
    return head->minor_version == 1 || connection_says(head, "keep-alive");
}

/* The body of a response: what the request and the status say goes before the fields. */
static void answer(struct http_body *body, int status, const char *method)
{
    bool none = status < 200 || status == 204 || status == 304;

    if (none || strcmp(method, "HEAD") == 0) {
        body->kind = HTTP_NONE;
        body->left = 0;
    } else if (body->kind == HTTP_NONE) {
        body->kind = HTTP_CLOSE;
    }
}

int http_framing(struct http_body *body, const struct http_head *head, const char *method)
{
    *body = (struct http_body){ .kind = HTTP_NONE, .place = HTTP_AT_END };
    for (int i = 0; i < head->count && body->why == NULL; i++) {
        struct http_field field = head->fields[i];

        if (http_span_is(field.name, "content-length"))
            body->why = content_length(body, field.value);
        else if (http_span_is(field.name, "transfer-encoding"))
            body->why = transfer_encoding(body, field.value);
    }
    if (body->why != NULL)
        return -1;
    if (method != NULL)
        answer(body, head->status, method);
    if (body->kind == HTTP_CHUNKED)
        body->place = HTTP_AT_SIZE;
    else if (body->kind == HTTP_CLOSE || body->left > 0)
        body->place = HTTP_AT_DATA;
    /* Chunks in HTTP/1.0 are read, but then the connection has to go: RFC 9112 6.1. */
    body->lenient |= body->kind == HTTP_CHUNKED && head->minor_version == 0;
    body->persistent = persists(head);
    return 0;
}

bool http_keep_alive(const struct http_body *body)
{
    return body->persistent && !body->lenient && body->why == NULL &&
           body->kind != HTTP_CLOSE && http_body_done(body);
}

/* ---- the decoder ------------------------------------------------------------------ */

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

/* The end of a chunk-size line. Many bytes around little payload are an attack. */
static const char *begin_chunk(struct http_body *body)
{
    if (body->overhead > HTTP_OVERHEAD_FREE &&
        (body->overhead - HTTP_OVERHEAD_FREE) / HTTP_OVERHEAD_EACH > body->payload)
        return "too-much-overhead: many bytes around little payload";
    body->place = body->left > 0 ? HTTP_AT_DATA : HTTP_AT_TRAILER;
    body->line = 0;
    body->part = 0;
    return NULL;
}

static const char *step(struct http_body *body, unsigned char c)
{
    body->overhead++;
    if (body->place < HTTP_AT_DATA && ++body->line > HTTP_CHUNK_LINE_MAX)
        return "too-big: chunk-size line over 1024 bytes";
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
