/*
 * robots-fetch.c - checks of robots_fetch.h: what the answer to a request for robots.txt
 * makes of a host (RFC 9309 2.3.1). Prints TAP. Next: crawl.c.
 */
#include "site_fetch.h"

#include "frontier.h"
#include "robots_fetch.h"

static struct frontier f;
static struct robots_fetch asked;
static struct host *host;

static void start_at(const char *text, const struct answer *rows)
{
    struct url url = url_of(text);

    start(rows);
    site.tells = true;
    frontier_init(&f, &runner.loop, 42);
    EXPECT_INT(frontier_add_host(&f, &url), 0);
    host = frontier_host(&f, &url);
}

/* Asks the host of `text`, trying twice more; then may /private and /public be
 * fetched? */
static void ask_at(const char *text, const struct answer *rows)
{
    start_at(text, rows);
    EXPECT_INT(run(robots_fetch(&asked, host, &frame, &settings, 2)), 0);
}

static void end_with(bool private, bool public, int error, const char *requests)
{
    EXPECT_INT(robots_allowed(&host->robots, "/private", 8), private);
    EXPECT_INT(robots_allowed(&host->robots, "/public", 7), public);
    EXPECT_INT(host->robots_error, error);
    EXPECT_TRACE(requests);
    frontier_free(&f);
    finish();
}

#define RULES "User-agent: *\nDisallow: /private\n"
#define TEXT "200 OK\r\nContent-Type: text/plain"

static void rules(void)
{
    static const struct answer rows[] = { ANSWER("/robots.txt", TEXT, RULES),
                                          { .path = NULL } };

    ask_at("http://h/", rows);
    EXPECT_INT(connector.open, 1); /* kept for the pages */
    end_with(false, true, 0, "/robots.txt@0.00");
}

static void for_us(void)
{
    static const struct answer rows[] = {
        ANSWER("/robots.txt", TEXT, RULES "\nUser-agent: Check\nDisallow: /public\n"),
        { .path = NULL }
    };

    ask_at("http://h/", rows);
    end_with(true, false, 0, "/robots.txt@0.00");
}

static void not_there(void)
{
    static const char *const statuses[] = { "404 Not Found", "401 No", "403 No",
                                            "410 Gone", "204 No Content" };

    for (int i = 0; i < 5; i++) {
        const struct answer rows[] = {
            ANSWER("/robots.txt", statuses[i], i < 4 ? RULES : ""), { .path = NULL }
        };

        ask_at("http://h/", rows);
        end_with(true, true, 0, "/robots.txt@0.00");
    }
}

static void server_error(void)
{
    static const struct answer rows[] = { ANSWER("/robots.txt", "503 Busy", ""),
                                          { .path = NULL } };

    ask_at("http://h/", rows);
    end_with(false, false, -503, "/robots.txt@0.00 /robots.txt@0.50 /robots.txt@1.50");
}

static void error_once(void)
{
    static const struct answer rows[] = { { "/robots.txt", "500 Oh", .times = 1 },
                                          { "/robots.txt", .raw = "", .closes = true,
                                            .times = 1 },
                                          ANSWER("/robots.txt", TEXT, RULES),
                                          { .path = NULL } };

    ask_at("http://h/", rows);
    /* the kept connection closes: the request is repeated at once, without a pause */
    end_with(false, true, 0, "/robots.txt@0.00 /robots.txt@0.50 /robots.txt@0.50");
}

static void no_answer(void)
{
    static const struct answer rows[] = { { "/robots.txt", .latency = NEVER },
                                          { .path = NULL } };

    ask_at("http://h/", rows);
    end_with(false, false, ETIMEDOUT,
             "/robots.txt@0.00 /robots.txt@10.50 /robots.txt@21.50");
}

static void no_name(void)
{
    static const struct answer rows[] = { { .path = NULL } };

    ask_at("http://nowhere/", rows);
    end_with(false, false, AIO_NAME, "");
}

#define TO(target) "301 Moved\r\nLocation: " target

static void redirected(void)
{
    static const struct answer rows[] = { { "/robots.txt", TO("r2"), .times = 1 },
                                          ANSWER("/r2", TO("http://other:8080/r3?q"), ""),
                                          ANSWER("other:8080/r3?q", TO("http://h/r4"),
                                                 ""),
                                          ANSWER("h/r4", TEXT, RULES),
                                          { .path = NULL } };

    ask_at("http://h/", rows);
    EXPECT_INT(connector.opened, 2); /* the other host has a connection of its own */
    EXPECT_INT(site.visits, 2);
    end_with(false, true, 0, "/robots.txt@0.00 /r2@0.00 /r3?q@0.00 /r4@0.00");
}

/* The frontier counts the request at h only. The connector holds the other host's
 * limit. */
static void redirected_to_a_busy_host(void)
{
    static const struct answer rows[] = { { "/robots.txt", TO("http://other/robots.txt"),
                                            .times = 1 },
                                          ANSWER("other/robots.txt", TEXT, RULES),
                                          { .path = NULL } };
    struct url other = url_of("http://other/");
    struct connector_get held;
    struct task task;

    start_at("http://h/", rows);
    connector_init(&connector, &runner.loop, 2, 1);
    EXPECT_INT(run(connector_get(&held, &connector, &other, false)), 0);
    loop_create_task(&runner.loop, &task,
                     robots_fetch(&asked, host, &frame, &settings, 2));
    wait(5);
    EXPECT_INT(connector.lent, 1);
    connector_put(&connector, held.connection, true);
    EXPECT_INT(loop_run_until_complete(&runner.loop, &task), 0);
    EXPECT_INT(connector.opened, 2);
    end_with(false, true, 0, "/robots.txt@0.00 /robots.txt@5.00");
}

static void redirected_for_ever(void)
{
    static const struct answer rows[] = { ANSWER("/robots.txt", TO("/robots.txt"), ""),
                                          { .path = NULL } };

    ask_at("http://h/", rows);
    EXPECT_INT(site.requests, 6); /* five redirects are followed */
    trace_reset();
    end_with(true, true, 0, "");
}

static void five_redirects(void)
{
    static const struct answer rows[] = { { "/robots.txt", TO("/robots.txt"),
                                            .times = 5 },
                                          ANSWER("/robots.txt", TEXT, RULES),
                                          { .path = NULL } };

    ask_at("http://h/", rows);
    EXPECT_INT(site.requests, 6);
    trace_reset();
    end_with(false, true, 0, "");
}

static void redirected_away(void)
{
    static const char *const targets[] = { TO("ftp://h/"), TO("") };

    for (int i = 0; i < 2; i++) {
        const struct answer rows[] = { ANSWER("/robots.txt", targets[i], ""),
                                       { .path = NULL } };

        ask_at("http://h/", rows);
        end_with(true, true, 0, "/robots.txt@0.00");
    }
}

/* The redirect is followed, and tried once: a missing openssl (none is set here) will
 * still be missing at a retry. */
static void redirected_to_https(void)
{
    static const struct answer rows[] = {
        ANSWER("/robots.txt", TO("https://h/robots.txt"), ""), { .path = NULL }
    };

    ask_at("http://h/", rows);
    end_with(false, false, AIO_TLS_MISSING, "/robots.txt@0.00");
}

/* A redirect to a private host that was not given as a start URL: unreachable. */
static void redirected_inside(void)
{
    static const struct answer rows[] = {
        ANSWER("/robots.txt", TO("http://169.254.169.254/latest"), ""), { .path = NULL }
    };

    ask_at("http://h/", rows);
    EXPECT_STR(frame.why, "forbidden-address: 169.254.169.254 is link-local");
    trace_reset();
    end_with(false, false, EACCES, "");
}

/* A file without end: its first 500 KiB count. */
static void endless(void)
{
    static char text[2 * ROBOTS_BYTES];
    const struct answer rows[] = { ANSWER("/robots.txt", TEXT, text), { .path = NULL } };

    memset(text, '#', sizeof text - 1);
    memcpy(text, RULES, strlen(RULES));
    text[1000] = '\n';
    memcpy(text + ROBOTS_BYTES, "\nDisallow: /public\n", 19);
    ask_at("http://h/", rows);
    end_with(false, true, 0, "/robots.txt@0.00");
}

CHECK_MAIN({ "its rules", rules }, { "rules for us", for_us },
           { "not there: all is allowed", not_there },
           { "a server's error: all is forbidden", server_error },
           { "an error that passes", error_once },
           { "no answer: all is forbidden", no_answer }, { "no such host", no_name },
           { "redirects, also to another host", redirected },
           { "a redirect to a busy host", redirected_to_a_busy_host },
           { "redirects without end", redirected_for_ever },
           { "five redirects", five_redirects },
           { "a redirect that cannot be followed", redirected_away },
           { "redirected to https", redirected_to_https },
           { "a redirect to where strangers may not send us", redirected_inside },
           { "a file that is too long", endless })
