/*
 * crawl-ends.c - checks of a crawl over time: requests in flight, retries,
 * robots.txt. Prints TAP. Next: crawl-stop.c.
 */
#include "site_crawl.h"

#define BUSY(more) "503 Busy\r\n" more

static const char five[] = "<a href=1><a href=2><a href=3><a href=4>";

static void concurrency(void)
{
    static const struct answer rows[] = {
        { "/", .body = five, .latency = 1 },  { "/1", .body = "", .latency = 1 },
        { "/2", .body = "", .latency = 1.2 }, { "/3", .body = "", .latency = 1.4 },
        { "/4", .body = "", .latency = 1.6 }, { .path = NULL }
    };

    start(rows);
    site.tells = true;
    options.concurrency = 5;
    options.per_host = 3;
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_TRACE(
        "/@0.00 /:200@1.00 /1@1.00 /2@1.00 /3@1.00 /1:200@2.00 /4@2.00 /2:200@2.20 "
        "/3:200@2.40 /4:200@3.60");
    EXPECT_INT(site.peak, 3);
    EXPECT_INT(crawl.counts.peak, 3);
    EXPECT_INT(crawl.connector.opened, 3);
    EXPECT_INT(crawl.connector.reused, 2);
    finish();
}

static void delay(void)
{
    static const struct answer rows[] = { { "/", .body = five, .latency = 0.2 },
                                          { .path = NULL } };

    start(rows);
    site.tells = true;
    options.concurrency = options.per_host = 4;
    options.delay = 0.5;
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_TRACE("/@0.00 /:200@0.20 /1@0.50 /1:404@0.50 /2@1.00 /2:404@1.00 /3@1.50 "
                 "/3:404@1.50 /4@2.00 /4:404@2.00");
    EXPECT_INT(crawl.connector.opened, 1);
    finish();
}

static void recovers(void)
{
    static const struct answer rows[] = {
        { "/", .head = BUSY("Retry-After: 7"), .times = 1 },
        { "/", .head = BUSY("Retry-After: 0"), .times = 1 },
        { "/", .body = "<a href=1>" },
        { .path = NULL }
    };

    start(rows);
    site.tells = true;
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_TRACE("/@0.00 /@7.00 /@7.00 /:200@7.00 /1@7.00 /1:404@7.00");
    EXPECT_INT(crawl.counts.retries, 2);
    EXPECT_INT(crawl.counts.status[5], 0);
    finish();
}

static void given_up(void)
{
    static const struct answer rows[] = { { "/", .head = BUSY("X: y") },
                                          { .path = NULL } };
    double seconds;

    start(rows);
    options.retries = 2;
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_TRACE("/:503");
    EXPECT_INT(site.requests, 3);
    EXPECT_INT(crawl.counts.retries, 2);
    EXPECT_INT(crawl.counts.status[5], 1);
    seconds = loop_time(&runner.loop) - crawl.began;
    EXPECT(seconds >= 1.5 && seconds <= 2.25); /* 0.5 and 1, and up to 50 % more */
    finish();
}

/* The last page within --max-pages fits, while an earlier one waits for its next attempt.
 * The retry of the earlier page comes before new pages. */
static void enough_but_one(void)
{
    static const struct answer rows[] = { { "/", .body = five },
                                          { "/1", .head = BUSY("Retry-After: 5"),
                                            .times = 1 },
                                          { "/1", .body = five, .latency = 1 },
                                          { "/2", .body = "", .latency = 1 },
                                          { .path = NULL } };

    start(rows);
    site.tells = true;
    options.concurrency = options.per_host = 2;
    options.max_pages = 3;
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_TRACE("/@0.00 /:200@0.00 /1@0.00 /2@0.00 /2:200@1.00 /1@5.00 /1:200@6.00");
    EXPECT_INT(crawl.frontier.unfinished, 2);
    EXPECT_INT(crawl.counts.pages, 3);
    finish();
}

static void network_trouble(void)
{
    static const struct answer rows[] = { { "/", .raw = "", .closes = true },
                                          { .path = NULL } };

    start(rows);
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_TRACE("/:0!closed-early: the server closed before its answer's end");
    EXPECT_INT(site.requests, 4);
    EXPECT_INT(crawl.counts.status[0], 1);
    finish();
    start(rows);
    options.retries = 0;
    EXPECT_INT(crawl_from("http://nowhere/x"), 0);
    EXPECT_TRACE("http://nowhere/x:0!no-address: the host's name cannot be resolved");
    finish();
}

static void no_status(void)
{
    static const struct answer rows[] = { { "/", .head = "999 Denied" },
                                          { .path = NULL } };

    start(rows);
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_TRACE("/:999");
    EXPECT_INT(crawl.counts.status[5], 1);
    finish();
}

static void malformed(void)
{
    static const struct answer rows[] = {
        { "/", .raw = "SSH-2.0\r\n\r\n", .closes = true }, { .path = NULL }
    };

    start(rows);
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_TRACE("/:0!bad-status-line: an SSH server");
    EXPECT_INT(site.requests, 1); /* a retry would give the same result */
    trace_reset();
    finish();
}

/* ---- robots.txt ---- */

static void robots(void)
{
    static const struct answer rows[] = {
        { "/robots.txt", .body = "User-agent: *\nDisallow: /2\nDisallow: /4\n",
          .latency = 1 },
        { "/", .body = five },
        { "/1", .body = "", .latency = 0.1 },
        { "/3", .body = "", .latency = 0.2 },
        { .path = NULL }
    };

    start(rows);
    site.tells = options.robots = true;
    options.concurrency = options.per_host = 4;
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_TRACE("/robots.txt@0.00 /@1.00 /:200@1.00 /1@1.00 /3@1.00 /1:200@1.10 "
                 "/3:200@1.20");
    EXPECT_INT(crawl.counts.forbidden, 2);
    EXPECT_INT(crawl.counts.pages, 3);
    finish();
}

/* A redirect from the crawl's host to a private address: refused, and the page says
 * why. */
static void robots_inside(void)
{
    static const struct answer rows[] = {
        { "/robots.txt", .head = "302 Found\r\nLocation: http://10.0.0.1/robots.txt" },
        { .path = NULL }
    };

    start(rows);
    options.robots = true;
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_TRACE("/:0!robots.txt: forbidden-address: 10.0.0.1 is private");
    EXPECT_INT(site.requests, 1);
    finish();
}

static void no_robots(void)
{
    static const struct answer rows[] = { { "/robots.txt", .head = BUSY("X: y") },
                                          { .path = NULL } };

    start(rows);
    options.robots = true;
    options.retries = 1;
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_TRACE("/:0!robots.txt: status 503");
    EXPECT_INT(crawl.counts.status[0], 1);
    finish();
    start(rows);
    options.robots = true;
    options.retries = 0;
    EXPECT_INT(crawl_from("http://nowhere/"), 0);
    EXPECT_TRACE(
        "http://nowhere/:0!robots.txt: no-address: the host's name cannot be resolved");
    finish();
}

CHECK_MAIN({ "requests in flight, in all and to a host", concurrency },
           { "a delay between two requests to a host", delay },
           { "refused once: it recovers", recovers },
           { "refused for ever: it is given up", given_up },
           { "enough pages, and one is to be tried again", enough_but_one },
           { "network trouble", network_trouble }, { "no HTTP", malformed },
           { "a status beyond 599", no_status },
           { "robots.txt first, then what it allows", robots },
           { "robots.txt redirects to a private address", robots_inside },
           { "no robots.txt to be had", no_robots })
