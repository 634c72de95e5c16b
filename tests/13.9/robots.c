/*
 * robots.c - checks of robots.h: our own cases, the limits, hostile input.
 *
 * Prints TAP. All input ends at an unreadable page. Read next: robots-vectors.c.
 */
#include "robots_query.h"

#include <time.h>

static void own_cases(void)
{
    static const struct {
        const char *text, *path;
        bool allow;
    } cases[] = {
        { "user-agent: *\ndisallow: /\n", "/robots.txt", true },
        { "user-agent: *\ndisallow: /\n", "/ROBOTS.TXT", false },
        { "user-agent: *\ndisallow: /\n", "/robots.txt?a", false },
        { "user-agent: *\ndisallow: /a%c3%a9\n", "/a%C3%A9", false },
        { "user-agent: *\ndisallow: /a%C3%A9\n", "/a\xc3\xa9", false },
        { "user-agent: *\ndisallow: /a%2a\n", "/a*b", false },
        { "user-agent: *\ndisallow: /a%2A\n", "/ab", true },
        { "user-agent: *\ndisallow: /a%24$\n", "/a$", false },
        { "user-agent: *\ndisallow: /a%\n", "/a%", false },
        { "user-agent: *\ndisallow: /a%2\n", "/a%2", false },
        { "user-agent: *\ndisallow: /a%2\n", "/a%25", false },
        { "user-agent: *\ndisallow: /a**b\n", "/axb", false },
        { "user-agent: *\ndisallow: /*ab$\n", "/abab", false },
        { "user-agent: *\ndisallow: /*ab$\n", "/aba", true },
        { "user-agent: *\ndisallow: /ab*ab$\n", "/ab", true },
        { "user-agent: *\ndisallow: $\n", "/", true },
        { "user-agent: *\ndisallow: *\n", "/", false },
        { "user-agent: *\ndisallow: *$\n", "/x", false },
        { "user-agent: *\ndisallow: /a\nallow: /a\n", "/a", true },
        { "user-agent: *\nallow: /a\ndisallow: /a\n", "/a", true },
        { "user-agent: OURBOT/2.0 (x)\ndisallow: /\n", "/a", false },
        { "user-agent: ourbots\ndisallow: /\n", "/a", true },
        { "user-agent: our\ndisallow: /\n", "/a", true },
        { "user-agent: a\ndisallow: /\nuser-agent: ourbot\nuser-agent: b\ndisallow: /b\n",
          "/b", false },
        { "user-agent: ourbot\ndisallow: /x\nuser-agent: b\ndisallow: /\n", "/b", true },
        { "user-agent: *x\ndisallow: /\n", "/b", true },
        { "<html><body>user-agent: *\ndisallow: /\n", "/b", true },
        { "\xef\xbb\xbfuser-agent: *\ndisallow: /\n", "/b", false },
        { "", "/b", true },
    };
    bool fine = true;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (rules_say(cases[i].text, cases[i].path) != cases[i].allow) {
            printf("# case %zu: expected %d for %s\n", i, cases[i].allow, cases[i].path);
            fine = false;
        }
    tap(fine, "our own cases");
}

static double delay_of(const char *value)
{
    char text[256];
    struct robots r;
    double delay;

    snprintf(text, sizeof text, "user-agent: *\ncrawl-delay: %s\n", value);
    if (robots_parse(&r, text, strlen(text), "ourbot") != 0)
        exit(2);
    delay = r.delay;
    robots_free(&r);
    return delay;
}

static void delays(void)
{
    tap(delay_of("10") == 10 && delay_of("0.5") == 0.5 && delay_of("2.") == 2 &&
            delay_of("0") == 0,
        "Crawl-delay");
    tap(delay_of("99999999999999999999999") == ROBOTS_DELAY && delay_of("301.5") == 300,
        "Crawl-delay is capped");
    tap(delay_of("-1") == 0 && delay_of("1e3") == 0 && delay_of(".5") == 0 &&
            delay_of("") == 0,
        "Crawl-delay that is no number");
}

/* A file whose second rule is beyond `at` bytes. */
static bool rule_counts_at(size_t at, const char *before)
{
    static char text[ROBOTS_BYTES + 4096];
    static const char first[] = "user-agent: *\n", last[] = "disallow: /late\n";
    size_t n = strlen(first);

    memset(text, '#', sizeof text);
    memcpy(text, first, n);
    at -= strlen(last);
    memcpy(text + at - strlen(before), before, strlen(before));
    memcpy(text + at, last, strlen(last));
    return !ask(text, at + strlen(last) + 100, "ourbot", "/late", 5);
}

static void limits(void)
{
    static char path[ROBOTS_LINE + 2];

    tap(rule_counts_at(ROBOTS_BYTES, "\n"), "a rule that ends at 500 KiB counts");
    tap(!rule_counts_at(ROBOTS_BYTES + 1, "\n"), "a line beyond 500 KiB does not");
    memset(path, '/', sizeof path);
    tap(ask("user-agent: *\ndisallow: /a\n", 27, "x", path, ROBOTS_LINE),
        "the longest path");
    tap(!ask("user-agent: *\ndisallow: /a\n", 27, "x", path, ROBOTS_LINE + 1),
        "a longer path is not allowed");
    tap(robots_allowed(&robots_allow_all, path, ROBOTS_LINE + 1) &&
            !robots_allowed(&robots_forbid_all, "/a", 2) &&
            robots_allowed(&robots_forbid_all, "/robots.txt", 11),
        "everything allowed, everything forbidden");
}

/* 500 KiB of rules that nearly match a path of 2,000 bytes; CPU seconds for one query. */
static double worst(int letters)
{
    static char text[ROBOTS_BYTES], path[2001];
    size_t n = (size_t)sprintf(text, "user-agent: *\n");
    clock_t start;

    memset(path, 'a', sizeof path);
    path[0] = '/';
    while (n + (size_t)letters + 16 < sizeof text) {
        n += (size_t)sprintf(text + n, "disallow: /*");
        memset(text + n, 'a', (size_t)letters);
        n += (size_t)letters;
        n += (size_t)sprintf(text + n, "b\n");
    }
    start = clock();
    if (!ask(text, n, "ourbot", path, sizeof path))
        exit(2);
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static void hostile_rules(void)
{
    static char stars[ROBOTS_LINE];
    char path[2000];
    size_t n = (size_t)sprintf(stars, "user-agent: *\ndisallow: /");
    double few = worst(1000), many = worst(16);

    while (n + 4 < sizeof stars)
        n += (size_t)sprintf(stars + n, "*a");
    n += (size_t)sprintf(stars + n, "$\n");
    memset(path, 'a', sizeof path);
    tap(ask(stars, n, "ourbot", path, sizeof path), "8,000 stars end");
    printf("# hostile rules: %.3f s with long pieces, %.3f s with short ones\n", few,
           many);
    tap(few < 10 && many < 10, "500 KiB of hostile rules end");
}

static unsigned pick(unsigned n)
{
    static unsigned long seed = 7;

    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return (unsigned)(seed >> 8) % n;
}

/* Any bytes, cut anywhere, have an answer. */
static void noise(void)
{
    static const char words[][14] = {
        "user-agent:", "disallow:",  "allow:", "crawl-delay:", "*",      "$",
        "%",           "/",          "a",      "\n",           "\n",     "\r",
        " ",           "\t",         "#",      "*\n",          "ourbot", "%4",
        ":",           "index.html", "?",      "\xef\xbb\xbf",
    };
    bool fine = true;

    for (int i = 0; i < 20000; i++) {
        char text[512], path[40];
        size_t n = 0;

        while (n < 400) {
            const char *word = words[pick(sizeof words / sizeof words[0])];

            memcpy(text + n, word, strlen(word));
            n += strlen(word);
        }
        for (size_t m = 0; m < sizeof path; m++)
            path[m] = "/a%$*4?"[pick(7)];
        n = pick((unsigned)n);
        ask(text, n, "ourbot", path, sizeof path);
        fine = fine && ask(text, n, "ourbot", "/robots.txt", 11);
    }
    tap(fine, "20,000 random files");
}

int main(void)
{
    own_cases();
    delays();
    limits();
    hostile_rules();
    noise();
    return tap_end();
}
