/*
 * message_chunk.c - the finer points of chunks: extensions and the trailer, byte by byte.
 *
 * Nobody needs either, so they are checked and dropped (RFC 9112 7.1.1 and 7.1.2 allow
 * both). They are checked because a reader that skips to "the end of the line" can be
 * made to see another line end than the next reader does. Next: message_request.c.
 */
#include "message_body.h"
#include "message_role.h"

/* ---- extensions ------------------------------------------------------------------- */

/* RFC 9112 7.1.1: *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] ) */

enum { EXT, NAME0, NAME, NAMED, VALUE0, VALUE, CLOSED, QUOTED, ESCAPED, END, BAD };

/* clang-format off */
/* For each place outside quotes, what the next byte leads to. */
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

/* RFC 9110 5.6.4, between the quotes. */
static int quoted(int part, unsigned char c)
{
    if ((http_class[c] & HTTP_TEXT) == 0)
        return BAD;
    if (part == ESCAPED)
        return QUOTED;
    return c == '"' ? CLOSED : c == '\\' ? ESCAPED : QUOTED;
}

const char *http_chunk_ext(struct http_body *body, unsigned char c)
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

enum { LINE, FIELD, TEXT, TEXT_LF, LAST_LF };

/* LF has come: the end of a field line, or of all. */
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

/* RFC 9112 7.1.2, with the limits of a head. LF alone is accepted as there. */
const char *http_trailer(struct http_body *body, unsigned char c)
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
