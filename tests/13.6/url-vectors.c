/*
 * url-vectors.c - the URL parser against other people's rows and our own.
 *
 * All prefixes of a row's input are parsed too, and every result has to be sound.
 */
#include "client.h"
#include "rfc3986.h"
#include "url_soundness.h"
#include "vectors.h"

#include <errno.h>

/* No result of url_parse() since the last row was unsound. */
static enum judged sound(enum judged answer)
{
    int unsound = bad;

    checks = bad = 0;
    return unsound > 0 ? DISAGREES : answer;
}

static const char *parsed_at_wall(struct url *u, const char *text, size_t n,
                                  const struct url *base)
{
    int err = url_at_wall(u, text, n, base);

    return err == 0                 ? u->text
           : err == EINVAL          ? "FAILURE"
           : err == EPROTONOSUPPORT ? "SCHEME"
                                    : "TOO LONG";
}

/* Columns `input` and the next one, which is the base or "-". */
static const char *parsed(struct url *u, const struct tsv *row, int input)
{
    struct url base;
    const char *base_text = row->at[input + 1];
    bool has_base = strcmp(base_text, "-") != 0;

    if (has_base && url_at_wall(&base, base_text, row->n[input + 1], NULL) != 0)
        return "bad base";
    for (size_t n = 0; n < row->n[input]; n++)
        url_at_wall(u, row->at[input], n, has_base ? &base : NULL);
    return parsed_at_wall(u, row->at[input], row->n[input], has_base ? &base : NULL);
}

static enum judged whatwg_row(struct tsv *row)
{
    struct url u;
    const char *got;

    if (strstr(row->at[3], "idna") != NULL)
        return NOT_ASKED;
    got = parsed(&u, row, 0);
    return sound(judged(strcmp(got, row->at[2]) == 0, row->at[0], row->at[2], got));
}

static enum judged other_scheme_row(struct tsv *row)
{
    struct url u;
    const char *got = parsed(&u, row, 0);
    bool refused = strcmp(got, "SCHEME") == 0 || strcmp(got, "FAILURE") == 0;

    return sound(judged(refused, row->at[0], "refused", got));
}

/* The RFC's resolver must give exactly the row's text. url_parse must give the same where
 * the two standards agree. They differ for other schemes, and an empty path is "/" in a
 * WHATWG URL. */
static enum judged resolved(const struct tsv *row, int ref)
{
    const char *expected = row->at[ref + 2], *same, *got;
    char text[1000];
    struct url u, v;

    if (url_resolve_rfc3986(text, sizeof text, row->at[ref], row->at[ref + 1]) != 0)
        strcpy(text, "error");
    if (strcmp(text, expected) != 0)
        return judged(false, row->at[ref], expected, text);
    same = parsed_at_wall(&v, expected, row->n[ref + 2], NULL);
    got = parsed(&u, row, ref);
    return sound(judged(strcmp(got, same) == 0, row->at[ref], same, got));
}

static enum judged rfc3986_row(struct tsv *row)
{
    return resolved(row, 1);
}

static enum judged more_row(struct tsv *row)
{
    return resolved(row, 0);
}

static enum judged normalize_row(struct tsv *row)
{
    struct url u;

    if (url_at_wall(&u, row->at[0], row->n[0], NULL) != 0)
        strcpy(u.text, "error");
    else
        url_normalize(&u);
    return sound(judged(strcmp(u.text, row->at[1]) == 0, row->at[0], row->at[1], u.text));
}

/* The head that is sent for a URL has exactly the intended lines. */
static enum judged request_row(struct tsv *row)
{
    static char head[2 * URL_MAX + 200], meant[2 * URL_MAX + 200];
    struct url u;
    int err = url_at_wall(&u, row->at[0], row->n[0], NULL);
    bool reject = strcmp(row->at[1], "REJECT") == 0;
    size_t n;

    if (strlen("http://") + row->n[2] + row->n[1] > URL_MAX)
        return sound(
            judged(err == ENAMETOOLONG, row->at[0], "ENAMETOOLONG", "something else"));
    if (reject || err != 0)
        return sound(judged(reject && err != 0, row->at[0], row->at[1], "the contrary"));
    snprintf(meant, sizeof meant,
             "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: w\r\nAccept: */*\r\n\r\n",
             row->at[1], row->at[2]);
    n = http_request_head(head, sizeof head, "GET", &u, "w", "Accept: */*\r\n");
    return sound(judged(n == strlen(meant) && memcmp(head, meant, n) == 0, row->at[0],
                        meant, head));
}

/* The hosts of this file also cover the ways to write an address. */
static enum judged address_row(struct tsv *row)
{
    char text[1000];
    struct url u;
    int n = snprintf(text, sizeof text, "http://%s/", row->at[0]);

    if (url_at_wall(&u, text, (size_t)n, NULL) != 0)
        strcpy(u.text, "error");
    snprintf(text, sizeof text, "http://%s/", row->at[1]);
    return sound(judged(strcmp(u.text, text) == 0, row->at[0], text, u.text));
}

int main(int argc, char **argv)
{
    static const struct vector_file files[] = {
        { "url-resolve-rfc3986", rfc3986_row, "" },
        { "url-resolve-more", more_row, "" },
        { "url-normalize", normalize_row, "" },
        { "url-whatwg", whatwg_row, "" },
        { "url-other-scheme", other_scheme_row, "" },
        { "request-head", request_row, "" },
        { "ssrf-addresses", address_row, "" },
    };

    url_wall();
    return vectors_main(argc, argv, files, sizeof files / sizeof *files);
}
