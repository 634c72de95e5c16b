/*
 * http_reply.c - fills a reply in, selects a range of its body, and sends it in pieces.
 *
 * A piece is built on the stack and given to the stream, which keeps a copy only of what
 * the kernel does not accept: a reply needs no memory of its own. Next: http_server.h.
 */
#include "http_reply.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ascii.h"

void http_reply_init(struct http_reply *reply)
{
    *reply = (struct http_reply){ .status = 200,
                                  .retry_after = -1,
                                  .modified = -1,
                                  .whole = -1,
                                  .framing = HTTP_LENGTH,
                                  .fd = -1 };
}

static const char *http_status_name(int status);

void http_reply_status(struct http_reply *reply, int status)
{
    reply->status = status;
    reply->type = "text/plain";
    reply->body = http_status_name(status);
    reply->size = (off_t)strlen(reply->body);
}

void http_reply_release(struct http_reply *reply)
{
    void (*release)(struct http_reply *) = reply->release;

    reply->release = NULL;
    if (release != NULL)
        release(reply);
}

static const char *http_status_name(int status)
{
    static const struct {
        int status;
        const char *name;
    } names[] = {
        { 200, "OK" },
        { 201, "Created" },
        { 202, "Accepted" },
        { 204, "No Content" },
        { 206, "Partial Content" },
        { 301, "Moved Permanently" },
        { 302, "Found" },
        { 303, "See Other" },
        { 304, "Not Modified" },
        { 307, "Temporary Redirect" },
        { 308, "Permanent Redirect" },
        { 400, "Bad Request" },
        { 403, "Forbidden" },
        { 404, "Not Found" },
        { 405, "Method Not Allowed" },
        { 408, "Request Timeout" },
        { 409, "Conflict" },
        { 410, "Gone" },
        { 411, "Length Required" },
        { 413, "Content Too Large" },
        { 414, "URI Too Long" },
        { 415, "Unsupported Media Type" },
        { 416, "Range Not Satisfiable" },
        { 417, "Expectation Failed" },
        { 431, "Request Header Fields Too Large" },
        { 500, "Internal Server Error" },
        { 501, "Not Implemented" },
        { 503, "Service Unavailable" },
        { 505, "HTTP Version Not Supported" },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].status == status)
            return names[i].name;
    return "";
}

/* ---- a range of the body: RFC 9110 13.1.5, 14 -------------------------------------- */

/* Parses digits and moves *at past them. A number that is too large for any file becomes
 * INT64_MAX. Returns false when there is no digit. */
static bool parse_number(const char **at, const char *end, uint64_t *value)
{
    const char *start = *at;

    for (*value = 0; *at < end && ascii_is_digit(**at); ++*at) {
        if (*value > (INT64_MAX - 9) / 10)
            *value = INT64_MAX;
        else
            *value = *value * 10 + (uint64_t)(**at - '0');
    }
    return *at > start;
}

struct range { /* as requested, the last byte included */
    uint64_t first, last;
    bool suffix; /* the last `last` bytes */
};

/* Parses a Range: bytes=2-5, bytes=2- or bytes=-3 (RFC 9110 14.1.2). Returns false for
 * any other form. */
static bool parse_range(struct range *range, struct span value)
{
    const char *at = value.at, *end = at + value.n;
    size_t unit = strlen("bytes=");

    if (value.n <= unit || !http_same_letters(at, "bytes=", unit))
        return false;
    at += unit;
    range->suffix = *at == '-';
    range->first = 0;
    if (!range->suffix && !parse_number(&at, end, &range->first))
        return false;
    if (at == end || *at++ != '-')
        return false;
    range->last = INT64_MAX;
    if (at == end)
        return !range->suffix;
    return parse_number(&at, end, &range->last) && at == end &&
           (range->suffix || range->first <= range->last);
}

/* A date is a strong validator only if the file cannot have changed again in the same
 * second. */
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
        !parse_range(&range, *asked) || !if_range_holds(reply, head, now))
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

/* ---- the head ---------------------------------------------------------------------- */

enum {
    CHUNK_HEAD = 8, /* "010000" CR LF */
    CHUNK_TAIL = 7  /* CR LF "0" CR LF CR LF */
};

struct piece {
    char bytes[HTTP_PIECE + CHUNK_HEAD + CHUNK_TAIL];
    size_t n;
};

/* Needs no check for room: put_field() limits each value, so a head fits in a piece. */
static void put(struct piece *piece, const char *text)
{
    size_t n = strlen(text);

    memcpy(piece->bytes + piece->n, text, n);
    piece->n += n;
}

static void put_number(struct piece *piece, uintmax_t number)
{
    char digits[24], *at = digits + sizeof digits - 1;

    for (*at = '\0'; at == digits + sizeof digits - 1 || number > 0; number /= 10)
        *--at = (char)('0' + number % 10);
    put(piece, at);
}

/* Leaves out a value that is too long or could end its line. */
static void put_field(struct piece *piece, const char *name, const char *value)
{
    if (value == NULL || *value == '\0' || strlen(value) > HTTP_LINE_MAX)
        return;
    for (const char *c = value; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return;
    put(piece, name);
    put(piece, value);
    put(piece, "\r\n");
}

static bool has_body(const struct http_reply *reply)
{
    return reply->status != 204 && reply->status != 304;
}

static void put_framing(struct piece *piece, const struct http_reply *reply,
                        const struct http_manner *manner)
{
    if (has_body(reply) && reply->framing == HTTP_LENGTH) {
        put(piece, "Content-Length: ");
        put_number(piece, (uintmax_t)reply->size);
        put(piece, "\r\n");
    } else if (has_body(reply) && reply->framing == HTTP_CHUNKED) {
        put(piece, "Transfer-Encoding: chunked\r\n");
    }
    if (!manner->keep)
        put(piece, "Connection: close\r\n");
    else if (manner->minor_version == 0)
        put(piece, "Connection: keep-alive\r\n");
}

/* Writes Accept-Ranges, and Content-Range with the range and the size of the whole body
 * (RFC 9110 14.3 and 14.4). */
static void put_range(struct piece *piece, const struct http_reply *reply)
{
    if (reply->ranges)
        put(piece, "Accept-Ranges: bytes\r\n");
    if (reply->whole < 0)
        return;
    put(piece, "Content-Range: bytes ");
    if (reply->status == 206) {
        put_number(piece, (uintmax_t)reply->first);
        put(piece, "-");
        put_number(piece, (uintmax_t)(reply->first + reply->size - 1));
    } else {
        put(piece, "*");
    }
    put(piece, "/");
    put_number(piece, (uintmax_t)reply->whole);
    put(piece, "\r\n");
}

/* Writes the head (RFC 9112 4): HTTP-version SP status SP [reason], the fields, the empty
 * line. */
static void put_head(struct piece *piece, const struct http_reply *reply,
                     const struct http_manner *manner)
{
    char date[HTTP_DATE_SIZE];

    put(piece, "HTTP/1.1 ");
    put_number(piece, (uintmax_t)reply->status);
    put(piece, " ");
    put(piece, http_status_name(reply->status));
    put(piece, "\r\n");
    put_field(piece, "Date: ", manner->date);
    put_field(piece, "Content-Type: ", reply->type);
    put_field(piece, "Location: ", reply->location);
    if (reply->modified >= 0)
        put_field(piece, "Last-Modified: ", http_date(date, reply->modified));
    put_field(piece, "Allow: ", reply->allow);
    if (reply->retry_after >= 0) {
        put(piece, "Retry-After: ");
        put_number(piece, (uintmax_t)reply->retry_after);
        put(piece, "\r\n");
    }
    put_range(piece, reply);
    put_framing(piece, reply, manner);
    put(piece, "\r\n");
}

/* ---- the body ---------------------------------------------------------------------- */

static ssize_t read_body(struct http_reply *reply, char *to, size_t room, off_t at)
{
    if (reply->read != NULL)
        return reply->read(reply, to, room, reply->first + at);
    memcpy(to, (const char *)reply->body + reply->first + at, room);
    return (ssize_t)room;
}

/* Makes the `n` bytes at `start` a chunk. Leading zeros give the chunk's head a fixed
 * length, so it fits in the gap before `start`. Returns the number of bytes added. */
static ssize_t put_chunk(char *start, ssize_t n)
{
    char size[CHUNK_HEAD + 1];

    snprintf(size, sizeof size, "%06x\r\n", (unsigned)n & 0xffffff);
    memcpy(start - CHUNK_HEAD, size, CHUNK_HEAD);
    memcpy(start + n, "\r\n", 2);
    return CHUNK_HEAD + 2;
}

/* Appends as much of the body as fits, as a chunk if chunked. Returns 0 or an error. */
static int put_body(struct http_send *self, struct piece *piece)
{
    struct http_reply *reply = self->reply;
    bool chunked = reply->framing == HTTP_CHUNKED, endless = reply->size < 0;
    off_t left = endless ? HTTP_PIECE : reply->size - self->at;
    size_t room = HTTP_PIECE - piece->n;
    char *start = piece->bytes + piece->n + (chunked ? CHUNK_HEAD : 0);
    ssize_t n = 0;

    room = left < (off_t)room ? (size_t)left : room;
    if (left > 0)
        n = read_body(reply, start, room, self->at);
    if (n < 0 || (n == 0 && left > 0 && !endless))
        return n < 0 ? errno : EIO;
    self->at += n;
    self->done = endless ? n == 0 : self->at == reply->size;
    if (chunked && n > 0)
        n += put_chunk(start, n);
    piece->n += (size_t)n;
    if (chunked && self->done) {
        memcpy(piece->bytes + piece->n, "0\r\n\r\n", 5);
        piece->n += 5;
    }
    return 0;
}

static int send_piece(struct http_send *self, bool first)
{
    struct piece piece;
    int err = 0;

    piece.n = 0;
    if (first)
        put_head(&piece, self->reply, self->manner);
    if (!self->done)
        err = put_body(self, &piece);
    return err != 0 ? err : stream_write(self->stream, piece.bytes, piece.n);
}

static co_status http_send_coroutine(struct coro *co)
{
    struct http_send *self = co_self(co, struct http_send);
    int err;

    ASYNC (co) {
        err = send_piece(self, true);
        while (err == 0 && !self->done) {
            AWAIT(stream_drain(&self->drain, self->stream));
            YIELD();
            err = send_piece(self, false);
        }
        if (err != 0)
            return co_raise(co, err);
        if (stream_unsent(self->stream) > 0)
            AWAIT(stream_flush(&self->drain, self->stream));
    }
    return co_done(co);
}

struct coro *http_send(struct http_send *self, struct stream *stream,
                       struct http_reply *reply, struct http_manner *manner)
{
    self->stream = stream;
    self->reply = reply;
    self->manner = manner;
    self->at = 0;
    self->done = manner->head_only || !has_body(reply);
    if (reply->framing == HTTP_LENGTH && reply->size < 0)
        reply->framing = HTTP_CHUNKED;
    if (reply->framing == HTTP_CHUNKED && manner->minor_version == 0)
        reply->framing = HTTP_CLOSE;
    if (reply->framing == HTTP_CLOSE && has_body(reply))
        manner->keep = false;
    return co_init(&self->co, http_send_coroutine);
}
