/*
 * message.c - reads the head of a message line by line: the first line, fields, nothing.
 *
 * A line is taken as soon as its LF is there, never before and never again. So an error
 * depends on the lines alone, not on how they arrived; the limits and the first bytes are
 * judged by rules that cannot change their mind when more comes. Next: message_fields.c.
 */
#include "message.h"

#include <string.h>

#include "message_role.h"

/* ---- lines ------------------------------------------------------------------------ */

static const char *text_fault(const char *at, const char *end)
{
    at = http_skip(at, end, HTTP_TEXT);
    if (at == end)
        return NULL;
    return *at == '\r'   ? "bare-cr: CR without LF"
           : *at == '\0' ? "nul-in-field: NUL in the head"
                         : "ctl-in-field: control byte in the head";
}

/* 1 and the next line without its end; 0: it is not complete; -1: a limit is exceeded. */
static int next_line(struct http_head *head, const char *buf, size_t n, struct span *line)
{
    size_t fresh = n > head->seen ? n - head->seen : 0;
    const char *lf = fresh > 0 ? memchr(buf + head->seen, '\n', fresh) : NULL;
    size_t end = lf != NULL ? (size_t)(lf - buf) + 1 : n + 1; /* at least there it ends */

    if (end - head->line > HTTP_LINE_MAX || end > HTTP_HEAD_MAX) {
        head->why = end > HTTP_HEAD_MAX ? "too-big: head over 65536 bytes"
                                        : "too-big: line over 8192 bytes";
        return -1;
    }
    if (lf == NULL) {
        head->seen = n;
        return 0;
    }
    *line = (struct span){ buf + head->line, (size_t)(lf - buf) - head->line };
    if (line->n > 0 && lf[-1] == '\r')
        line->n--;
    else
        head->lenient = true; /* RFC 9112 2.2 allows a recipient to take LF alone */
    head->line = head->seen = end;
    return 1;
}

/* RFC 9112 5.2: a line that begins with white space continues the value before it. */
static const char *fold(struct http_head *head, struct span line)
{
    struct http_field *last = head->fields + head->count - (head->count > 0);

    if (head->count == 0)
        return "bad-name: white space before the first field";
    if (head->status == 0)
        return "folded-field: not in a request";
    if (http_span_is(last->name, "content-length") ||
        http_span_is(last->name, "transfer-encoding"))
        return "folded-framing-field: it decides where the body ends";
    last->value = http_trim(last->value.at, line.at + line.n);
    return text_fault(line.at, line.at + line.n);
}

static const char *name_fault(char c)
{
    return c == '\r'               ? "bare-cr: CR without LF"
           : c == ' ' || c == '\t' ? "ws-before-colon: white space in a field name"
                                   : "bad-name: a field name is not a token";
}

/* RFC 9112 5.1: name ":" OWS value OWS. */
static const char *field_line(struct http_head *head, struct span line)
{
    const char *end = line.at + line.n, *colon = http_skip(line.at, end, HTTP_TOKEN);
    struct http_field *field = &head->fields[head->count];

    if (*line.at == ' ' || *line.at == '\t')
        return fold(head, line);
    if (colon == end)
        return "no-colon: a field line without a colon";
    if (colon == line.at || *colon != ':')
        return name_fault(*colon);
    if (head->count == HTTP_FIELDS_MAX)
        return "too-big: more than 128 fields";
    head->count++;
    field->name = (struct span){ line.at, (size_t)(colon - line.at) };
    field->value = http_trim(colon + 1, end);
    return text_fault(colon + 1, end);
}

/* ---- heads ------------------------------------------------------------------------ */

void http_head_init(struct http_head *head)
{
    head->status = head->minor_version = head->count = head->interim = 0;
    head->reason = head->method = head->target = (struct span){ "", 0 };
    head->lenient = head->started = head->blank = false;
    head->why = NULL;
    head->line = head->seen = 0;
    head->base = 0;
}

/* The empty line. True if it ends the whole head. */
static bool empty_line(struct http_head *head, const struct http_role *role)
{
    if (head->started) {
        head->why = role->end(head);
        return head->started;
    }
    if (head->blank)
        head->why = "bad-start: more than one empty line before the message";
    head->blank = head->lenient = true;
    return false;
}

ssize_t http_parse_head(struct http_head *head, const char *buf, size_t n,
                        const struct http_role *role)
{
    struct span line;

    if (head->base != (uintptr_t)buf) {
        http_head_init(head);
        head->base = (uintptr_t)buf;
    }
    while (head->why == NULL) {
        int got;

        if (!head->started && n > head->line &&
            (head->why = role->opening(buf + head->line, n - head->line)) != NULL)
            break;
        if ((got = next_line(head, buf, n, &line)) <= 0)
            return got;
        if (line.n > 0) {
            head->why = (head->started ? field_line : role->first_line)(head, line);
            head->started = true;
        } else if (empty_line(head, role) && head->why == NULL) {
            return (ssize_t)head->line;
        }
    }
    return -1;
}

/* ---- responses -------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

int http_version(const char *at)
{
    bool digits = is_digit(at[5]) && at[6] == '.' && is_digit(at[7]);

    if (memcmp(at, "HTTP/", 5) != 0 || !digits)
        return -1;
    return (at[5] - '0') * 10 + at[7] - '0';
}

/* Who answers there, if not an HTTP server? Asked before a whole line is there, for these
 * may wait for us to speak. */
static const char *response_opening(const char *at, size_t n)
{
    static const struct {
        const char *bytes, *why;
    } known[] = {
        { "HTTP/", NULL },
        { "\r\n", NULL },
        { "\n", NULL },
        { "SSH-", "bad-status-line: an SSH server" },
        { "\x15\x03", "bad-status-line: a TLS server" },
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t length = strlen(known[i].bytes);

        if (memcmp(at, known[i].bytes, n < length ? n : length) == 0)
            return n < length ? NULL : known[i].why;
    }
    return "bad-status-line: not HTTP/1, perhaps HTTP/0.9";
}

/* "HTTP/1.1 200" or more: the status, or -1. */
static int status_code(struct span line)
{
    const char *digit = line.at + 9;

    if (line.n < 12 || !is_digit(digit[0]) || !is_digit(digit[1]) ||
        !is_digit(digit[2]) || (line.n > 12 && digit[3] != ' '))
        return -1;
    return (digit[0] - '0') * 100 + (digit[1] - '0') * 10 + digit[2] - '0';
}

/* RFC 9112 4: HTTP-version SP 3DIGIT SP [reason]. */
static const char *status_line(struct http_head *head, struct span line)
{
    const char *at = line.at, *why = text_fault(at, at + line.n);
    int version = line.n > 8 && http_is_blank(at[8]) ? http_version(at) : -1;

    if (why != NULL)
        return why;
    if (version < 0)
        return "bad-status-line: no HTTP version and space";
    if (version != 10 && version != 11)
        return "bad-version: neither HTTP/1.0 nor HTTP/1.1";
    if (at[8] == '\t' || (line.n > 9 && http_is_blank(at[9])) ||
        (line.n > 12 && at[12] == '\t'))
        return "status-whitespace: not one space between the parts";
    head->minor_version = version - 10;
    head->status = status_code(line);
    if (head->status < 0)
        return "bad-status-line: the status is not three digits";
    if (head->status < 100)
        return "bad-status-code: below 100";
    if (head->status == 101)
        return "unexpected-101: nobody asked for another protocol";
    head->lenient = head->lenient || line.n == 12;
    head->reason = http_trim(at + 12, at + line.n);
    return NULL;
}

/* RFC 9110 15.2: any number of interim responses may come first; we take 16. */
static const char *response_end(struct http_head *head)
{
    if (head->status >= 200)
        return NULL;
    if (++head->interim > HTTP_INTERIM_MAX)
        return "too-many-interim: more than 16 responses 1xx";
    head->count = 0;
    head->started = head->blank = false;
    return NULL;
}

ssize_t http_parse_response(struct http_head *head, const char *buf, size_t n)
{
    static const struct http_role response = {
        response_opening,
        status_line,
        response_end,
    };

    return http_parse_head(head, buf, n, &response);
}
