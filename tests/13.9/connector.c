/*
 * connector.c - checks of connector.h: the limits, the order at a host, and that a cancel
 * at any time leaves every place to the others. Prints TAP. Next: fetch.c.
 *
 * The borrowers never exceed the total limit, as the connector demands of its callers.
 */
#include <limits.h>
#include <stdint.h>

#include "alloc_count.h"
#include "connector.h"
#include "table_site.h"

enum { BORROWERS = 32 };

static const struct answer nothing[] = { { .path = NULL } };
static struct connector connector;
static int blocks_before;

static struct borrower { /* takes a connection, holds it for a while, returns it */
    struct coro co;
    struct task task;
    struct url url;
    double keeps; /* seconds */
    bool back;    /* whether the returned connection may be reused */
    bool tells, begun;
    int cancels; /* the visitor to cancel when it has returned it, 0: none */
    struct connector_get get;
    struct async_sleep sleep;
} borrowers[BORROWERS];

static co_status borrower_body(struct coro *co)
{
    struct borrower *self = co_self(co, struct borrower);

    ASYNC (co) {
        AWAIT(connector_get(&self->get, &connector, &self->url, false));
        if (self->tells)
            trace("%d", (int)(self - borrowers));
        AWAIT(async_sleep(&self->sleep, self->keeps));

    FINALLY:
        connector_put(&connector, self->get.connection, self->back && co->error == 0);
        self->get.connection = NULL;
        if (self->cancels > 0)
            task_cancel(&borrowers[self->cancels].task, NULL);
    }
    return co_done(co);
}

static void parse(struct url *url, const char *host)
{
    char text[64];
    int n = snprintf(text, sizeof text, "http://%s/", host);

    EXPECT_INT(url_parse(url, text, (size_t)n, NULL), 0);
}

static struct borrower *borrow(int i, const char *host, double keeps)
{
    struct borrower *self = &borrowers[i];

    parse(&self->url, host);
    self->keeps = keeps;
    self->back = self->tells = self->begun = true;
    self->cancels = 0;
    self->get.connection = NULL;
    loop_create_task(&runner.loop, &self->task, co_init(&self->co, borrower_body));
    return self;
}

static bool runs(int i)
{
    return borrowers[i].begun && !future_done(&borrowers[i].task.future);
}

/* The number of connections that the server has now; each ends a little after ours. */
static int visitors(void)
{
    wait(0.01);
    return site.server.live;
}

/* Sets the address, because a lookup in a thread takes any number of passes. */
static void known_address(const char *host)
{
    struct endpoint *endpoint;
    struct url url;

    parse(&url, host);
    endpoint = connector_keep(&connector, &url);
    endpoint->addresses.count = 1;
    endpoint->addresses.address[0] = site.server.address;
}

static void start(int limit, int limit_per_host)
{
    blocks_before = blocks;
    begin(nothing);
    connector_init(&connector, &runner.loop, limit, limit_per_host);
    known_address("a");
    known_address("b");
    known_address("c");
}

static void finish(void)
{
    connector_close(&connector);
    EXPECT_INT(connector.open, 0);
    EXPECT_INT(connector.lent, 0);
    EXPECT_INT(timers(), 0);
    end(); /* counts the descriptors */
    EXPECT_INT(blocks, blocks_before);
}

/* One pass of the loop. */
static void pass(void)
{
    loop_stop(&runner.loop);
    loop_run_forever(&runner.loop);
}

static void cancel(int i)
{
    EXPECT(task_cancel(&borrowers[i].task, NULL));
}

/* ---- limits ---- */

/* The callers keep to the total: it is reached without a wait, again and again. The idle
 * connections do not add to it. */
static void limit_in_all(void)
{
    start(3, 0);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 3; i++)
            borrow(i, (i + round) % 3 == 0 ? "a" : i % 2 != 0 ? "b" : "c", 1);
        wait(0.5);
        EXPECT_TRACE("0 1 2");
        EXPECT_INT(connector.lent, 3);
        EXPECT_INT(visitors(), 3);
        wait(1);
        EXPECT_INT(connector.lent, 0);
        EXPECT_INT(connector.open, 3);
    }
    finish();
}

/* A request is counted from the time when it has its place at the host. */
static void counted_while_it_opens(void)
{
    start(2, 1);
    borrow(0, "a", 1);
    borrow(1, "a", 1);
    while (borrowers[0].get.connection == NULL)
        pass();
    EXPECT_INT(connector.opened, 0);
    EXPECT_INT(connector.lent, 1);
    wait(5);
    EXPECT_TRACE("0 1");
    finish();
}

/* A host that has reached its limit does not block the others. */
static void limit_per_host(void)
{
    start(0, 2);
    for (int i = 0; i < 6; i++)
        borrow(i, i < 4 ? "a" : "b", 1);
    wait(0.5);
    EXPECT_TRACE("0 1 4 5");
    EXPECT_INT(visitors(), 4);
    wait(5);
    EXPECT_TRACE("2 3");
    EXPECT_INT(connector.opened, 4);
    EXPECT_INT(connector.reused, 2);
    finish();
}

static void both_limits(void)
{
    start(4, 2);
    for (int i = 0; i < 4; i++)
        borrow(i, i < 3 ? "a" : "b", 1 + i * 0.1);
    wait(0.5);
    EXPECT_TRACE("0 1 3"); /* 2 waits at its host */
    EXPECT_INT(connector.lent, 3);
    wait(5);
    EXPECT_TRACE("2");
    EXPECT(visitors() <= 4);
    finish();
}

static void no_limit(void)
{
    start(0, 0);
    for (int i = 0; i < 20; i++)
        borrow(i, "a", 1);
    wait(0.5);
    EXPECT_INT(connector.lent, 20);
    EXPECT_INT(visitors(), 20);
    trace_reset();
    wait(1);
    finish();
}

/* The oldest idle connection is closed for another host. */
static void idle_makes_room(void)
{
    start(2, 0);
    borrow(0, "a", 0.1);
    borrow(1, "b", 0.2);
    wait(1);
    EXPECT_INT(connector.open, 2);
    EXPECT_INT(connector.lent, 0);
    borrow(2, "c", 0.1);
    wait(1);
    EXPECT_INT(connector.open, 2);
    EXPECT_INT(visitors(), 2);
    borrow(3, "b", 0.1); /* a's is closed, not this one */
    wait(1);
    EXPECT_INT(connector.reused, 1);
    EXPECT_INT(connector.opened, 3);
    trace_reset();
    finish();
}

/* A new connection is wanted while an idle one holds the host's last slot. */
static void fresh_at_the_limit(void)
{
    struct connector_get get;
    struct url url;

    start(0, 1);
    borrow(0, "a", 0.1);
    wait(1);
    parse(&url, "a");
    EXPECT_INT(run(connector_get(&get, &connector, &url, true)), 0);
    EXPECT_INT(connector.opened, 2);
    EXPECT_INT(connector.open, 1);
    connector_put(&connector, get.connection, true);
    trace_reset();
    finish();
}

/* Every request closes connections, of any host, that have been idle for too long. */
static void keep_alive(void)
{
    start(0, 0);
    connector.keep = 5;
    borrow(0, "a", 0);
    borrow(1, "b", 1);
    wait(5.5);
    borrow(2, "c", 0);
    wait(0.1);
    EXPECT_INT(connector.open, 2);
    borrow(3, "b", 0);
    wait(0.1);
    EXPECT_INT(connector.reused, 1);
    wait(5);
    borrow(4, "c", 0);
    wait(0.1);
    EXPECT_INT(connector.open, 1);
    EXPECT_INT(connector.reused, 1);
    trace_reset();
    finish();
}

/* ---- hosts ---- */

static int endpoints(void)
{
    int count = 0;

    for (struct link *l = connector.endpoints.next; l != &connector.endpoints;
         l = l->next)
        count++;
    return count;
}

static void many_hosts(void)
{
    struct url url;
    struct endpoint *kept;
    char host[16];

    start(0, 0);
    parse(&url, "kept");
    kept = connector_keep(&connector, &url);
    for (int i = 0; i < 2 * CONNECTOR_UNUSED_MAX; i++) {
        snprintf(host, sizeof host, "h%d", i);
        borrow(0, host, 0)->back = i % 100 == 0;
        wait(0.001);
    }
    EXPECT_INT(endpoints(), CONNECTOR_UNUSED_MAX + connector.open + 4);
    EXPECT(connector_keep(&connector, &url) == kept);
    trace_reset();
    finish();
}

/* Hosts differ by scheme, name and port. */
static void told_apart(void)
{
    static const char *const texts[] = { "http://a/", "http://a:81/", "https://a:80/",
                                         "http://b/", "http://a/x?y" };
    struct endpoint *at[5];
    struct url url;

    start(0, 0);
    for (int i = 0; i < 5; i++) {
        EXPECT_INT(url_parse(&url, texts[i], strlen(texts[i]), NULL), 0);
        at[i] = connector_keep(&connector, &url);
        for (int j = 0; j < i; j++)
            EXPECT_INT(at[i] == at[j], i == 4 && j == 0);
    }
    finish();
}

static void too_long_a_name(void)
{
    struct connector_get get;
    struct url url;
    char text[400];

    start(1, 1);
    snprintf(text, sizeof text, "http://%0300d.x/", 0);
    EXPECT_INT(url_parse(&url, text, strlen(text), NULL), 0);
    EXPECT_INT(run(connector_get(&get, &connector, &url, false)), AIO_NAME);
    EXPECT(connector_keep(&connector, &url) == NULL);
    EXPECT_INT(endpoints(), 3);
    finish();
}

/* ---- cancels ---- */

/* A borrower that was given the place, and is cancelled before it runs, hands it on. */
static void told_and_cancelled(void)
{
    start(0, 1);
    for (int i = 0; i < 4; i++)
        borrow(i, "a", 1);
    borrowers[0].cancels = 1;
    wait(0.5);
    EXPECT_TRACE("0");
    wait(0.9);
    EXPECT_TRACE("2");
    EXPECT_INT(future_error(&borrowers[1].task.future), ECANCELED);
    EXPECT_INT(connector.lent, 1);
    wait(5);
    EXPECT_TRACE("3");
    finish();
}

/* A borrower is cancelled after 0, 1, 2, ... passes, until it has a connection. The next
 * one gets the place each time. */
static void while_it_opens(void)
{
    bool connected = false;

    for (int passes = 0; !connected && passes < 100; passes++) {
        start(0, 1);
        borrow(0, "a", 100);
        borrow(1, "a", 0);
        for (int i = 0; i < passes; i++)
            pass();
        connected = connector.opened == 1;
        cancel(0);
        trace_reset();
        wait(1);
        EXPECT_TRACE("1");
        EXPECT_INT(connector.lent, 0);
        EXPECT_INT(connector.open, 1);
        finish();
    }
    EXPECT(connected);
}

/* ---- a thousand ---- */

static uint32_t seed;
static bool looks_up; /* a thread looks up a fourth host's name */

static unsigned chance(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % n;
}

static void within_limits(int limit, int per_host)
{
    int lent = 0, at_host[4] = { 0, 0, 0, 0 };

    for (int i = 0; i < BORROWERS; i++) {
        if (!runs(i) || borrowers[i].get.connection == NULL)
            continue;
        lent++;
        at_host[borrowers[i].url.text[7] - 'a']++;
    }
    EXPECT(limit == 0 || (lent <= limit && connector.open <= limit));
    for (int i = 0; i < 4; i++)
        EXPECT(per_host == 0 || at_host[i] <= per_host);
}

/* A borrower begins, one is cancelled, or time passes. */
static void random_step(int limit, int *cancels)
{
    static const char *const hosts[] = { "a", "b", "c", "d" };
    int i = (int)chance(limit > 0 ? (unsigned)limit : BORROWERS);

    if (!runs(i)) {
        borrow(i, hosts[chance(looks_up ? 4 : 3)], chance(30) * 0.001);
        borrowers[i].back = chance(3) > 0;
        borrowers[i].tells = false;
    } else if (chance(4) == 0) {
        *cancels += task_cancel(&borrowers[i].task, NULL);
    } else if (chance(2) == 0) {
        pass();
    } else {
        wait(chance(10) * 0.001);
    }
}

/* Afterwards exactly as many connections as the limit can be lent at once. */
static void expect_reachable(int limit, int per_host)
{
    int begun = limit > 0 ? limit : 20;
    int most = limit > 0 ? limit : 2 * per_host;

    wait(CONNECTOR_KEEP + 1); /* the idle connections will be too old */
    EXPECT_INT(connector.lent, 0);
    for (int i = 0; i < begun; i++)
        borrow(i, i % 2 != 0 ? "a" : "b", 1)->tells = false;
    wait(0.5);
    EXPECT_INT(connector.lent, most);
    EXPECT_INT(visitors(), most);
    wait(20);
    EXPECT_INT(connector.lent, 0);
    for (int i = 0; i < begun; i++)
        EXPECT_INT(future_error(&borrowers[i].task.future), 0);
}

static void thousand(int limit, int per_host, uint32_t first)
{
    int cancels = 0;

    seed = first;
    start(limit, per_host);
    for (int i = 0; i < BORROWERS; i++)
        borrowers[i].begun = false;
    while (cancels < 1000) {
        random_step(limit, &cancels);
        within_limits(limit, per_host);
    }
    expect_reachable(limit, per_host);
    finish();
}

static void cancels_in_all(void)
{
    thousand(5, 0, 1);
    thousand(1, 0, 2);
}

static void cancels_per_host(void)
{
    thousand(0, 3, 3);
    thousand(0, 1, 4);
}

static void cancels_both(void)
{
    thousand(5, 3, 5);
    looks_up = true;
    thousand(5, 3, 6);
    looks_up = false;
}

CHECK_MAIN({ "the limit in all", limit_in_all },
           { "counted while it opens", counted_while_it_opens },
           { "a limit per host", limit_per_host }, { "both limits", both_limits },
           { "no limit", no_limit },
           { "an idle connection makes room for another host", idle_makes_room },
           { "a new one is asked for at the host's limit", fresh_at_the_limit },
           { "idle for too long", keep_alive }, { "many hosts", many_hosts },
           { "hosts are told apart", told_apart }, { "too long a name", too_long_a_name },
           { "given its place, and cancelled", told_and_cancelled },
           { "cancelled while it opens", while_it_opens },
           { "a thousand cancels: the limit in all", cancels_in_all },
           { "a thousand cancels: the limit per host", cancels_per_host },
           { "a thousand cancels: both", cancels_both })
