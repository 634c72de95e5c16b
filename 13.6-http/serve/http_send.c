/*
 * http_send.c - writes a reply, piece by piece. Next: http_server.c.
 *
 * A piece is built on the stack and given to the stream, which keeps a copy only of what
 * the system does not take: a reply needs no memory of its own.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "http_reply.h"

/* ---- the head ---------------------------------------------------------------------- */

enum {
    CHUNK_HEAD = 8,
    CHUNK_TAIL = 7
}; /* room for "10000 CR LF" and "CR LF 0 CR LF CR LF" */

struct piece {
    char bytes[HTTP_PIECE + CHUNK_HEAD + CHUNK_TAIL];
    size_t n;
};

/* All that is put in a head is shorter than a piece: see put_field(). */
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

/* A value from elsewhere that could end its line, or that is too long, is left out. */
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

/* RFC 9110 14.4: which bytes these are, or how many there are. */
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

/* RFC 9112 4: HTTP-version SP status SP [reason], fields, empty line. */
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

static ssize_t take(struct http_reply *reply, char *to, size_t room, off_t at)
{
    if (reply->read != NULL)
        return reply->read(reply, to, room, reply->first + at);
    memcpy(to, (const char *)reply->body + reply->first + at, room);
    return (ssize_t)room;
}

/* A chunk around the `n` bytes at `start`: its head has a fixed place before them,
 * thanks to leading zeros. How many bytes it is longer. */
static ssize_t put_chunk(char *start, ssize_t n)
{
    char size[CHUNK_HEAD + 1];

    snprintf(size, sizeof size, "%06x\r\n", (unsigned)n & 0xffffff);
    memcpy(start - CHUNK_HEAD, size, CHUNK_HEAD);
    memcpy(start + n, "\r\n", 2);
    return CHUNK_HEAD + 2;
}

/* Up to a full piece of the body, as a chunk if need be. 0 or an error. */
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
        n = take(reply, start, room, self->at);
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

static co_status http_send_body(struct coro *co)
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
    return co_init(&self->co, http_send_body);
}
