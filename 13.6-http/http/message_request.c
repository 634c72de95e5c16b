/*
 * message_request.c - reads the head of a request, for servers.
 *
 * A server may stand behind a proxy that reads the same bytes with other eyes, so it is
 * stricter than a client. Next: stream.h and the server.
 */
#include <string.h>

#include "message.h"
#include "message_role.h"

/* Each of our methods begins with a token byte; anything else need not be waited for. */
static const char *request_opening(const char *at, size_t n)
{
    (void)n;
    if (*at == '\x16')
        return "bad-request-line: a TLS client";
    if (*at == '\r' || *at == '\n' || (http_class[(unsigned char)*at] & HTTP_TOKEN) != 0)
        return NULL;
    return "bad-request-line: not HTTP/1";
}

/* Methods are case-sensitive, RFC 9110 9.1. */
static bool is_method(struct span method, const char *name)
{
    return method.n == strlen(name) && memcmp(method.at, name, method.n) == 0;
}

/* RFC 9112 3.2: origin-form, absolute-form, authority-form, asterisk-form. */
static bool is_target(struct span method, struct span target)
{
    const char *end = target.at + target.n;
    struct span scheme = { target.at, 7 };

    if (target.n == 0)
        return false;
    if (is_method(method, "CONNECT"))
        return http_skip(target.at, end, HTTP_HOST) == end;
    if (is_method(method, "OPTIONS") && target.n == 1 && *target.at == '*')
        return true;
    return *target.at == '/' || (target.n > 7 && http_span_is(scheme, "http://"));
}

/* RFC 9112 3: method SP request-target SP HTTP-version. */
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

/* RFC 9112 3.2: Host, once, and of the right letters. */
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

    return http_parse_head(head, buf, n, &request);
}
