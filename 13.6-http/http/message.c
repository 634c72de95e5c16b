/*
 * message.c - parses a head line by line: the first line, the fields, the empty line.
 *
 * A line is parsed once, when its LF has arrived. An error therefore depends on the lines
 * alone, and not on the pieces in which they arrived. Two checks run before the LF: those
 * of the limits and of the first bytes. Further bytes cannot change their result. This
 * parser takes much of a client's time, so plain_fields() handles the usual line in one
 * pass. Read parse_head() first. Next: message_body.h.
 */
#include "message.h"

#include <string.h>

#include "ascii.h"

/* ---- bytes and fields ------------------------------------------------------------- */

/* clang-format off */
#define T (HTTP_TEXT)
#define B (HTTP_BLANK)
#define S (HTTP_TEXT | HTTP_BLANK)
#define V (HTTP_TEXT | HTTP_VISIBLE)
#define H (V | HTTP_HOST)
#define K (V | HTTP_TOKEN)
#define A (V | HTTP_TOKEN | HTTP_HOST)
#define T16 T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T

const unsigned char http_class[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, S, B, 0, 0, B, 0, 0, /* control bytes: HTAB, LF, CR */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* control bytes */
    S, A, V, K, A, A, A, A, H, H, A, A, H, A, A, V, /*  !"#$%&'()*+,-./ */
    A, A, A, A, A, A, A, A, A, A, H, H, V, H, V, V, /* 0123456789:;<=>? */
    V, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, /* @ABCDEFGHIJKLMNO */
    A, A, A, A, A, A, A, A, A, A, A, H, V, H, K, A, /* PQRSTUVWXYZ[\]^_ */
    K, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, /* `abcdefghijklmno */
    A, A, A, A, A, A, A, A, A, A, A, V, K, V, A, 0, /* pqrstuvwxyz{|}~ DEL */
    T16, T16, T16, T16, T16, T16, T16, T16          /* obs-text */
};
#undef T16
#undef A
#undef K
#undef H
#undef V
#undef S
#undef B
#undef T
/* clang-format on */

/* Most servers send a name in the letter case of our string, so memcmp() runs first. */
bool http_same_letters(const char *a, const char *b, size_t n)
{
    if (memcmp(a, b, n) == 0)
        return true;
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i] && ascii_lower(a[i]) != ascii_lower(b[i]))
            return false;
    return true;
}

int http_find(const struct http_head *head, const char *name, int from)
{
    size_t n = strlen(name);

    for (int i = from; i < head->count; i++) {
        struct span field = head->fields[i].name;

        if (field.n == n && http_same_letters(field.at, name, n))
            return i;
    }
    return -1;
}

const struct span *http_field(const struct http_head *head, const char *name)
{
    int i = http_find(head, name, 0);

    return i < 0 ? NULL : &head->fields[i].value;
}

bool http_next_item(struct span *list, struct span *item)
{
    const char *comma, *end;

    if (list->at == NULL)
        return false;
    end = list->at + list->n;
    comma = memchr(list->at, ',', list->n);
    *item = http_trim(list->at, comma != NULL ? comma : end);
    *list = (struct span){ NULL, 0 };
    if (comma != NULL)
        *list = (struct span){ comma + 1, (size_t)(end - comma - 1) };
    return true;
}

/* ---- lines ------------------------------------------------------------------------ */

/* Returns the reason why the bytes of a line are malformed, or NULL. The line's end is
 * not among them. */
static const char *text_fault(const char *at, const char *end)
{
    at = http_skip_text(at, end);
    if (at == end)
        return NULL;
    return *at == '\r'   ? "bare-cr: CR without LF"
           : *at == '\0' ? "nul-in-field: NUL in the head"
                         : "ctl-in-field: control byte in the head";
}

/* Finds the next line. Returns 1 and sets `line`, without the line end; 0 when the line
 * is incomplete; or -1 when a limit is exceeded. */
static int next_line(struct http_head *head, const char *buf, size_t n, struct span *line)
{
    size_t fresh = n > head->seen ? n - head->seen : 0;
    const char *lf = fresh > 0 ? memchr(buf + head->seen, '\n', fresh) : NULL;
    size_t end = lf != NULL ? (size_t)(lf - buf) + 1 : n + 1; /* or its earliest end */

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
        head->lenient = true; /* RFC 9112 2.2 allows a recipient to accept LF alone */
    head->line = head->seen = end;
    return 1;
}

/* Appends a line that begins with white space to the value before it (RFC 9112 5.2).
 * Returns NULL, or the reason why it is malformed. */
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

/* Returns the reason why `c` cannot be part of a field name. */
static const char *name_fault(char c)
{
    return c == '\r'               ? "bare-cr: CR without LF"
           : c == ' ' || c == '\t' ? "ws-before-colon: white space in a field name"
                                   : "bad-name: a field name is not a token";
}

/* Parses a field line: name ":" OWS value OWS (RFC 9112 5). Returns NULL, or the reason
 * why it is malformed. */
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
    return text_fault(colon + 1, end);
}

/*
 * Parses the usual field lines, which are complete and regular, in one pass over their
 * bytes. It stops at the first other line, which is the empty line at the latest.
 * next_line() and field_line() parse that line and find its error. next_line() also
 * checks the length of the whole head.
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

/* The parts in which requests and responses differ. Each function returns NULL, or the
 * reason why the message is malformed. */
struct http_role {
    /* Checks the first bytes of a first line, before the line is complete. Bytes that
     * follow must not turn an error into NULL. */
    const char *(*opening)(const char *at, size_t n);
    const char *(*first_line)(struct http_head *head, struct span line);
    /* Called for the empty line. Clears head->started when another head follows. */
    const char *(*end)(struct http_head *head);
};

/* Handles an empty line. Returns true when it ends the whole head. */
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

/* Parses lines until the head is complete. Returns as http_parse_response() does. */
static ssize_t parse_head(struct http_head *head, const char *buf, size_t n,
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

/* ---- responses -------------------------------------------------------------------- */

/*
 * Irregular responses are accepted where RFC 9112 lets a recipient accept them, but their
 * connection is not used again. Ambiguous responses are errors.
 */

/* Returns 11 for "HTTP/1.1", and so on for other digits, or -1. Reads 8 bytes at `at`. */
static int http_version(const char *at)
{
    bool digits = ascii_is_digit(at[5]) && at[6] == '.' && ascii_is_digit(at[7]);

    if (memcmp(at, "HTTP/", 5) != 0 || !digits)
        return -1;
    return (at[5] - '0') * 10 + at[7] - '0';
}

/* Recognizes servers of other protocols. This check cannot wait for a complete line,
 * because such a server may send nothing more until the client does. */
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

/* Returns the status of a line that begins like "HTTP/1.1 200", or -1. */
static int status_code(struct span line)
{
    const char *digit = line.at + 9;

    if (line.n < 12 || !ascii_is_digit(digit[0]) || !ascii_is_digit(digit[1]) ||
        !ascii_is_digit(digit[2]) || (line.n > 12 && digit[3] != ' '))
        return -1;
    return (digit[0] - '0') * 100 + (digit[1] - '0') * 10 + digit[2] - '0';
}

/* Parses a status line: HTTP-version SP 3DIGIT SP [reason] (RFC 9112 4). */
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

/* Skips an interim response. Any number of them can precede the final response (RFC 9110
 * 15.2); the limit is ours. */
static const char *response_end(struct http_head *head)
{
    if (head->status >= 200)
        return NULL;
    if (++head->interim > head->limits->interim)
        return "too-many-interim: one response 1xx after the other";
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

    return parse_head(head, buf, n, &response);
}

/* ---- requests --------------------------------------------------------------------- */

/*
 * A proxy in front of a server may interpret the same bytes in another way, so the parser
 * is stricter with requests than with responses.
 */

/* A method begins with a token byte. Any other byte is an error before the line is
 * complete. */
static const char *request_opening(const char *at, size_t n)
{
    (void)n;
    if (*at == '\x16')
        return "bad-request-line: a TLS client";
    if (*at == '\r' || *at == '\n' || (http_class[(unsigned char)*at] & HTTP_TOKEN) != 0)
        return NULL;
    return "bad-request-line: not HTTP/1";
}

/* Tests for origin-form, absolute-form, authority-form and asterisk-form (RFC 9112 3.2).
 * The absolute form must have the scheme http. */
static bool is_target(struct span method, struct span target)
{
    const char *end = target.at + target.n;
    struct span scheme = { target.at, 7 };

    if (target.n == 0)
        return false;
    if (http_method_is(method, "CONNECT"))
        return http_skip(target.at, end, HTTP_HOST) == end;
    if (http_method_is(method, "OPTIONS") && target.n == 1 && *target.at == '*')
        return true;
    return *target.at == '/' || (target.n > 7 && http_span_is(scheme, "http://"));
}

/* Parses a request line: method SP request-target SP HTTP-version (RFC 9112 3). */
static const char *request_line(struct http_head *head, struct span line)
{
    const char *end = line.at + line.n;
    const char *first = http_skip(line.at, end, HTTP_TOKEN);
    const char *target = first + (first < end);
    const char *second = http_skip(target, end, HTTP_VISIBLE);
    int version = end - second == 9 ? http_version(second + 1) : -1;

    if (memchr(line.at, '\r', line.n) != NULL)
        return "bare-cr: CR without LF";
    if (first == line.at || first == end || *first != ' ')
        return "bad-request-line: no method and space";
    head->method = (struct span){ line.at, (size_t)(first - line.at) };
    head->target = (struct span){ target, (size_t)(second - target) };
    if (version < 0 || *second != ' ')
        return second < end && *second != ' ' ? "bad-target: a byte that must be escaped"
                                              : "bad-request-line: no space and version";
    if (version != 10 && version != 11)
        return "bad-version: neither HTTP/1.0 nor HTTP/1.1";
    head->minor_version = version - 10;
    return is_target(head->method, head->target) ? NULL : "bad-target: in no known form";
}

/* Checks Host: exactly one (HTTP/1.0 can omit it), without forbidden bytes (RFC 9112
 * 3.2). */
static const char *request_end(struct http_head *head)
{
    int i = http_find(head, "host", 0);
    struct span host;

    if (i < 0)
        return head->minor_version == 1 ? "bad-host: HTTP/1.1 without Host" : NULL;
    if (http_find(head, "host", i + 1) >= 0)
        return "bad-host: more than one Host";
    host = head->fields[i].value;
    if (http_skip(host.at, host.at + host.n, HTTP_HOST) != host.at + host.n)
        return "bad-host: a byte that no host has";
    return NULL;
}

ssize_t http_parse_request(struct http_head *head, const char *buf, size_t n)
{
    static const struct http_role request = {
        request_opening,
        request_line,
        request_end,
    };

    return parse_head(head, buf, n, &request);
}

/* ---- writing the head of a request ------------------------------------------------- */

struct head_text {
    char *at, *end; /* free room */
    bool whole;     /* all bytes fitted and were allowed */
};

/* Appends `n` bytes, or clears `whole` when they do not fit. */
static void put(struct head_text *text, const char *bytes, size_t n)
{
    if (n > (size_t)(text->end - text->at)) {
        text->whole = false;
        return;
    }
    memcpy(text->at, bytes, n);
    text->at += n;
}

/* Appends text of the caller, which must not be empty and must consist of bytes of the
 * set `class`. A parsed URL has no other bytes, but this is the last place that can stop
 * a byte which would begin a new line of the request. */
static void put_checked(struct head_text *text, struct span s, int class)
{
    if (s.n == 0 || http_skip(s.at, s.at + s.n, class) != s.at + s.n)
        text->whole = false;
    put(text, s.at, s.n);
}

static void put_text(struct head_text *text, const char *s)
{
    put(text, s, strlen(s));
}

size_t http_request_head(char *text, size_t size, const char *method,
                         const struct url *url, const char *user_agent, const char *more)
{
    struct head_text out = { text, text + size - (size > 0), size > 0 };
    struct span name = { method, strlen(method) };
    struct span agent = { user_agent, strlen(user_agent) };

    put_checked(&out, name, HTTP_TOKEN);
    put_text(&out, " ");
    put_checked(&out, url_target(url), HTTP_VISIBLE);
    put_text(&out, " HTTP/1.1\r\nHost: ");
    put_checked(&out, url_host_field(url), HTTP_VISIBLE);
    put_text(&out, "\r\nUser-Agent: ");
    put_checked(&out, agent, HTTP_TEXT);
    put_text(&out, "\r\n");
    put_text(&out, more);
    put_text(&out, "\r\n");
    if (size > 0)
        *out.at = '\0';
    return out.whole ? (size_t)(out.at - text) : 0;
}
