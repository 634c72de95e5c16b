/*
 * robots-vectors.c - robots.h against other people's rows and our own.
 *
 * Usage: robots-vectors [folder of vectors]. A TAP line for each file.
 */
#include "robots_query.h"

/* Path and query of a URL; it replaces the URL parser, which has its own checks. */
static size_t path_of(const char *url, size_t n, char *path)
{
    size_t at = 0, m = 0, end = n;
    const char *scheme = strstr(url, "://"), *hash = memchr(url, '#', n);

    if (hash != NULL)
        end = (size_t)(hash - url);
    if (scheme != NULL && memchr(url, '/', n) > (const void *)scheme)
        at = (size_t)(scheme - url) + 3;
    else if (strncmp(url, "//", 2) == 0)
        at = 2;
    while (at < end && url[at] != '/' && url[at] != '?')
        at++;
    if (at == end || url[at] != '/')
        path[m++] = '/';
    memcpy(path + m, url + at, end - at);
    return m + end - at;
}

static void matching(const char *folder, const char *name)
{
    struct tsv row;
    int rows = 0, right = 0;

    if (!tsv_open(&row, folder, name))
        return;
    while (tsv_next(&row)) {
        char *path = malloc(row.n[3] + 2);
        size_t n = path_of(row.at[3], row.n[3], path);
        bool allow = ask(row.at[1], row.n[1], row.at[2], path, n);

        rows++;
        if (allow == (strcmp(row.at[4], "allow") == 0))
            right++;
        else
            printf("# row %d %s: expected %s\n", rows, row.at[0], row.at[4]);
        free(path);
    }
    printf("# %s: %d of %d\n", name, right, rows);
    tap(rows > 0 && right == rows, name);
}

static void agents(const char *folder)
{
    struct tsv row;
    int rows = 0, right = 0;

    if (!tsv_open(&row, folder, "robots-agent.tsv"))
        return;
    for (; tsv_next(&row); rows++)
        right += robots_valid_agent(row.at[1]) == (strcmp(row.at[2], "allow") == 0);
    printf("# robots-agent.tsv: %d of %d\n", right, rows);
    tap(rows > 0 && right == rows, "robots-agent.tsv");
}

/* Escapes: a pattern allows exactly the path that the vector gives for it. */
static bool escapes_to(const char *pattern, const char *expected)
{
    char text[256];

    snprintf(text, sizeof text, "user-agent: *\ndisallow: %s$\n", pattern);
    return !rules_say(text, expected) && !rules_say(text, pattern) &&
           rules_say(text, "/q");
}

static void paths(const char *folder)
{
    struct tsv row;
    int rows = 0, right = 0, stand_in = 0;

    if (!tsv_open(&row, folder, "robots-path.tsv"))
        return;
    for (; tsv_next(&row); rows++) {
        char path[256];
        bool fine;

        if (strcmp(row.at[1], "escape") == 0) {
            fine = escapes_to(row.at[2], row.at[3]);
        } else {
            size_t n = path_of(row.at[2], row.n[2], path);

            fine = n == row.n[3] && memcmp(path, row.at[3], n) == 0;
            stand_in++;
        }
        right += fine;
        if (!fine)
            printf("# row %d: %s\n", rows + 1, row.at[2]);
    }
    printf("# robots-path.tsv: %d of %d, %d of them by this test's own path_of()\n",
           right, rows, stand_in);
    tap(rows > 0 && right == rows, "robots-path.tsv");
}

static size_t count(const char *text, size_t n, const char *word)
{
    size_t found = 0, m = strlen(word);

    for (size_t i = 0; i + m <= n; i++) {
        size_t k = 0;

        while (k < m && (text[i + k] | 0x20) == (word[k] | 0x20))
            k++;
        found += k == m;
    }
    return found;
}

static size_t rules_for(const char *text, size_t n, const char *agent)
{
    struct robots r;
    size_t rules = 0;

    if (robots_parse(&r, tsv_wall(text, n), n, agent) != 0)
        exit(2);
    for (size_t i = 0; i < r.rules.n; i++)
        rules += r.rules.at[i] == '\n';
    robots_free(&r);
    return rules;
}

/* Of the counts in a row we can check the rules: known directives without the agents and
 * the sitemaps, over both agents of the rows. */
static void stats(const char *folder)
{
    struct tsv row;
    int rows = 0, right = 0;

    if (!tsv_open(&row, folder, "robots-stats.tsv"))
        return;
    for (; tsv_next(&row); rows++) {
        size_t known = (size_t)(row.at[2][0] - '0');
        size_t others = count(row.at[1], row.n[1], "user-agent:") -
                        (row.at[3][0] == '1') + count(row.at[1], row.n[1], "sitemap:");
        size_t rules =
            rules_for(row.at[1], row.n[1], "foo") + rules_for(row.at[1], row.n[1], "bar");
        bool fine = row.at[3][0] == '0' ? rules == known - others : rules == 0;

        right += fine;
        if (!fine)
            printf("# row %d: %zu rules\n", rows + 1, rules);
    }
    printf("# robots-stats.tsv: %d of %d by the rules that are kept\n", right, rows);
    printf("# skipped: its columns of unknown directives, line numbers and sitemaps: "
           "robots.h "
           "has no such counts\n");
    tap(rows > 0 && right == rows, "robots-stats.tsv, the rules");
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : NULL;

    matching(folder, "robots.tsv");
    matching(folder, "robots-extra.tsv");
    agents(folder);
    paths(folder);
    stats(folder);
    return tap_end();
}
