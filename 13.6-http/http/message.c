/*
 * message.c - reads the head of a message line by line: the first line, fields, nothing.
 *
 * A line is taken as soon as its LF is there, never before and never again. So an error
 * depends on the lines alone, not on how they arrived; the limits and the first bytes are
 * judged by rules that cannot change their mind when more comes. A client is measured by
 * how fast it is here: the usual line goes by in one pass, plain_fields(). Next: message_response.c.
 */
#include "message.h"

#include <string.h>

#include "message_role.h"

/* ---- lines ------------------------------------------------------------------------ */

const char *http_text_fault(const char *at, const char *end)
{
    at = http_skip_text(at, end);
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

    if (end - head->line > head->limits->line || end > head->limits->head) {
        head->why = end > head->limits->head ? "too-big: the head" : "too-big: a line";
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
    return http_text_fault(line.at, line.at + line.n);
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
    if (head->count >= head->limits->fields || head->count == HTTP_FIELDS_MAX)
        return "too-big: too many fields";
    head->count++;
    field->name = (struct span){ line.at, (size_t)(colon - line.at) };
    field->value = http_trim(colon + 1, end);
    return http_text_fault(colon + 1, end);
}

/*
 * The usual case, one pass over the bytes of as many field lines as are all there, untouched
 * and with nothing odd about them. The first other line, at the latest the empty one, is
 * left to next_line() and field_line(), which judge, the length of the whole head too.
 */
static void plain_fields(struct http_head *head, const char *buf, size_t n)
{
    const struct http_limits *limits = head->limits;
    int most = limits->fields < HTTP_FIELDS_MAX ? limits->fields : HTTP_FIELDS_MAX;
    const char *at = buf + head->line, *end = buf + n;

    while (head->count < most) {
        struct http_field *field = &head->fields[head->count];
        const char *colon = http_skip(at, end, HTTP_TOKEN), *cr;

        if (colon == at || colon >= end || *colon != ':')
            break;
        cr = http_skip_text(colon + 1, end);
        if (end - cr < 2 || cr[0] != '\r' || cr[1] != '\n' ||
            (size_t)(cr + 2 - at) > limits->line)
            break;
        field->name = (struct span){ at, (size_t)(colon - at) };
        field->value = http_trim(colon + 1, cr);
        head->count++;
        at = cr + 2;
    }
    head->line = head->seen = (size_t)(at - buf);
}

/* ---- heads ------------------------------------------------------------------------ */

const struct http_limits http_usual_limits = {
    .line = HTTP_LINE_MAX,
    .head = HTTP_HEAD_MAX,
    .fields = HTTP_FIELDS_MAX,
    .interim = HTTP_INTERIM_MAX,
    .chunk_line = HTTP_CHUNK_LINE_MAX,
    .overhead_free = HTTP_OVERHEAD_FREE,
    .overhead_each = HTTP_OVERHEAD_EACH,
};

static void begin(struct http_head *head)
{
    head->status = head->minor_version = head->count = head->interim = 0;
    head->reason = head->method = head->target = (struct span){ "", 0 };
    head->lenient = head->started = head->blank = false;
    head->why = NULL;
    head->line = head->seen = 0;
    head->base = 0;
}

void http_head_init(struct http_head *head)
{
    head->limits = &http_usual_limits;
    begin(head);
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
        begin(head);
        head->base = (uintptr_t)buf;
    }
    while (head->why == NULL) {
        int got;

        if (head->started && head->seen == head->line)
            plain_fields(head, buf, n);
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
