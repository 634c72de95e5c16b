/*
 * 13.6-url-vectors.c - the URL parser against the rows of other people's tests and our
 * own.
 *
 * Usage: 13.6-url-vectors [folder]. A TAP line for each file; all prefixes of a row's
 * input are parsed too. Fields carry their length, for some rows contain a NUL.
 */
#include "13.6-url-check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 6 };

struct field {
    char *at;
    size_t n;
};

static void unescape(struct field *f)
{
    char *out = f->at;

    for (const char *s = f->at, *end = s + f->n; s < end; s++) {
        char hex[3] = "";

        if (*s != '\\') {
            *out++ = *s;
        } else if (*++s == 'x') {
            memcpy(hex, s + 1, 2);
            *out++ = (char)strtol(hex, NULL, 16);
            s += 2;
        } else if (*s != 'e') {
            *out++ = *s == 'n' ? '\n' : *s == 'r' ? '\r' : *s == 't' ? '\t' : *s;
        }
    }
    *out = '\0';
    f->n = (size_t)(out - f->at);
}

typedef void row_fn(struct field f[FIELDS]);

static void each_row(const char *folder, const char *name, row_fn *row)
{
    char path[4096], *line = NULL;
    size_t size = 0;
    ssize_t n;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s.tsv", folder, name);
    file = fopen(path, "r");
    if (file == NULL) {
        printf("# skipped: no vectors %s\n", name);
        return;
    }
    while ((n = getline(&line, &size, file)) > 0) {
        struct field f[FIELDS] = { { NULL, 0 } };
        char *s = line;

        if (line[0] == '#')
            continue;
        line[n - 1] = '\0';
        for (int i = 0; i < FIELDS && s != NULL; i++) {
            f[i].at = s;
            f[i].n = strcspn(s, "\t");
            s = s[f[i].n] == '\t' ? s + f[i].n + 1 : NULL;
        }
        for (int i = 0; i < FIELDS && f[i].at != NULL; i++)
            unescape(&f[i]);
        row(f);
    }
    fclose(file);
    free(line);
    url_finish(name);
}

static const char *parsed(struct url *u, struct field input, struct field base_text)
{
    struct url base;
    int err, has_base = strcmp(base_text.at, "-") != 0;

    if (has_base && url_at_wall(&base, base_text.at, base_text.n, NULL) != 0)
        return "bad base";
    for (size_t n = 0; n < input.n; n++)
        url_at_wall(u, input.at, n, has_base ? &base : NULL);
    err = url_at_wall(u, input.at, input.n, has_base ? &base : NULL);
    return err == 0                 ? u->text
           : err == EINVAL          ? "FAILURE"
           : err == EPROTONOSUPPORT ? "SCHEME"
                                    : "TOO LONG";
}

static void whatwg_row(struct field f[])
{
    struct url u;
    const char *got;

    if (strstr(f[3].at, "idna") != NULL)
        return;
    got = parsed(&u, f[0], f[1]);
    url_check(strcmp(got, f[2].at) == 0, "whatwg", f[0].at, f[2].at, got);
}

static void other_scheme_row(struct field f[])
{
    struct url u;
    const char *got = parsed(&u, f[0], f[1]);

    url_check(strcmp(got, "SCHEME") == 0 || strcmp(got, "FAILURE") == 0, "scheme",
              f[0].at, "refused", got);
}

/*
 * The RFC's resolver must give the row to the byte. url_parse must give the same where
 * the two standards agree: not for other schemes, and an empty path is "/" in a WHATWG
 * URL.
 */
static void check_resolved(struct field ref, struct field base, struct field expected)
{
    char got[1000];
    struct url u, same;

    if (url_resolve_rfc3986(got, sizeof got, ref.at, base.at) != 0)
        strcpy(got, "error");
    url_check(strcmp(got, expected.at) == 0, "rfc3986", ref.at, expected.at, got);
    if (url_at_wall(&same, expected.at, expected.n, NULL) == EPROTONOSUPPORT)
        url_check(strcmp(parsed(&u, ref, base), "SCHEME") == 0, "scheme", ref.at,
                  "SCHEME", "");
    else
        url_check(strcmp(parsed(&u, ref, base), same.text) == 0, "resolve", ref.at,
                  same.text, u.text);
}

static void rfc3986_row(struct field f[])
{
    check_resolved(f[1], f[2], f[3]);
}

static void more_row(struct field f[])
{
    check_resolved(f[0], f[1], f[2]);
}

static void normalize_row(struct field f[])
{
    struct url u;

    if (url_at_wall(&u, f[0].at, f[0].n, NULL) != 0)
        strcpy(u.text, "error");
    else
        url_normalize(&u);
    url_check(strcmp(u.text, f[1].at) == 0, "key", f[0].at, f[1].at, u.text);
}

static int is(struct span s, const char *text)
{
    return s.n == strlen(text) && memcmp(s.at, text, s.n) == 0;
}

/* A row may be longer than URL_MAX: then the one right answer is that it is too long. */
static void request_row(struct field f[])
{
    struct url u;
    int err = url_at_wall(&u, f[0].at, f[0].n, NULL);

    if (strlen("http://") + f[2].n + f[1].n > URL_MAX) {
        url_check(err == ENAMETOOLONG, "too long", f[0].at, "ENAMETOOLONG", "");
        printf("# refused, for it is longer than URL_MAX: %.40s...\n", f[0].at);
    } else if (strcmp(f[1].at, "REJECT") == 0 || err != 0)
        url_check(strcmp(f[1].at, "REJECT") == 0 && err != 0, "reject", f[0].at, f[1].at,
                  "");
    else
        url_check(is(url_target(&u), f[1].at) && is(url_host_field(&u), f[2].at), "head",
                  f[0].at, f[1].at, u.text + u.path);
}

/* The hosts of this file are also samples of how addresses can be spelled. */
static void address_row(struct field f[])
{
    char text[1000];
    struct url u;
    int n = snprintf(text, sizeof text, "http://%s/", f[0].at);

    if (url_at_wall(&u, text, (size_t)n, NULL) != 0)
        strcpy(u.text, "error");
    snprintf(text, sizeof text, "http://%s/", f[1].at);
    url_check(strcmp(u.text, text) == 0, "address", f[0].at, text, u.text);
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : "../shared/vectors";

    url_wall();
    each_row(folder, "url-resolve-rfc3986", rfc3986_row);
    each_row(folder, "url-resolve-more", more_row);
    each_row(folder, "url-normalize", normalize_row);
    each_row(folder, "url-whatwg", whatwg_row);
    each_row(folder, "url-other-scheme", other_scheme_row);
    each_row(folder, "request-head", request_row);
    each_row(folder, "ssrf-addresses", address_row);
    return url_exit();
}
