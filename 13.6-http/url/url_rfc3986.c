/*
 * url_rfc3986.c - references resolved as RFC 3986 section 5.2 writes it down, for any
 * scheme.
 *
 * This is the step to understand first: cut two texts into five parts, take each part
 * from the one or the other, remove the dots, put them together. url.c does the same and
 * adds what browsers had to: repaired input, escapes, checked hosts, one spelling.
 * Nothing calls it but the lesson and the tests, which hold it against url_parse. Read
 * next: the transport.
 */
#include "url.h"

#include <errno.h>
#include <string.h>

/* The five parts of RFC 3986 appendix B; at is NULL when a part is not there at all. */
struct parts {
    struct span scheme, authority, path, query, fragment;
};

struct output {
    char *text;
    size_t size, len;
    int full; /* something did not fit */
};

static struct span span(const char *at, size_t n)
{
    struct span s = { at, n };

    return s;
}

/* Cuts off and returns what stands before the first byte of the set stop. */
static struct span cut(const char **s, const char *stop)
{
    struct span part = { *s, strcspn(*s, stop) };

    *s += part.n;
    return part;
}

static int is_scheme(struct span s)
{
    for (size_t i = 0; i < s.n; i++) {
        int letter = (s.at[i] | 0x20) >= 'a' && (s.at[i] | 0x20) <= 'z';

        if (!letter && (i == 0 || strchr("0123456789+-.", s.at[i]) == NULL))
            return 0;
    }
    return s.n > 0;
}

static struct parts split(const char *s)
{
    const struct span none = { NULL, 0 };
    struct parts p = { none, none, none, none, none };
    const char *behind = s;

    p.scheme = cut(&behind, ":/?#");
    if (*behind == ':' && is_scheme(p.scheme))
        s = behind + 1;
    else
        p.scheme = none;
    if (s[0] == '/' && s[1] == '/') {
        s += 2;
        p.authority = cut(&s, "/?#");
    }
    p.path = cut(&s, "?#");
    if (*s == '?') {
        s++;
        p.query = cut(&s, "#");
    }
    if (*s == '#')
        p.fragment = span(s + 1, strlen(s + 1));
    return p;
}

static void put(struct output *o, struct span s)
{
    if (s.n >= o->size - o->len) {
        o->full = 1;
        return;
    }
    memcpy(o->text + o->len, s.at, s.n);
    o->len += s.n;
}

/* Section 5.3: a part comes with its mark, if it is there. */
static void put_marked(struct output *o, const char *before, struct span s,
                       const char *after)
{
    if (s.at == NULL)
        return;
    put(o, span(before, strlen(before)));
    put(o, s);
    put(o, span(after, strlen(after)));
}

/* Section 5.2.4, over the path that is already written from start on. */
static size_t remove_dots(char *text, size_t start, size_t end)
{
    size_t in = start, out = start;

    while (in < end) {
        size_t from = in, n;

        if (text[in] == '/')
            in++;
        n = strcspn(text + in, "/");
        in += n;
        if (n == 0 || n > 2 || strncmp(text + in - n, "..", n) != 0) {
            memmove(text + out, text + from, in - from);
            out += in - from;
            continue;
        }
        if (n == 2) {
            while (out > start && text[out - 1] != '/')
                out--;
            if (out > start)
                out--;
        }
        if (text[from] != '/' && in < end)
            in++; /* a leading "./" or "../" goes with its slash */
        else if (text[from] == '/' && in == end)
            text[out++] = '/';
    }
    return out;
}

/* Section 5.2.3: the base's path up to its last slash, then the reference's. */
static void put_merged(struct output *o, const struct parts *base, struct span path)
{
    size_t n = base->path.n;

    while (n > 0 && base->path.at[n - 1] != '/')
        n--;
    put(o, base->authority.at != NULL && base->path.n == 0 ? span("/", 1)
                                                           : span(base->path.at, n));
    put(o, path);
}

int url_resolve_rfc3986(char *out, size_t size, const char *ref, const char *base)
{
    struct parts r = split(ref), b = split(base);
    struct output o = { out, size, 0, size == 0 };
    int own_authority = r.scheme.at != NULL || r.authority.at != NULL;
    int own_path = own_authority || r.path.n > 0;
    size_t start;

    if (b.scheme.at == NULL)
        return EINVAL;
    if (o.full)
        return ENAMETOOLONG;
    put_marked(&o, "", r.scheme.at != NULL ? r.scheme : b.scheme, ":");
    put_marked(&o, "//", own_authority ? r.authority : b.authority, "");
    start = o.len;
    if (!own_path || own_authority || r.path.at[0] == '/')
        put(&o, own_path ? r.path : b.path);
    else
        put_merged(&o, &b, r.path);
    out[o.len] = '\0';
    if (own_path)
        o.len = remove_dots(out, start, o.len);
    put_marked(&o, "?", own_path || r.query.at != NULL ? r.query : b.query, "");
    put_marked(&o, "#", r.fragment, "");
    out[o.len] = '\0';
    return o.full ? ENAMETOOLONG : 0;
}
