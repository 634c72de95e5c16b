/*
 * frontier.c - checks of frontier.h: which page comes next, which worker gets it, and
 * when the crawl is over. Prints TAP. Next: retry.c.
 */
#include "frontier_workers.h"

static void once(void)
{
    start(1, 0);
    EXPECT_INT(add("http://h/a"), 0);
    EXPECT_INT(add("http://h/a"), EEXIST);
    EXPECT_INT(add("http://h/a#part"), EEXIST);
    EXPECT_INT(add("HTTP://H:80/b/../%61"), EEXIST);
    EXPECT_INT(add("http://h/a?"), 0);
    EXPECT_INT(add("http://h/A"), 0);
    EXPECT_INT(add("http://h:81/a"), 0);
    EXPECT_INT(f.count, 4);
    EXPECT_INT(f.queued, 4);
    EXPECT_INT(f.unfinished, 4);
    finish();
}

static void scope(void)
{
    static const char *const others[] = { "http://h:81/", "https://h/", "http://g/",
                                          "http://h.h/" };
    struct url url;

    start(1, 0);
    add("http://h/");
    for (int i = 0; i < 4; i++) {
        url_parse(&url, others[i], strlen(others[i]), NULL);
        EXPECT(frontier_host(&f, &url) == NULL);
    }
    url_parse(&url, "http://h:80/x?y", 15, NULL);
    EXPECT(frontier_host(&f, &url) != NULL);
    finish();
}

static void first_come(void)
{
    static const char *const urls[] = { "http://h/1", "http://h/2", "http://h/3", NULL };
    struct taker a = { 0 };

    start(1, 0);
    add_all(urls);
    take_with(&a, "a", 0.1);
    until_done(&a);
    EXPECT_TRACE("a:h/1@0.00 a:h/2@0.10 a:h/3@0.20 a:end@0.30");
    finish();
}

static void round_robin(void)
{
    static const char *const urls[] = { "http://x/1", "http://x/2", "http://x/3",
                                        "http://y/1", "http://y/2", "http://z/1",
                                        NULL };
    struct taker a = { 0 };

    start(9, 0);
    add_all(urls);
    take_with(&a, "a", 0);
    until_done(&a);
    EXPECT_TRACE("a:x/1@0.00 a:y/1@0.00 a:z/1@0.00 a:x/2@0.00 a:y/2@0.00 a:x/3@0.00 "
                 "a:end@0.00");
    finish();
}

static void per_host(void)
{
    static const char *const urls[] = { "http://x/1", "http://x/2", "http://x/3",
                                        "http://x/4", "http://y/1", NULL };
    struct taker t[4] = { 0 };
    static const char *const names[] = { "a", "b", "c", "d" };
    static const double keeps[] = { 0.1, 0.25, 0.4, 1 };

    start(2, 0);
    add_all(urls);
    for (int i = 0; i < 4; i++)
        take_with(&t[i], names[i], keeps[i]);
    until_done(&t[0]);
    EXPECT_TRACE("a:x/1@0.00 b:y/1@0.00 c:x/2@0.00 a:x/3@0.10 a:x/4@0.20 c:end@0.40 "
                 "d:end@0.40 b:end@0.40 a:end@0.40");
    finish();
}

static void robots_first(void)
{
    static const char *const urls[] = { "http://x/1", "http://x/2", NULL };
    struct taker a = { 0 }, b = { 0 };
    struct host *host;

    start(2, 0);
    add_all(urls);
    host = container_of(f.hosts.next, struct host, in_frontier);
    host->robots_state = ROBOTS_BUSY;
    take_with(&a, "a", 0.3);
    take_with(&b, "b", 0.3);
    pass();
    pass();
    EXPECT_TRACE("a:x/1@0.00");
    host->robots_state = ROBOTS_KNOWN;
    frontier_refresh(host);
    until_done(&a);
    EXPECT_TRACE("b:x/2@0.00 b:end@0.30 a:end@0.30");
    finish();
}

static void delays(void)
{
    static const char *const urls[] = { "http://x/1", "http://x/2", "http://x/3",
                                        "http://y/1", "http://y/2", NULL };
    struct taker a = { 0 }, b = { 0 };

    start(2, 0.5);
    add_all(urls);
    take_with(&a, "a", 0.1);
    take_with(&b, "b", 0.7);
    until_done(&a);
    EXPECT_TRACE("a:x/1@0.00 b:y/1@0.00 a:x/2@0.50 a:y/2@0.60 b:x/3@1.00 b:end@1.70 "
                 "a:end@1.70");
    finish();
}

/* b finds the queue empty while a has the only page, and must wait for the links in
 * it. */
static void not_over(void)
{
    struct taker a = { .adds = "http://h/2" }, b = { 0 };

    start(2, 0);
    add("http://h/1");
    take_with(&a, "a", 1);
    take_with(&b, "b", 1);
    until_done(&a);
    EXPECT_TRACE("a:h/1@0.00 b:h/2@1.00 b:end@2.00 a:end@2.00");
    finish();
}

static void nothing_at_all(void)
{
    struct taker a = { 0 };

    start(1, 0);
    take_with(&a, "a", 1);
    until_done(&a);
    EXPECT_TRACE("a:end@0.00");
    finish();
}

static void stopped(void)
{
    static const char *const urls[] = { "http://h/1", "http://h/2", "http://h/3", NULL };
    struct taker a = { 0 }, b = { 0 };

    start(1, 0);
    add_all(urls);
    take_with(&a, "a", 1);
    take_with(&b, "b", 1);
    pass();
    pass();
    frontier_stop(&f);
    until_done(&b);
    until_done(&a);
    EXPECT_TRACE("a:h/1@0.00 b:end@0.00 a:end@1.00");
    EXPECT_INT(f.queued, 2);
    finish();
}

/* A waiter that is cancelled after it was woken wakes the next waiter. */
static void told_and_cancelled(void)
{
    struct taker a = { 0 }, b = { 0 }, c = { 0 };

    start(2, 0);
    add("http://h/1");
    take_with(&a, "a", 5);
    take_with(&b, "b", 5);
    take_with(&c, "c", 5);
    pass();
    pass();
    EXPECT_INT(add("http://h/2"), 0); /* wakes b */
    EXPECT(task_cancel(&b.task, NULL));
    EXPECT_INT(loop_run_until_complete(&runner.loop, &b.task), ECANCELED);
    until_done(&a);
    EXPECT_TRACE("a:h/1@0.00 b:cancelled c:h/2@0.00 c:end@5.00 a:end@5.00");
    finish();
}

static void cancelled_in_line(void)
{
    struct taker a = { 0 }, b = { 0 }, c = { 0 };

    start(2, 0);
    add("http://h/1");
    take_with(&a, "a", 5);
    take_with(&b, "b", 5);
    take_with(&c, "c", 5);
    pass();
    pass();
    task_cancel(&b.task, NULL);
    EXPECT_INT(loop_run_until_complete(&runner.loop, &b.task), ECANCELED);
    EXPECT_INT(add("http://h/2"), 0); /* wakes c */
    until_done(&a);
    EXPECT_TRACE("a:h/1@0.00 b:cancelled c:h/2@0.00 c:end@5.00 a:end@5.00");
    EXPECT(ring_empty(&f.waiters.ring));
    finish();
}

CHECK_MAIN({ "each URL once", once }, { "scope is scheme, host and port", scope },
           { "first come, first served within a host", first_come },
           { "hosts take turns", round_robin },
           { "so many of a host at a time", per_host },
           { "one of a host until its robots.txt is known", robots_first },
           { "one of a host every so often", delays },
           { "an empty queue is not the end while a page is in progress", not_over },
           { "no page at all", nothing_at_all },
           { "stop hands out nothing any more", stopped },
           { "cancelled after it was told: the next one is", told_and_cancelled },
           { "cancelled in line", cancelled_in_line })
