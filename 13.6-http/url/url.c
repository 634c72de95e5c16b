/*
 * url.c - the URL parser: one pass over the input appends the serialised URL to u->text.
 *
 * The WHATWG standard describes a state machine that reads one character at a time. Here
 * each part of the URL has a function of its own, and they run in the order of the parts.
 * Next: url_host.c.
 */
#include "url.h"
#include "ascii.h"
#include "url_encode.h"
#include "url_host.h"

#include <errno.h>
#include <string.h>

/* ---- parsing ---- */

/* Counts the dots of a segment "." or "..", where %2e counts as a dot. Returns 0 for any
 * other segment. */
static int dots(const char *s, size_t n)
{
    int count = 0;

    for (; n > 0 && count < 3; count++) {
        size_t step = *s == '.' ? 1 : 3;

        if (step == 3 &&
            (n < 3 || s[0] != '%' || s[1] != '2' || ascii_lower(s[2]) != 'e'))
            return 0;
        s += step;
        n -= step;
    }
    return count < 3 ? count : 0;
}

/* Skips one slash and returns 1, or returns 0. In http and https URLs, a backslash is a
 * slash. */
static int skip_slash(struct url_writer *w)
{
    int c = url_peek(w);

    if (c != '/' && c != '\\')
        return 0;
    w->at++;
    return 1;
}

/* Path state. The last byte written is a '/'. ".." never removes a byte before
 * `first`. */
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

/* Query and fragment state. '?' and '#' need no escape, so they are copied as well. */
static void parse_query_and_fragment(struct url *u, struct url_writer *w)
{
    if (url_peek(w) == '?')
        url_copy(w, IN_QUERY, END_QUERY);
    u->fragment = (unsigned short)w->len;
    url_copy(w, IN_FRAGMENT, 0);
    u->end = (unsigned short)w->len;
    u->text[w->len] = '\0';
}

/* Authority state, up to the last '@'. The ':' of an empty password is removed. */
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

/* Host state: reads up to a ':' outside brackets. Drops tab, LF and CR, and escapes no
 * byte. */
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

/* Port state. Leading zeros and the default port are not written. */
static void parse_port(struct url *u, struct url_writer *w)
{
    unsigned standard = url_is_https(u) ? 443 : 80, port = 0;
    size_t start = w->len + 1;
    int c;

    u->port = (unsigned short)standard;
    if (url_peek(w) != ':')
        return;
    url_put(w, w->at++, 1);
    for (; (c = url_peek(w)) >= 0 && ascii_is_digit((char)c) && port <= 65535; w->at++) {
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

/* Reads authority and path. Any number of slashes can precede the authority. */
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

/* Copies the first n bytes of base and the offsets of the parts within them. */
static void keep(struct url *u, struct url_writer *w, const struct url *base, size_t n)
{
    url_put(w, base->text, n);
    u->host = base->host;
    u->host_end = base->host_end;
    u->path = base->path;
    u->query = base->query;
    u->port = base->port;
}

/* Relative state: the first bytes decide how much of the base is kept. */
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

/* Scheme state. Skips a scheme and its ':'. Without a scheme, skips nothing. */
static enum scheme parse_scheme(struct url_writer *w)
{
    const unsigned char *start = w->at;
    int c, same = 1;
    size_t n;

    for (n = 0; (c = url_peek(w)) >= 0 && c != ':'; w->at++, n++) {
        bool letter = ascii_is_letter((char)c);
        bool later = ascii_is_digit((char)c) || c == '+' || c == '-' || c == '.';

        if (!letter && (!later || n == 0))
            break;
        same = same && n < 5 && ascii_lower((char)c) == "https"[n];
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

/* ---- the parts of a parsed URL ---- */

static struct span span(const struct url *u, size_t from, size_t to)
{
    struct span part = { u->text + from, to - from };

    return part;
}

void url_assign(struct url *to, const struct url *from)
{
    memcpy(to, from, offsetof(struct url, text) + from->end + 1);
}

bool url_is_https(const struct url *u)
{
    return u->text[4] == 's';
}

bool url_has_userinfo(const struct url *u)
{
    return u->text[u->host - 1] == '@';
}

struct span url_host_name(const struct url *u)
{
    int brackets = u->text[u->host] == '[';

    return span(u, (size_t)(u->host + brackets), (size_t)(u->host_end - brackets));
}

struct span url_host_field(const struct url *u)
{
    return span(u, u->host, u->path);
}

struct span url_target(const struct url *u)
{
    return span(u, u->path, u->fragment);
}

struct span url_page(const struct url *u)
{
    return span(u, 0, u->fragment);
}

/* Each scheme has one default port, so equal host fields imply equal ports. */
bool url_same_origin(const struct url *a, const struct url *b)
{
    struct span x = url_host_field(a), y = url_host_field(b);

    return url_is_https(a) == url_is_https(b) && x.n == y.n &&
           memcmp(x.at, y.at, x.n) == 0;
}

/* Tests for the unreserved characters of RFC 3986 2.3. */
static bool is_unreserved(char c)
{
    return ascii_is_digit(c) || ascii_is_letter(c) || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

/* Returns the value of the escape that begins at s, or -1 when there is none. */
static int escape_value(const char *s, size_t n)
{
    int high, low;

    if (n < 3 || s[0] != '%')
        return -1;
    high = ascii_hex_digit(s[1]);
    low = ascii_hex_digit(s[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/*
 * Copies text[from, to) to text[out] with its escapes normalized and returns the end of
 * the copy. The two bytes after a '%' that begins no escape are not decoded: %%41f would
 * become the escape %Af.
 */
static size_t normalize_escapes(char *text, size_t from, size_t to, size_t out)
{
    size_t decode_from = out;

    while (from < to) {
        int value = escape_value(text + from, to - from);

        if (value < 0) {
            if (text[from] == '%')
                decode_from = out + 3;
            text[out++] = text[from++];
        } else if (is_unreserved((char)value) && out >= decode_from) {
            text[out++] = (char)value;
            from += 3;
        } else {
            text[out++] = '%';
            text[out++] = ascii_upper_hex((unsigned)value >> 4);
            text[out++] = ascii_upper_hex((unsigned)value);
            from += 3;
        }
    }
    return out;
}

/* Decoding creates no dot segment: url_parse() has already treated %2e as a dot. */
void url_normalize(struct url *u)
{
    size_t query = normalize_escapes(u->text, u->path, u->query, u->path);
    size_t end = normalize_escapes(u->text, u->query, u->fragment, query);

    u->query = (unsigned short)query;
    u->fragment = u->end = (unsigned short)end;
    u->text[end] = '\0';
}
