/*
 * message_framing.c - finds out which body follows a head, and whether there may be more.
 *
 * Where a body ends is what attackers lie about: two answers to that question, one by us
 * and one by somebody before us, and a response is taken for another. So what is unclear
 * is an error, and what is merely odd costs the connection. Next: message_body.c.
 */
#include "message_body.h"

#include <string.h>

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

struct wishes { /* what Connection says */
    bool close, keep;
};

/* RFC 9110 7.6.1. */
static void connection(struct wishes *said, struct span list)
{
    struct span item;

    while (http_next_item(&list, &item)) {
        said->close = said->close || http_span_is(item, "close");
        said->keep = said->keep || http_span_is(item, "keep-alive");
    }
}

/* Most names differ from ours in their length already. */
static const char *framing_field(struct http_body *body, struct wishes *said,
                                 const struct http_field *field)
{
    switch (field->name.n) {
    case sizeof "Connection" - 1:
        if (http_span_is(field->name, "Connection"))
            connection(said, field->value);
        return NULL;
    case sizeof "Content-Length" - 1:
        return http_span_is(field->name, "Content-Length")
                   ? content_length(body, field->value)
                   : NULL;
    case sizeof "Transfer-Encoding" - 1:
        return http_span_is(field->name, "Transfer-Encoding")
                   ? transfer_encoding(body, field->value)
                   : NULL;
    default:
        return NULL;
    }
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
    struct wishes said = { false, false };

    *body = (struct http_body){ .place = HTTP_AT_END, .limits = head->limits };
    for (int i = 0; i < head->count && body->why == NULL; i++)
        body->why = framing_field(body, &said, &head->fields[i]);
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
    /* RFC 9112 9.3. */
    body->persistent =
        !head->lenient && !said.close && (head->minor_version == 1 || said.keep);
    return 0;
}

bool http_keep_alive(const struct http_body *body)
{
    return body->persistent && !body->lenient && body->why == NULL &&
           body->kind != HTTP_CLOSE && http_body_done(body);
}
