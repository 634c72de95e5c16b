/*
 * message_body.c - the framing of a body, and the decoder of its bytes.
 *
 * The decoder takes payload in runs, and other bytes one by one. No length from the peer
 * causes an allocation, and a number that overflows is an error before it is used. Read
 * http_framing() and http_body_read() first. Next: client.h.
 */
#include "message_body.h"

#include <string.h>

#include "ascii.h"

/* ---- framing ---------------------------------------------------------------------- */

/*
 * The end of a body is a target of attacks. When two recipients find it at different
 * places, one of them takes bytes of the body for the next message (RFC 9112 11.2). So an
 * ambiguous length is an error, and after an irregular one the connection is closed.
 */

/* Parses a length: 1*DIGIT (RFC 9110 8.6), below 2^63. Returns NULL or the reason of the
 * error, like the functions below. */
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

/* Parses Content-Length. A list of equal lengths is accepted as one (RFC 9112 6.3, rule
 * 5). */
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

/* Parses Transfer-Encoding (RFC 9112 6.1 and 7). The decoder supports only chunked, once,
 * without parameters. */
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

struct wishes { /* the options of Connection */
    bool close, keep;
};

/* Parses Connection (RFC 9110 7.6.1). */
static void connection(struct wishes *said, struct span list)
{
    struct span item;

    while (http_next_item(&list, &item)) {
        said->close = said->close || http_span_is(item, "close");
        said->keep = said->keep || http_span_is(item, "keep-alive");
    }
}

/* Parses the field if it affects the framing. The length of the name alone excludes most
 * other fields. */
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

/* Sets the kind of a response's body: the method of the request and the status take
 * precedence over the fields. */
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
    /* Chunks in HTTP/1.0 are decoded, but the connection must close (RFC 9112 6.1). */
    body->lenient |= body->kind == HTTP_CHUNKED && head->minor_version == 0;
    /* RFC 9112 9.3 */
    body->persistent =
        !head->lenient && !said.close && (head->minor_version == 1 || said.keep);
    return 0;
}

bool http_keep_alive(const struct http_body *body)
{
    return body->persistent && !body->lenient && body->why == NULL &&
           body->kind != HTTP_CLOSE && http_body_done(body);
}

/*
 * Chunk extensions and the trailer are checked and dropped, as RFC 9112 7.1.1 and 7.1.2
 * allow. Skipping them unchecked is unsafe: two recipients could disagree about where a
 * malformed line ends.
 */

/* ---- extensions ------------------------------------------------------------------- */

/* The states of an extension (RFC 9112 7.1.1):
 *     *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] ) */
enum { EXT, NAME0, NAME, NAMED, VALUE0, VALUE, CLOSED, QUOTED, ESCAPED, END, BAD };

/* clang-format off */
/* For each state outside quotes: the next state for each kind of byte. */
static const unsigned char ext_next[][6] = {
    /*           token  blank   ;      =       "       CR  */
    [EXT]    = { BAD,   EXT,    NAME0, BAD,    BAD,    BAD },
    [NAME0]  = { NAME,  NAME0,  BAD,   BAD,    BAD,    BAD },
    [NAME]   = { NAME,  NAMED,  NAME0, VALUE0, BAD,    END },
    [NAMED]  = { BAD,   NAMED,  NAME0, VALUE0, BAD,    BAD },
    [VALUE0] = { VALUE, VALUE0, BAD,   BAD,    QUOTED, BAD },
    [VALUE]  = { VALUE, EXT,    NAME0, BAD,    BAD,    END },
    [CLOSED] = { BAD,   EXT,    NAME0, BAD,    BAD,    END },
};
/* clang-format on */

/* Returns the next state for byte `c` outside quotes. */
static int unquoted(int part, unsigned char c)
{
    if ((http_class[c] & HTTP_TOKEN) != 0)
        return ext_next[part][0];
    switch (c) {
    case ' ':
    case '\t':
        return ext_next[part][1];
    case ';':
        return ext_next[part][2];
    case '=':
        return ext_next[part][3];
    case '"':
        return ext_next[part][4];
    case '\r':
        return ext_next[part][5];
    default:
        return BAD;
    }
}

/* Returns the next state for byte `c` in a quoted string (RFC 9110 5.6.4). */
static int quoted(int part, unsigned char c)
{
    if ((http_class[c] & HTTP_TEXT) == 0)
        return BAD;
    if (part == ESCAPED)
        return QUOTED;
    return c == '"' ? CLOSED : c == '\\' ? ESCAPED : QUOTED;
}

/* Handles a byte of an extension, or the CR after it. */
static const char *chunk_ext(struct http_body *body, unsigned char c)
{
    bool inside = body->part == QUOTED || body->part == ESCAPED;

    if (c == '\n' && !inside)
        return "lf-in-chunk-line: LF alone";
    body->part = inside ? quoted(body->part, c) : unquoted(body->part, c);
    if (body->part == BAD)
        return "bad-chunk-ext: malformed chunk extension";
    if (body->part == END)
        body->place = HTTP_AT_SIZE_LF;
    return NULL;
}

/* ---- the trailer ------------------------------------------------------------------ */

/* The states of a trailer: at the start of a line, in a name, in a value, at the LF of a
 * field line, at the LF of the empty line. */
enum { LINE, FIELD, TEXT, TEXT_LF, LAST_LF };

/* Handles the LF at the end of a field line or of the trailer. */
static const char *line_end(struct http_body *body)
{
    body->line = 0;
    if (body->part == LINE || body->part == LAST_LF)
        body->place = HTTP_AT_END;
    body->part = LINE;
    return NULL;
}

static const char *line_start(struct http_body *body, unsigned char c)
{
    if (c == '\r') {
        body->part = LAST_LF;
        return NULL;
    }
    if ((c == ' ' || c == '\t') && body->trailers > 0) {
        body->part = TEXT; /* a folded line, RFC 9112 5.2 */
        return NULL;
    }
    if ((http_class[c] & HTTP_TOKEN) == 0)
        return "bad-name: a trailer field's name is not a token";
    if (body->trailers >= body->limits->fields)
        return "too-big: too many trailer fields";
    body->trailers++;
    body->part = FIELD;
    return NULL;
}

static const char *name_byte(struct http_body *body, unsigned char c)
{
    if (c == '\r' || c == '\n')
        return "no-colon: a trailer line without a colon";
    if (c == ':')
        body->part = TEXT;
    else if ((http_class[c] & HTTP_TOKEN) == 0)
        return "bad-name: a trailer field's name is not a token";
    return NULL;
}

static const char *text_byte(struct http_body *body, unsigned char c)
{
    if (c == '\r')
        body->part = TEXT_LF;
    else if (c == '\0')
        return "nul-in-field: NUL in the trailer";
    else if ((http_class[c] & HTTP_TEXT) == 0)
        return "ctl-in-field: control byte in the trailer";
    return NULL;
}

/* Handles a byte of the trailer (RFC 9112 7.1.2). The limits are those of a head, and LF
 * alone is accepted as it is in a head. */
static const char *trailer_byte(struct http_body *body, unsigned char c)
{
    if (++body->trailer > body->limits->head)
        return "too-big: the trailer";
    if (++body->line > body->limits->line)
        return "too-big: a trailer line";
    if (c == '\n' && body->part != FIELD) {
        body->lenient = body->lenient || body->part == LINE || body->part == TEXT;
        return line_end(body);
    }
    switch (body->part) {
    case LINE:
        return line_start(body, c);
    case FIELD:
        return name_byte(body, c);
    case TEXT:
        return text_byte(body, c);
    default:
        return "bare-cr: CR without LF in the trailer";
    }
}

/* ---- the decoder ------------------------------------------------------------------ */

/* Handles a byte of chunk-size = 1*HEXDIG (RFC 9112 7.1), or the byte after it, which
 * begins an extension or the end of the line. */
static const char *size_byte(struct http_body *body, unsigned char c)
{
    int digit = ascii_hex_digit((char)c);

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
    return chunk_ext(body, c);
}

/* Detects the attack of sending many bytes of framing with little payload. */
static bool is_inflated(const struct http_body *body)
{
    uint64_t free = body->limits->overhead_free, each = body->limits->overhead_each;

    return body->overhead > free &&
           (each == 0 || (body->overhead - free) / each > body->payload);
}

/* Handles the end of a chunk-size line. */
static const char *begin_chunk(struct http_body *body)
{
    if (is_inflated(body))
        return "too-much-overhead: many bytes around little payload";
    body->place = body->left > 0 ? HTTP_AT_DATA : HTTP_AT_TRAILER;
    body->line = 0;
    body->part = 0;
    return NULL;
}

/* Handles a byte that is not payload. Returns NULL or the reason of the error. */
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
        return chunk_ext(body, c);
    case HTTP_AT_SIZE_LF:
        return c == '\n' ? begin_chunk(body) : "lf-in-chunk-line: CR alone";
    case HTTP_AT_DATA_CR:
        body->place = HTTP_AT_DATA_LF;
        return c == '\r' ? NULL : "bad-chunk-end: no CR LF behind the data";
    case HTTP_AT_DATA_LF:
        body->place = HTTP_AT_SIZE;
        return c == '\n' ? NULL : "bad-chunk-end: no CR LF behind the data";
    default:
        return trailer_byte(body, c);
    }
}

/* Consumes up to `n` bytes of payload and returns them. */
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
