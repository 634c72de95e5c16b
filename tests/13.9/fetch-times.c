/*
 * fetch-times.c - checks of page_fetch.h over time: which fetches are given up and when,
 * kept connections that are closed, cancels, a body without end. Prints TAP. Next:
 * robots-fetch.c.
 */
#include "site_fetch.h"

static void given_up(const struct answer *row, int status, double at)
{
    const struct answer rows[] = { *row, { .path = NULL } };
    double begun;

    start(rows);
    begun = now();
    EXPECT_INT(get("http://h/"), ETIMEDOUT);
    EXPECT(now() - begun > at - 0.01 && now() - begun < at + 0.01);
    EXPECT_INT(frame.status, status);
    EXPECT_INT(connector.open, 0);
    trace_reset();
    finish();
}

static void no_head(void)
{
    given_up(&(struct answer){ "/", .latency = NEVER }, 0, 10);
    given_up(&(struct answer){ "/", .raw = "HTTP/1.1 200 OK\r\nContent-", .latency = 9 },
             0, 10);
    given_up(&(struct answer){ "/", .drip = 2 }, 0, 10);
}

static void stalled(void)
{
    given_up(&(struct answer){ "/",
                               .raw = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell",
                               .latency = 9 },
             200, 19);
}

/* Each piece allows another ten seconds, but the whole may take a hundred. */
static void drips(void)
{
    static char raw[800];
    const struct answer rows[] = { { "/", .raw = raw, .drip = 0.2 }, { .path = NULL } };

    sprintf(raw, "HTTP/1.1 200 OK\r\nContent-Length: 450\r\n\r\n%0450d", 0);
    start(rows);
    EXPECT_INT(get("http://h/"), 0);
    EXPECT_INT(frame.bytes, 450);
    EXPECT(now() > 95 && now() < 100);
    trace_reset();
    finish();
    sprintf(raw, "HTTP/1.1 200 OK\r\nContent-Length: 550\r\n\r\n%0550d", 0);
    given_up(&rows[0], 200, 100);
}

/* A listening socket with a full queue: a connect gets no answer. */
static void no_connection(void)
{
    static const struct answer rows[] = { { .path = NULL } };
    struct address address;
    struct sock listener, first;
    struct sock_connect connect;
    char text[64];
    double begun;

    start(rows);
    address_from_text(&address, "127.0.0.1", 0);
    EXPECT_INT(sock_listen(&listener, &runner.loop, &address, 0), 0);
    sock_init(&first, &runner.loop);
    EXPECT_INT(run(sock_connect(&connect, &first, &address)), 0);
    snprintf(text, sizeof text, "http://127.0.0.1:%u/", ntohs(address.in4.sin_port));
    connector.allow_private = true;
    begun = now();
    EXPECT_INT(get(text), ETIMEDOUT);
    EXPECT(now() - begun == 10);
    EXPECT_INT(connector.open, 0);
    sock_close(&first);
    sock_close(&listener);
    finish();
}

/* A request that waits for a place at its host has not begun to connect: of the clocks
 * only the total runs. */
static void in_line(double lent_for, int error, double at)
{
    static const struct answer rows[] = { { "/", .body = "x" }, { .path = NULL } };
    struct connector_get first;
    struct url url = url_of("http://h/");
    struct task task;

    start(rows);
    connector_init(&connector, &runner.loop, 0, 1);
    EXPECT_INT(run(connector_get(&first, &connector, &url, false)), 0);
    loop_create_task(&runner.loop, &task, fetching("http://h/"));
    wait(lent_for);
    EXPECT_INT(future_done(&task.future), error != 0);
    connector_put(&connector, first.connection, true);
    EXPECT_INT(loop_run_until_complete(&runner.loop, &task), error);
    EXPECT(now() > at - 0.01 && now() < at + 0.01);
    EXPECT_STR(frame.why != NULL ? frame.why : "",
               error != 0 ? "total-timeout: not complete within 100 s" : "");
    EXPECT_INT(connector.lent, 0);
    trace_reset();
    finish();
}

static void waits_in_line(void)
{
    in_line(60, 0, 60);
    in_line(101, ETIMEDOUT, 101);
}

/* ---- kept connections ---- */

/* The server closes the kept connection when the second request arrives. No byte of an
 * answer was received, so the request is sent again on a new connection, without an
 * error. */
static void stale(void)
{
    static const struct answer rows[] = { { "/1", .body = "one" },
                                          { "/2", .raw = "", .closes = true, .times = 1 },
                                          { "/2", .body = "two" },
                                          { .path = NULL } };

    start(rows);
    EXPECT_INT(get("http://h/1"), 0);
    EXPECT_INT(get("http://h/2"), 0);
    EXPECT_TRACE("one two");
    EXPECT_INT(site.visits, 2);
    EXPECT_INT(site.requests, 3);
    EXPECT_INT(connector.open, 1);
    finish();
}

/* Only once: when the new connection is closed, too, it is an error. */
static void stale_twice(void)
{
    static const struct answer rows[] = { { "/1", .body = "one" },
                                          { "/2", .raw = "", .closes = true },
                                          { .path = NULL } };

    start(rows);
    EXPECT_INT(get("http://h/2"), ECONNRESET);
    EXPECT_INT(site.requests, 1); /* not a kept connection */
    EXPECT_INT(get("http://h/1"), 0);
    EXPECT_INT(get("http://h/2"), ECONNRESET);
    EXPECT_INT(site.requests, 4);
    EXPECT_INT(connector.open, 0);
    trace_reset();
    finish();
}

/* A part of an answer arrived: the request may have had its effect, so it is not
 * repeated. */
static void stale_half(void)
{
    static const struct answer rows[] = { { "/1", .body = "one" },
                                          { "/2", .raw = "HTTP/1.1 2", .closes = true },
                                          { .path = NULL } };

    start(rows);
    EXPECT_INT(get("http://h/1"), 0);
    EXPECT_INT(get("http://h/2"), AIO_INCOMPLETE_READ);
    EXPECT_INT(site.requests, 2);
    trace_reset();
    finish();
}

/* ---- cancels ---- */

struct canceller {
    struct timer timer;
    struct task task;
};

static void on_time(struct handle *h)
{
    task_cancel(&container_of(h, struct canceller, timer.handle)->task, NULL);
}

/* Cancelled after so many passes, then so many seconds; false when it had ended
 * before. */
static bool cancelled_after(int passes, double seconds)
{
    static const struct answer rows[] = {
        { "/", .raw = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", .latency = 1,
          .drip = 0.1 },
        { .path = NULL }
    };
    struct canceller c = { .timer = { .slot = 0 } };
    int err;

    start(rows);
    loop_create_task(&runner.loop, &c.task, fetching("http://h/"));
    for (int i = 0; i < passes; i++) {
        loop_stop(&runner.loop);
        loop_run_forever(&runner.loop);
    }
    if (seconds > 0)
        loop_call_later(&runner.loop, &c.timer, seconds, on_time);
    else
        task_cancel(&c.task, NULL);
    err = loop_run_until_complete(&runner.loop, &c.task);
    timer_cancel(&runner.loop, &c.timer);
    EXPECT(err == 0 || err == ECANCELED);
    EXPECT_INT(connector.open, err == 0);
    EXPECT_INT(timers(), 0);
    EXPECT(frame.get.connection == NULL);
    trace_reset();
    finish();
    return err != 0;
}

static void cancelled(void)
{
    int tenths = 1;

    for (int passes = 0; passes < 12; passes++)
        EXPECT(cancelled_after(passes, 0));
    while (cancelled_after(0, tenths * 0.1 + 0.05))
        tenths++;
    EXPECT(tenths > 40 && tenths < 60); /* in the head, the body, until the end */
}

/* ---- the limit ---- */

static void cut_at_the_limit(void)
{
    enum { N = FETCH_BODY_MAX + 1000000 };
    static char body[N + 1];
    const struct answer rows[] = { { "/", .body = body }, { .path = NULL } };
    struct url url = url_of("http://h/");

    memset(body, 'x', N);
    start(rows);
    EXPECT_INT(run(fetch(&frame, &settings, &url)), 0);
    EXPECT(frame.bytes >= FETCH_BODY_MAX && frame.bytes < FETCH_BODY_MAX + STREAM_LIMIT);
    EXPECT(frame.truncated != NULL);
    EXPECT_STR(frame.truncated != NULL ? frame.truncated : "", "length");
    EXPECT_INT(connector.open, 0);
    body[FETCH_BODY_MAX] = '\0';
    EXPECT_INT(run(fetch(&frame, &settings, &url)), 0);
    EXPECT_INT(frame.bytes, FETCH_BODY_MAX);
    EXPECT(frame.truncated == NULL);
    finish();
}

CHECK_MAIN({ "in line for a connection", waits_in_line }, { "no head in time", no_head },
           { "a body that stalls", stalled }, { "a body that drips", drips },
           { "no connection in time", no_connection },
           { "a kept connection is closed just then", stale },
           { "only once", stale_twice },
           { "not when a part of an answer came", stale_half },
           { "cancelled at each await", cancelled },
           { "a body longer than is taken", cut_at_the_limit })
