/*
 * decode.c - checks of a crawl over packed pages, pages in other charsets, bombs, and
 * false declarations: readable pages are followed, the others have a reason, and the
 * crawl goes on. Prints TAP.
 */
#include "packed_body.h"
#include "site_crawl.h"

#define HTML "200 OK\r\nContent-Type: text/html"
#define PACKED(how) HTML "\r\nContent-Encoding: " how

/* The text of a page between the line's key and its end. */
static void expect_line(const char *text, const char *url, const char *what)
{
    char start[64];
    const char *line;
    size_t n;

    snprintf(start, sizeof start, "{\"url\":\"http://h%s\",", url);
    line = strstr(text, start);
    EXPECT(line != NULL);
    if (line == NULL)
        return;
    n = strcspn(line, "\n");
    for (size_t i = 0; i + strlen(what) <= n; i++)
        if (strncmp(line + i, what, strlen(what)) == 0)
            return;
    check_fail(__FILE__, __LINE__, "%.*s: no %s", (int)n, line, what);
}

static const char deflated[] = "<title>D</title><a href=bare>";
static const char bare[] = "<title>B</title><a href=sjis>";
static const char first[] =
    "<title>Packed</title><a href=deflate><a href=bomb><a href=lie>"
    "<a href=short><a href=br><a href=thrice>";

static void pages(void)
{
    static char gzip[400], zlib[100], raw[100], cut[400];
    static unsigned char bomb[PACK_BOMB];
    const struct answer rows[] = {
        { "/", .head = PACKED("gzip"), .body = gzip,
          .n = pack_gzip(gzip, first, sizeof first - 1) },
        { "/deflate", .head = PACKED("deflate"), .body = zlib,
          .n = pack_zlib(zlib, deflated, sizeof deflated - 1) },
        { "/bare", .head = PACKED("deflate"), .body = raw,
          .n = pack_raw(raw, bare, sizeof bare - 1) },
        ANSWER("/sjis", HTML "; charset=Shift_JIS",
               "<title>\x93\xfa\x96\x7b</title><a href=\"\x83\x5c\">x</a><a href=meta>"),
        ANSWER("/%E3%82%BD", NULL, "<title>So</title>"),
        ANSWER("/meta", NULL,
               "<meta charset=windows-1251><title>\xcc\xe8\xf0</title><a href=\xcc>"),
        ANSWER("/%D0%9C", NULL, "M"),
        { "/bomb", .head = PACKED("gzip"), .body = (char *)bomb, .n = pack_bomb(bomb) },
        ANSWER("/lie", PACKED("gzip"), "<a href=never>"),
        { "/short", .head = PACKED("gzip"), .body = cut,
          .n = pack_gzip(cut, deflated, sizeof deflated - 1) - 3 },
        ANSWER("/br", PACKED("br"), "<a href=never>"),
        ANSWER("/thrice", PACKED("gzip, gzip, gzip"), "<a href=never>"),
        { .path = NULL }
    };
    size_t n;
    char *text;

    start(rows);
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT(strstr(check_trace, "never") == NULL);
    EXPECT_INT(crawl.counts.pages, 12);
    EXPECT_INT(crawl.counts.status[0], 5);
    EXPECT_INT(crawl_close(&crawl), 0);
    text = load("pages.jsonl", &n);
    expect_line(text, "/", "\"title\":\"Packed\",\"links\":6,");
    expect_line(text, "/",
                "\"error\":null,\"encoding\":\"gzip\",\"charset\":\"windows-1252\"}");
    expect_line(text, "/deflate", "\"title\":\"D\",\"links\":1,");
    expect_line(text, "/deflate", "\"bytes\":40,"); /* as it was sent */
    expect_line(text, "/bare", "\"title\":\"B\",\"links\":1,");
    expect_line(text, "/bare", "\"encoding\":\"deflate\",");
    expect_line(text, "/sjis", "\"title\":\"\\u65e5\\u672c\",\"links\":2,");
    expect_line(text, "/sjis", "\"error\":null,\"charset\":\"shift_jis\"}");
    expect_line(text, "/%E3%82%BD", "\"title\":\"So\"");
    expect_line(text, "/meta", "\"title\":\"\\u041c\\u0438\\u0440\",\"links\":1,");
    expect_line(text, "/meta", "\"error\":null,\"charset\":\"windows-1251\"}");
    expect_line(text, "/%D0%9C", "\"status\":200,");
    expect_line(text, "/bomb", "\"status\":200,");
    expect_line(text, "/bomb", "\"bytes\":100000,");
    expect_line(text, "/bomb", "\"error\":\"too-dense: ");
    expect_line(text, "/lie", "\"error\":\"bad-gzip: it does not begin as gzip\"");
    expect_line(text, "/short", "\"title\":\"D\",\"links\":1,"); /* of received bytes */
    expect_line(text, "/short", "\"error\":\"truncated: it ends in the middle\"");
    expect_line(text, "/br", "\"error\":\"unknown-coding: ");
    expect_line(text, "/br", "\"encoding\":\"br\"}");
    expect_line(text, "/thrice", "\"error\":\"too-many-codings: ");
    free(text);
    trace_reset();
    remove_output();
    end();
}

static bool contains(const char *text, size_t n, const void *part, size_t part_n)
{
    for (size_t i = 0; i + part_n <= n; i++)
        if (memcmp(text + i, part, part_n) == 0)
            return true;
    return false;
}

/* The archive has the request and the bytes as they were received. */
static void archive(void)
{
    static const char accept[] = "\r\nAccept-Encoding: gzip, deflate\r\n";
    char gzip[400];
    const struct answer rows[] = { { "/", .head = PACKED("gzip"), .body = gzip,
                                     .n = pack_gzip(gzip, bare, sizeof bare - 1) },
                                   { .path = NULL } };
    size_t n;
    char *text;

    start(rows);
    options.digests = true;
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_INT(crawl_close(&crawl), 0);
    text = load("crawl.warc", &n);
    EXPECT(contains(text, n, accept, sizeof accept - 1));
    EXPECT(contains(text, n, gzip, rows[0].n));
    free(text);
    trace_reset();
    remove_output();
    end();
}

/* A body that is not searched for links is not unpacked: a false declaration there is no
 * failure. */
static void not_html(void)
{
    static const struct answer rows[] = {
        ANSWER("/", NULL, "<a href=1><a href=2>"),
        ANSWER("/1", "200 OK\r\nContent-Type: image/png\r\nContent-Encoding: gzip",
               "lie"),
        ANSWER("/2", "404 No\r\nContent-Type: text/html\r\nContent-Encoding: br", "lie"),
        { .path = NULL }
    };

    start(rows);
    expect_crawl("/:200 /1:200 /2:404");
}

/* robots.txt may be packed, too; an unreadable one forbids everything. */
static void robots(void)
{
    static const char rules[] = "User-agent: *\nDisallow: /private\n";
    char gzip[100];
    struct answer rows[] = { { "/robots.txt", .head = "200 OK\r\nContent-Encoding: gzip",
                               .body = gzip,
                               .n = pack_gzip(gzip, rules, sizeof rules - 1) },
                             ANSWER("/", NULL, "<a href=private><a href=public>"),
                             { .path = NULL } };

    start(rows);
    options.robots = true;
    expect_crawl("/:200 /public:404");
    rows[0].n -= 9;
    start(rows);
    options.robots = true;
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT(strncmp(check_trace, "/:0!robots.txt: ", 16) == 0);
    trace_reset();
    finish();
    rows[0].head = "404 No\r\nContent-Encoding: gzip"; /* 404: the coding is irrelevant */
    start(rows);
    options.robots = true;
    expect_crawl("/:200 /private:404 /public:404");
}

CHECK_MAIN({ "packed, in other charsets, bombs and lies", pages },
           { "the archive keeps the bytes", archive }, { "what is not read", not_html },
           { "robots.txt", robots })
