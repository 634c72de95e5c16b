/*
 * crawl-stop.c - checks of a crawl that is stopped: by Ctrl-C, by a full disk.
 * Prints TAP. Next: output.c.
 */
#include "site_crawl.h"

#include <signal.h>
#include <sys/resource.h>

static const char five[] = "<a href=1><a href=2><a href=3><a href=4>";

struct stopper {
    struct timer timer;
    bool at_once;
};

static void on_time(struct handle *h)
{
    crawl_stop(&crawl, container_of(h, struct stopper, timer.handle)->at_once);
}

/* Stopped after `first` seconds, and forced to stop after `second`. */
static void stopped_at(double first, double second, const char *pages)
{
    static const struct answer rows[] = { { "/", .body = five, .latency = 1 },
                                          { "/1", .body = "<a href=5>", .latency = 2 },
                                          { "/2", .head = "503 Busy\r\nRetry-After: 9" },
                                          { "/3", .body = "", .latency = 5 },
                                          { .path = NULL } };
    struct stopper once = { .at_once = false }, twice = { .at_once = true };

    start(rows);
    options.concurrency = options.per_host = 2;
    open_crawl("http://h/");
    loop_call_later(&runner.loop, &once.timer, first, on_time);
    loop_call_later(&runner.loop, &twice.timer, second, on_time);
    site.tells = true;
    EXPECT_INT(run(crawl_run(&crawl_frame, &crawl)), 0);
    EXPECT_TRACE(pages);
    timer_cancel(&runner.loop, &once.timer);
    timer_cancel(&runner.loop, &twice.timer);
    finish();
}

static void stopped_once(void)
{
    stopped_at(0.5, 99, "/@0.00 /:200@1.00");
    stopped_at(2, 99,
               "/@0.00 /:200@1.00 /1@1.00 /2@1.00 /3@1.00 /1:200@3.00 /3:200@6.00");
    stopped_at(3.5, 99,
               "/@0.00 /:200@1.00 /1@1.00 /2@1.00 /3@1.00 /1:200@3.00 /4@3.00 "
               "/4:404@3.00 /5@3.00 /5:404@3.00 /3:200@6.00");
}

static void stopped_twice(void)
{
    stopped_at(0.5, 0.7, "/@0.00");
    stopped_at(2, 4, "/@0.00 /:200@1.00 /1@1.00 /2@1.00 /3@1.00 /1:200@3.00");
}

/* Only the timer of a page that waits nine seconds for its retry is running. */
static void stopped_idle(void)
{
    stopped_at(6.5, 99,
               "/@0.00 /:200@1.00 /1@1.00 /2@1.00 /3@1.00 /1:200@3.00 /4@3.00 "
               "/4:404@3.00 /5@3.00 /5:404@3.00 /3:200@6.00");
    EXPECT_INT(crawl.frontier.unfinished, 1);
    EXPECT(loop_time(&runner.loop) - crawl.began < 7);
}

/* A request in flight at the stop is not retried, so its page is written down. */
static void refused_after_stop(void)
{
    static const struct answer rows[] = { { "/", .head = "503 Busy", .latency = 1 },
                                          { .path = NULL } };
    struct stopper once = { .at_once = false };

    start(rows);
    open_crawl("http://h/");
    loop_call_later(&runner.loop, &once.timer, 0.5, on_time);
    EXPECT_INT(run(crawl_run(&crawl_frame, &crawl)), 0);
    EXPECT_TRACE("/:503");
    finish();
}

static void stopped_before(void)
{
    static const struct answer rows[] = { { .path = NULL } };

    start(rows);
    open_crawl("http://h/");
    crawl_stop(&crawl, true);
    EXPECT_INT(run(crawl_run(&crawl_frame, &crawl)), 0);
    EXPECT_TRACE("");
    EXPECT_INT(site.requests, 0);
    finish();
}

/* ---- the store fails ---- */

static void no_room(void)
{
    static char body[150000];
    const struct answer rows[] = { { "/", .body = five },
                                   { "/1", .body = body },
                                   { "/2", .body = body, .latency = NEVER },
                                   { .path = NULL } };
    struct rlimit old, small;

    memset(body, 'x', sizeof body - 1);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = 100000;
    start(rows);
    options.concurrency = options.per_host = 2;
    open_crawl("http://h/");
    setrlimit(RLIMIT_FSIZE, &small);
    EXPECT_INT(run(crawl_run(&crawl_frame, &crawl)), EFBIG);
    setrlimit(RLIMIT_FSIZE, &old);
    EXPECT(now() < 10); /* requests in flight are not awaited */
    EXPECT_STR(store_failed_on(&crawl.store), "crawl.warc");
    EXPECT_TRACE("/:200 /1:200");
    EXPECT_INT(crawl_close(&crawl), EFBIG);
    remove_output();
    end();
}

CHECK_MAIN({ "Ctrl-C once", stopped_once }, { "Ctrl-C twice", stopped_twice },
           { "Ctrl-C while a page waits for its next attempt", stopped_idle },
           { "refused after Ctrl-C: not tried again", refused_after_stop },
           { "stopped before it began", stopped_before }, { "the disk is full", no_room })
