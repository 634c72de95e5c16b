/*
 * http_range.c - a part of a body: Range and If-Range, RFC 9110 13.1.5 and 14. Of several
 * ranges none is taken: a server may ignore Range, and multipart answers are for nobody.
 */
#include <string.h>

#include "http_reply.h"

/* Digits at `*at`, moved behind them; what is too large for any file becomes the largest.
 * False when there are none. */
static bool number(const char **at, const char *end, uint64_t *value)
{
    const char *start = *at;

    for (*value = 0; *at < end && **at >= '0' && **at <= '9'; ++*at) {
        if (*value > (INT64_MAX - 9) / 10)
            *value = INT64_MAX;
        else
            *value = *value * 10 + (uint64_t)(**at - '0');
    }
    return *at > start;
}

struct range { /* as it was asked for, the last byte included */
    uint64_t first, last;
    bool suffix; /* the last `last` bytes */
};

/* RFC 9110 14.1.2: bytes=2-5, bytes=2-, bytes=-3. */
static bool parse(struct range *range, struct span value)
{
    const char *at = value.at, *end = at + value.n;
    size_t unit = strlen("bytes=");

    if (value.n <= unit || !http_same_letters(at, "bytes=", unit))
        return false;
    at += unit;
    range->suffix = *at == '-';
    range->first = 0;
    if (!range->suffix && !number(&at, end, &range->first))
        return false;
    if (at == end || *at++ != '-')
        return false;
    range->last = INT64_MAX;
    if (at == end)
        return !range->suffix;
    return number(&at, end, &range->last) && at == end &&
           (range->suffix || range->first <= range->last);
}

/* A date is a sure sign only if what it dates cannot have changed again since. */
static bool if_range_holds(const struct http_reply *reply, const struct http_head *head,
                           time_t now)
{
    const struct span *given = http_field(head, "if-range");
    char date[HTTP_DATE_SIZE];

    if (given == NULL)
        return true;
    return reply->modified >= 0 && reply->modified < now &&
           http_span_is(*given, http_date(date, reply->modified));
}

void http_reply_range(struct http_reply *reply, const struct http_head *head, time_t now)
{
    const struct span *asked = http_field(head, "range");
    uint64_t size = (uint64_t)reply->size;
    struct range range;

    reply->ranges = true;
    if (asked == NULL || size == 0 || !http_span_is(head->method, "GET") ||
        !parse(&range, *asked) || !if_range_holds(reply, head, now))
        return;
    if (range.suffix) {
        range.first = range.last < size ? size - range.last : 0;
        range.last = size - 1;
    }
    if (range.first >= size) {
        http_reply_status(reply, 416);
        reply->read = NULL;
        reply->whole = (off_t)size;
        return;
    }
    reply->status = 206;
    reply->whole = (off_t)size;
    reply->first = (off_t)range.first;
    reply->size = (off_t)((range.last < size ? range.last + 1 : size) - range.first);
}
