/*
 * message_response.c - reads the head of a response, for clients.
 *
 * What is merely odd is accepted, as RFC 9112 asks of a recipient, and costs the
 * connection; what could be read in two ways is refused. Next: message_fields.c.
 */
#include <string.h>

#include "message.h"
#include "message_role.h"

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
    const char *at = line.at, *why = http_text_fault(at, at + line.n);
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

/* RFC 9110 15.2: any number of interim responses may come first; we take a few. */
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

    return http_parse_head(head, buf, n, &response);
}
