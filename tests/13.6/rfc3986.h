/*
 * rfc3986.h - resolves references for any scheme, as RFC 3986 5.2 says.
 *
 * The checks compare url_parse() with this code. It splits two texts into five parts,
 * takes each part from one of them, removes the dot segments and joins the parts. It
 * neither decodes nor validates anything.
 */
#ifndef RFC3986_H
#define RFC3986_H

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "ascii.h"
#include "span.h"

/* The five parts of RFC 3986 appendix B. `at` is NULL when a part is missing. */
struct parts {
    struct span scheme, authority, path, query, fragment;
};

struct output {
    char *text;
    size_t size, len;
    int full; /* a part did not fit */
};

static struct span make_span(const char *at, size_t n)
{
    struct span s = { at, n };

    return s;
}

/* Returns the bytes from *s to the first byte that is in `stop`, and moves *s to that
 * byte. */
static struct span cut(const char **s, const char *stop)
{
    struct span part = { *s, strcspn(*s, stop) };

    *s += part.n;
    return part;
}

static int is_scheme(struct span s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool letter = ascii_is_letter(s.at[i]);

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
        p.fragment = make_span(s + 1, strlen(s + 1));
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

/* Writes a part with the marks around it, unless the part is missing (RFC 3986 5.3). */
static void put_marked(struct output *o, const char *before, struct span s,
                       const char *after)
{
    if (s.at == NULL)
        return;
    put(o, make_span(before, strlen(before)));
    put(o, s);
    put(o, make_span(after, strlen(after)));
}

/* Removes the dot segments of text[start, end) in place (RFC 3986 5.2.4). Returns the new
 * end. */
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
            in++; /* a leading "./" or "../" is removed with its slash */
        else if (text[from] == '/' && in == end)
            text[out++] = '/';
    }
    return out;
}

/* Writes the base's path up to its last slash, then the reference's path (RFC 3986
 * 5.2.3). */
static void put_merged(struct output *o, const struct parts *base, struct span path)
{
    size_t n = base->path.n;

    while (n > 0 && base->path.at[n - 1] != '/')
        n--;
    put(o, base->authority.at != NULL && base->path.n == 0 ? make_span("/", 1)
                                                           : make_span(base->path.at, n));
    put(o, path);
}

/*
 * Resolves `ref` against `base`. Writes the NUL-terminated result into `out`, which has
 * `size` bytes. Returns 0, or an errno value: EINVAL when base has no scheme;
 * ENAMETOOLONG when out is too small.
 */
static int url_resolve_rfc3986(char *out, size_t size, const char *ref, const char *base)
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

#endif
