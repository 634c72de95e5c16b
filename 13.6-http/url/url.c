/*
 * url.c - the URL parser: one pass over the input, the serialised URL grows in u->text.
 *
 * Where the WHATWG standard has a state machine that walks character by character, here each
 * part of the URL is a function, and they are called in the order of the parts. Adds to
 * url_encode.c the grammar. Read next: shelf/url_host.c, then shelf/url_rfc3986.c.
 */
#include "url.h"
#include "url_encode.h"

#include <errno.h>
#include <string.h>

/* Counts the dots of "." and "..", also written %2e; 0 for any other segment. */
static int dots(const char *s, size_t n)
{
    int count = 0;

    for (; n > 0 && count < 3; count++) {
        size_t step = *s == '.' ? 1 : 3;

        if (step == 3 && (n < 3 || s[0] != '%' || s[1] != '2' || (s[2] | 0x20) != 'e'))
            return 0;
        s += step;
        n -= step;
    }
    return count < 3 ? count : 0;
}

/* Steps over a slash; http and https take a backslash for one. */
static int skip_slash(struct url_writer *w)
{
    int c = url_peek(w);

    if (c != '/' && c != '\\')
        return 0;
    w->at++;
    return 1;
}

/* Path state. The writer stands behind a '/'; ".." removes at most down to first. */
static void parse_path(struct url *u, struct url_writer *w)
{
    size_t first = (size_t)u->path + 1;
    int more;

    do {
        size_t segment = w->len;
        int count;

        url_copy(w, IN_PATH, END_SEGMENT);
        more = skip_slash(w);
        count = dots(u->text + segment, w->len - segment);
        if (count == 0) {
            url_put(w, "/", (size_t)more);
            continue;
        }
        if (count == 2 && segment > first)
            do
                segment--;
            while (u->text[segment - 1] != '/');
        w->len = segment;
    } while (more && w->err == 0);
    u->query = (unsigned short)w->len;
}

/* Query and fragment state. Their own marks need no escape, so they are copied too. */
static void parse_query_and_fragment(struct url *u, struct url_writer *w)
{
    if (url_peek(w) == '?')
        url_copy(w, IN_QUERY, END_QUERY);
    u->fragment = (unsigned short)w->len;
    url_copy(w, IN_FRAGMENT, 0);
    u->end = (unsigned short)w->len;
    u->text[w->len] = '\0';
}

/* Authority state, up to the last '@'. An empty password leaves no ':' behind. */
static void parse_userinfo(struct url_writer *w, const unsigned char *at_sign)
{
    const unsigned char *end = w->end;
    size_t start = w->len, user_end;

    w->end = at_sign;
    url_copy(w, IN_USERINFO, END_USER);
    user_end = w->len;
    if (url_peek(w) == ':') {
        url_put(w, w->at++, 1);
        url_copy(w, IN_USERINFO, 0);
        if (w->len == user_end + 1)
            w->len = user_end;
    }
    if (w->len > start)
        url_put(w, "@", 1);
    w->at = at_sign + 1;
    w->end = end;
}

/* Host state: up to a ':' outside of brackets. Nothing is escaped, only dropped. */
static void parse_host(struct url *u, struct url_writer *w)
{
    size_t n;

    u->host = (unsigned short)w->len;
    for (;;) {
        url_copy(w, DROPPED, END_SEGMENT | END_USER);
        n = w->len - u->host;
        if (n == 0 || u->text[u->host] != '[' || u->text[w->len - 1] == ']' ||
            url_peek(w) != ':' || w->err != 0)
            break;
        url_put(w, w->at++, 1);
    }
    if (w->err == 0)
        w->err = url_canonical_host(u->text + u->host, &n, (size_t)URL_MAX - u->host);
    w->len = u->host + n;
    u->host_end = (unsigned short)w->len;
}

/* Port state. Leading zeros are not written, nor is the default port. */
static void parse_port(struct url *u, struct url_writer *w)
{
    unsigned standard = url_is_https(u) ? 443 : 80, port = 0;
    size_t start = w->len + 1;
    int c;

    u->port = (unsigned short)standard;
    if (url_peek(w) != ':')
        return;
    url_put(w, w->at++, 1);
    for (; (c = url_peek(w)) >= '0' && c <= '9' && port <= 65535; w->at++) {
        if (port == 0 && w->err == 0)
            w->len = start;
        url_put(w, w->at, 1);
        port = port * 10 + (unsigned)(c - '0');
    }
    if (port > 65535 || (c >= 0 && !(url_kind[c] & END_SEGMENT)))
        w->err = EINVAL;
    if (port == standard || w->len == start)
        w->len = u->host_end;
    else
        u->port = (unsigned short)port;
}

/* Scheme, authority and path; any number of slashes stands in front of the authority. */
static void parse_absolute(struct url *u, struct url_writer *w, int https)
{
    const unsigned char *at_sign = NULL;

    while (skip_slash(w))
        ;
    url_put(w, https ? "https://" : "http://", https ? 8 : 7);
    for (const unsigned char *s = w->at; s < w->end && !(url_kind[*s] & END_SEGMENT); s++)
        if (*s == '@')
            at_sign = s;
    if (at_sign != NULL)
        parse_userinfo(w, at_sign);
    parse_host(u, w);
    parse_port(u, w);
    u->path = (unsigned short)w->len;
    skip_slash(w);
    url_put(w, "/", 1);
    if (w->err == 0)
        parse_path(u, w);
}

/* Takes over the first n bytes of base, and the offsets of what lies in them. */
static void keep(struct url *u, struct url_writer *w, const struct url *base, size_t n)
{
    url_put(w, base->text, n);
    u->host = base->host;
    u->host_end = base->host_end;
    u->path = base->path;
    u->query = base->query;
    u->port = base->port;
}

/* Relative state: the first bytes say how much of the base stays. */
static void parse_relative(struct url *u, struct url_writer *w, const struct url *base)
{
    size_t n = base->query;
    int c = url_peek(w);

    if (skip_slash(w) && skip_slash(w)) {
        parse_absolute(u, w, url_is_https(base));
    } else if (c == '/' || c == '\\') {
        keep(u, w, base, (size_t)base->path + 1);
        parse_path(u, w);
    } else if (c == '?') {
        keep(u, w, base, n);
    } else if (c < 0 || c == '#') {
        keep(u, w, base, base->fragment);
    } else {
        while (base->text[n - 1] != '/')
            n--;
        keep(u, w, base, n);
        parse_path(u, w);
    }
}

enum scheme { HTTP, HTTPS, NO_SCHEME, OTHER_SCHEME };

/* Scheme state. Reads past a scheme with its ':'; if there is none, past nothing. */
static enum scheme parse_scheme(struct url_writer *w)
{
    const unsigned char *start = w->at;
    int c, same = 1;
    size_t n;

    for (n = 0; (c = url_peek(w)) >= 0 && c != ':'; w->at++, n++) {
        int letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        int later = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';

        if (!letter && (!later || n == 0))
            break;
        same = same && n < 5 && (c | 0x20) == "https"[n];
    }
    if (c != ':' || n == 0) {
        w->at = start;
        return NO_SCHEME;
    }
    w->at++;
    return !same || n < 4 ? OTHER_SCHEME : n == 4 ? HTTP : HTTPS;
}

int url_parse(struct url *u, const char *text, size_t n, const struct url *base)
{
    const unsigned char *start = (const unsigned char *)text;
    struct url_writer w = { start, start + n, u->text, 0, 0 };
    enum scheme scheme;

    while (w.at < w.end && *w.at <= ' ')
        w.at++;
    while (w.end > w.at && w.end[-1] <= ' ')
        w.end--;
    scheme = parse_scheme(&w);
    if (scheme == OTHER_SCHEME)
        return EPROTONOSUPPORT;
    if (scheme == NO_SCHEME && base == NULL)
        return EINVAL;
    if (base != NULL && (scheme == NO_SCHEME || (scheme == HTTPS) == url_is_https(base)))
        parse_relative(u, &w, base);
    else
        parse_absolute(u, &w, scheme == HTTPS);
    if (w.err == 0)
        parse_query_and_fragment(u, &w);
    return w.err;
}
