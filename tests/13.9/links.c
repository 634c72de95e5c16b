/*
 * links.c - checks of the link scanner with pages of our own.
 * Read next: link_cases.h, the pages; link_scan.h, how they are fed.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "link_cases.h"
#include "link_scan.h"

static void cases(void)
{
    static struct log log;

    for (size_t i = 0; i < sizeof link_cases / sizeof link_cases[0]; i++) {
        const struct link_case *c = &link_cases[i];
        int good = scan_all_ways(&log, c->html, strlen(c->html));

        for (size_t at = 0; at < log.n; at++)
            if (log.text[at] == '\0')
                log.text[at] = '|';
        good = good && log.n == strlen(c->want) && memcmp(log.text, c->want, log.n) == 0;
        ok(good, c->name);
        if (!good)
            printf("# expected %s\n# got %.*s\n", c->want, (int)log.n, log.text);
    }
}

/* A value of the maximum length, one byte longer, and two that only fit one at a time. */
static void limits(void)
{
    static char page[3 * LINKS_VALUE_MAX];
    static struct log log;
    int n;

    n = snprintf(page, sizeof page, "<a href=%0*d><a href=b>", LINKS_VALUE_MAX, 0);
    ok(scan(&log, page, (size_t)n, 0, 7) == 0 && log.n == LINKS_VALUE_MAX + 2 + 3,
       "longest value");
    n = snprintf(page, sizeof page, "<a href=%0*d><a href=b>", LINKS_VALUE_MAX + 1, 0);
    ok(scan(&log, page, (size_t)n, 0, 7) == 1 && log.n == 3, "a longer value is dropped");
    n = snprintf(page, sizeof page, "<a href=%0*d href=c>", LINKS_VALUE_MAX + 1, 0);
    ok(scan(&log, page, (size_t)n, 0, 7) == 1 && log.n == 0,
       "a dropped attribute still counts");
    n = snprintf(page, sizeof page, "<meta content=%0*d name=robots>", LINKS_VALUE_MAX,
                 0);
    ok(scan(&log, page, (size_t)n, 0, 7) == 1 && log.n == 0, "no room for the condition");
    n = snprintf(page, sizeof page, "<meta name=%0*d content=a>", LINKS_VALUE_MAX + 1, 0);
    ok(scan(&log, page, (size_t)n, 0, 7) == 1 && log.n == 0, "the condition is too long");
    n = snprintf(page, sizeof page, "<a%c href=1><a href%c=2>", 0, 0);
    ok(scan(&log, page, (size_t)n, 0, 7) == 0 && log.n == 0, "NUL in a name");
    n = snprintf(page, sizeof page, "<a href='&nLt;&nGt;%0*d'>", LINKS_VALUE_MAX - 10, 0);
    ok(scan(&log, page, (size_t)n, 0, 7) == 1 && log.n == 0,
       "decoding makes it too long");
    n = snprintf(page, sizeof page, "<title>%0511d\xC3\xA9</title>", 0);
    ok(scan(&log, page, (size_t)n, 0, 7) == 0 && log.n == 513,
       "a title ends at a character");
    n = snprintf(page, sizeof page, "<title>%0*d</title><a href=b>", 2 * LINKS_VALUE_MAX,
                 0);
    ok(scan(&log, page, (size_t)n, 0, 7) == 0 && log.n == LINKS_TITLE_MAX + 2 + 3,
       "long title");
}

/* Pages of random markup: no cut may make a difference. */
static void fuzz(void)
{
    /* clang-format off */
    static const char *const bits[] = {
        "<", ">", "/", "!", "-", "--", "=", "\"", "'", " ", "&", "a", "href", ";",
        "<a href=", "<a ", "<script", "</script", "<!--", "-->", "<title>", "</title",
        "\r\n", "&amp", "&#65", "<style>", "</style>", "?", "\xC3\xA9", "<base href=x>",
        "<meta name=robots content=",
    };
    /* clang-format on */
    static struct log log;
    unsigned seed = 1;
    int good = 1;

    for (int round = 0; round < 20000 && good; round++) {
        char page[256] = "";

        for (int i = 0; i < 14; i++) {
            seed = seed * 1103515245u + 12345u;
            strcat(page, bits[(seed >> 16) % (sizeof bits / sizeof bits[0])]);
        }
        good = scan_all_ways(&log, page, strlen(page));
    }
    ok(good, "pages at random, cut everywhere");
}

int main(void)
{
    raise_fence();
    cases();
    limits();
    fuzz();
    printf("1..%d\n", tests);
    return failures != 0;
}
