/*
 * crawl.c - checks of a whole crawl: which pages it fetches, follows and skips, and the
 * line that it writes for each. Prints TAP. Next: crawl-ends.c.
 */
#include "site_crawl.h"

#define TO(target) "302 Found\r\nLocation: " target
#define BAD "!bad-redirect: the target is no URL"

static void graph(void)
{
    static const struct answer rows[] = {
        ANSWER("/", NULL, "<a href=a><a href=b><a href=/>"),
        ANSWER("/a", NULL, "<a href=b><a href=c#1><a href=c#2>"),
        ANSWER("/b", NULL, "<a href=/a><area href=e>"),
        ANSWER("/c", NULL, "<a href=c><a href=./x/../d>"),
        ANSWER("/d", NULL, ""),
        ANSWER("/e", NULL, ""),
        { .path = NULL }
    };

    start(rows);
    expect_crawl("/:200 /a:200 /b:200 /c:200 /e:200 /d:200");
}

static void missing_page(void)
{
    static const struct answer rows[] = {
        ANSWER("/", NULL, "<a href=gone><a href=text>"),
        ANSWER("/gone", "404 Not Found\r\nContent-Type: text/html", "<a href=never>"),
        ANSWER("/text", "200 OK\r\nContent-Type: text/plain", "<a href=never>"),
        { .path = NULL }
    };

    start(rows);
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_TRACE("/:200 /gone:404 /text:200");
    EXPECT_INT(crawl.counts.status[4], 1);
    finish();
}

static void scope(void)
{
    static const struct answer rows[] = {
        ANSWER("/", NULL,
               "<a href=//other/><a href=http://h:81/><a href=https://h/>"
               "<a href=mailto:x><a href=javascript:x><a href='http://['>"
               "<a href=http://sub.h/><a href=HTTP://H:80/in><a href=''>"),
        ANSWER("/in", NULL, ""),
        { .path = NULL }
    };

    start(rows);
    expect_crawl("/:200 /in:200");
}

static void two_starts(void)
{
    static const struct answer rows[] = { ANSWER("h/", NULL,
                                                 "<a href=http://g/x><a href=http://f/>"),
                                          ANSWER("g/x", NULL, "<a href=y>"),
                                          ANSWER("g/", NULL, ""),
                                          ANSWER("g/y", NULL, ""),
                                          { .path = NULL } };
    struct url url;

    start(rows);
    open_crawl("http://h/");
    url_parse(&url, "http://g/", 9, NULL);
    EXPECT_INT(crawl_start_at(&crawl, &url), 0);
    EXPECT_INT(crawl_start_at(&crawl, &url), 0);
    EXPECT_INT(run(crawl_run(&crawl_frame, &crawl)), 0);
    EXPECT_TRACE("/:200 http://g/:200 http://g/x:200 http://g/y:200");
    finish();
}

static void base_href(void)
{
    static const struct answer rows[] = {
        ANSWER("/", NULL,
               "<a href=1><base href=/deep/er/><base href=/no/><a href=2>"
               "<a href=../3><a href=/4>"),
        { .path = NULL }
    };

    start(rows);
    expect_crawl("/:200 /1:404 /deep/er/2:404 /deep/3:404 /4:404");
}

static void base_elsewhere(void)
{
    static const struct answer rows[] = {
        ANSWER("/", NULL, "<a href=dir/page>"),
        ANSWER("/dir/page", NULL, "<base href=//other/><a href=1><a href=//h/2>"),
        { .path = NULL }
    };

    start(rows);
    expect_crawl("/:200 /dir/page:200 /2:404");
}

/* ---- redirects ---- */

static void redirect_chain(void)
{
    static const struct answer rows[] = { ANSWER("/", TO("/1"), "<a href=never>"),
                                          ANSWER("/1", TO("2#x"), ""),
                                          ANSWER("/2", TO("//h/3?q"), ""),
                                          ANSWER("/3?q", NULL, "<a href=1>"),
                                          { .path = NULL } };

    start(rows);
    expect_crawl("/:302->http://h/1 /1:302->http://h/2#x /2:302->http://h/3?q /3?q:200");
}

static void redirect_loop(void)
{
    static const struct answer rows[] = { ANSWER("/", TO("/1"), ""),
                                          ANSWER("/1", TO("/"), ""),
                                          { .path = NULL } };

    start(rows);
    expect_crawl("/:302->http://h/1 "
                 "/1:302!redirect-loop: redirected to where it was->http://h/");
}

/* A redirect to a known page that is not on its own path is no loop. */
static void redirect_to_known(void)
{
    static const struct answer rows[] = { ANSWER("/", NULL, "<a href=1><a href=2>"),
                                          ANSWER("/1", TO("/"), ""),
                                          ANSWER("/2", TO("/2"), ""),
                                          { .path = NULL } };

    start(rows);
    expect_crawl("/:200 /1:302->http://h/ "
                 "/2:302!redirect-loop: redirected to where it was->http://h/2");
    EXPECT_INT(crawl.counts.status[3], 2); /* the server has answered */
    EXPECT_INT(crawl.counts.status[0], 0);
}

static void redirect_nowhere(void)
{
    static const struct answer rows[] = { ANSWER("/", NULL, "<a href=1><a href=2>"),
                                          ANSWER("/1", TO("file:/etc/passwd"), ""),
                                          ANSWER("/2", TO("http://h:0x/"), ""),
                                          { .path = NULL } };

    start(rows);
    expect_crawl(
        "/:200 "
        "/1:302!other-scheme: redirected to neither http nor https->file:/etc/passwd "
        "/2:302!bad-redirect: the target is no URL->http://h:0x/");
}

static void redirect_away(void)
{
    static const struct answer rows[] = { ANSWER("/", TO("http://other/"), ""),
                                          { .path = NULL } };

    start(rows);
    expect_crawl("/:302->http://other/");
}

/* Ten redirects are followed, as in aiohttp; a page that is also linked is fetched
 * anyway. */
static void many_redirects(void)
{
    static char to[13][40], path[13][8];
    struct answer rows[14] = { { .path = NULL } };

    for (int i = 0; i < 12; i++) {
        sprintf(path[i], "/%.0d", i);
        sprintf(to[i], TO("/%d"), i + 1);
        rows[i] = (struct answer)ANSWER(path[i], to[i], "");
    }
    rows[12] = (struct answer){ .path = NULL };
    start(rows);
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_INT(crawl.counts.pages, 11); /* the first request and ten more */
    EXPECT(strstr(check_trace, "/10:302!too-many-redirects: and still no answer->"
                               "http://h/11") != NULL);
    trace_reset();
    finish();
}

static void no_redirect(void)
{
    static const struct answer rows[] = {
        ANSWER("/", NULL, "<a href=1><a href=2><a href=3><a href=4>"),
        ANSWER("/1", "302 Found", ""),
        ANSWER("/2", TO("http://[/"), ""),
        ANSWER("/3", "304 Not Modified\r\nLocation: /never", ""),
        ANSWER("/4", TO("/ne\r\n ver"), ""), /* a folded field */
        { .path = NULL }
    };

    start(rows);
    expect_crawl("/:200 /1:302" BAD " /2:302" BAD "->http://[/ /3:304 "
                 "/4:302" BAD "->http://h/ne%20ver");
}

/* ---- limits ---- */

static const struct answer chain[] = {
    ANSWER("/", NULL, "<a href=1>"), ANSWER("/1", NULL, "<a href=2>"),
    ANSWER("/2", TO("/3"), ""),      ANSWER("/3", NULL, "<a href=4>"),
    ANSWER("/4", NULL, ""),          { .path = NULL }
};

/* A redirect is not a link: it does not add to the depth. */
static void depth(void)
{
    start(chain);
    options.depth = 0;
    expect_crawl("/:200");
    start(chain);
    options.depth = 2;
    expect_crawl("/:200 /1:200 /2:302->http://h/3 /3:200");
    start(chain);
    expect_crawl("/:200 /1:200 /2:302->http://h/3 /3:200 /4:200");
}

static void max_pages(void)
{
    start(chain);
    options.max_pages = 2;
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_TRACE("/:200 /1:200");
    EXPECT_INT(crawl.frontier.unfinished, 1);
    finish();
}

static void patterns(void)
{
    static const struct answer rows[] = {
        ANSWER("/", NULL,
               "<a href=/docs/a><a href=/docs/b.pdf><a href=/other#docs>"
               "<a href=/docs/c>"),
        { .path = NULL }
    };
    regex_t include[2], exclude[1];

    regcomp(&include[0], "/docs/", REG_EXTENDED | REG_NOSUB);
    regcomp(&include[1], "nothing", REG_EXTENDED | REG_NOSUB);
    regcomp(&exclude[0], "\\.pdf$", REG_EXTENDED | REG_NOSUB);
    start(rows);
    options.include = include;
    options.includes = 2;
    options.exclude = exclude;
    options.excludes = 1;
    expect_crawl("/:200 /docs/a:404 /docs/c:404");
    start(rows);
    options.exclude = exclude;
    options.excludes = 1;
    expect_crawl("/:200 /docs/a:404 /other:404 /docs/c:404");
    regfree(&include[0]);
    regfree(&include[1]);
    regfree(&exclude[0]);
}

CHECK_MAIN({ "a graph with a cycle: each page once", graph },
           { "links of a 404, or of plain text, are not followed", missing_page },
           { "scheme, host and port of the start", scope },
           { "two start pages", two_starts }, { "base href", base_href },
           { "base href to another host", base_elsewhere },
           { "a chain of redirects", redirect_chain },
           { "redirects in a circle", redirect_loop },
           { "a redirect to a page that is known", redirect_to_known },
           { "redirects that lead nowhere", redirect_nowhere },
           { "a redirect out of scope", redirect_away },
           { "more than ten redirects", many_redirects }, { "no redirect", no_redirect },
           { "depth", depth }, { "so many pages", max_pages },
           { "include and exclude", patterns })
