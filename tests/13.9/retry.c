/*
 * retry.c - checks of retry.h, of pages that wait in the frontier for their next
 * attempt, and of a frontier with 100,000 pages. Prints TAP. Next: connector.c.
 */
#include "retry.h"
#include "frontier_workers.h"

struct many { /* takes all pages and counts them by host */
    struct coro co;
    struct frontier_next next;
    unsigned taken, wrong;
    unsigned last[10];
};

static co_status many_body(struct coro *co)
{
    struct many *self = co_self(co, struct many);
    struct span url;
    unsigned host, page;

    ASYNC (co) {
        for (;;) {
            AWAIT(frontier_next(&self->next, &f));
            if (self->next.page == NO_PAGE)
                break;
            url = frontier_url(&f, self->next.page);
            host = (unsigned)(url.at[8] - '0');
            page = (unsigned)strtoul(url.at + 10, NULL, 10);
            self->wrong += host != self->taken % 10 || page != self->last[host]++;
            self->taken++;
            frontier_done(&f, self->next.page);
        }
    }
    return co_done(co);
}

static void hundred_thousand(void)
{
    struct many many = { .taken = 0 };
    char text[64];
    unsigned known = 0;

    start(1, 0);
    for (int again = 0; again < 2; again++)
        for (int i = 0; i < 100000; i++) {
            snprintf(text, sizeof text, "http://h%d/%d", i % 10, i / 10);
            known += add(text) == EEXIST;
        }
    EXPECT_INT(known, 100000);
    EXPECT_INT(f.count, 100000);
    EXPECT_INT(run(co_init(&many.co, many_body)), 0);
    EXPECT_INT(many.taken, 100000);
    EXPECT_INT(many.wrong, 0);
    finish();
}

struct trier { /* gives a page back twice */
    struct coro co;
    struct frontier_next next;
    int times;
};

static co_status trier_body(struct coro *co)
{
    struct trier *self = co_self(co, struct trier);

    ASYNC (co) {
        for (;;) {
            AWAIT(frontier_next(&self->next, &f));
            if (self->next.page == NO_PAGE)
                break;
            trace("%u@%.2f", (unsigned)self->next.page, now());
            if (self->next.page == 0 && self->times++ < 2)
                EXPECT_INT(frontier_retry_later(&f, 0, 1.5), 0);
            else
                frontier_done(&f, self->next.page);
        }
    }
    return co_done(co);
}

static void again_later(void)
{
    struct trier trier = { .times = 0 };

    start(1, 0);
    add("http://h/0");
    add("http://h/1");
    EXPECT_INT(run(co_init(&trier.co, trier_body)), 0);
    EXPECT_TRACE("0@0.00 1@0.00 0@1.50 0@3.00");
    EXPECT(ring_empty(&f.retries));
    finish();
}

static void forgotten(void)
{
    struct trier trier = { .times = 0 };
    struct task task;

    start(1, 0.25);
    add("http://h/0");
    add("http://h/1");
    loop_create_task(&runner.loop, &task, co_init(&trier.co, trier_body));
    pass();
    pass();
    EXPECT_INT(f.unfinished, 2);
    EXPECT_INT(f.queued, 1);
    EXPECT_INT(timers(), 2); /* the timers of the retry and of the delay */
    task_cancel(&task, NULL);
    EXPECT_INT(loop_run_until_complete(&runner.loop, &task), ECANCELED);
    trace_reset();
    finish(); /* no timer remains */
}

static void backoff(void)
{
    double least = 0.5, low = 1e9, high = 0;

    for (int attempts = 1; attempts <= 12; attempts++) {
        for (uint32_t page = 0; page < 1000; page++) {
            double delay = retry_spread(retry_decide(attempts, 0, 503, -1), page);

            EXPECT(delay >= least && delay <= least * 1.5);
            if (attempts == 1 && delay < low)
                low = delay;
            if (attempts == 1 && delay > high)
                high = delay;
        }
        least = least < 64 ? least * 2 : least;
    }
    EXPECT(low < 0.51 && high > 0.74); /* retries are spread out */
    EXPECT(retry_spread(0.5, 7) == retry_spread(0.5, 7));
    EXPECT(retry_decide(5, 0, 503, 0) == 0 && retry_decide(1, 0, 503, 120) == 120);
    EXPECT(retry_decide(1, 0, 404, 120) == RETRY_NEVER);
}

static void may_help(void)
{
    static const int passing[] = { 408, 429, 500, 502, 503, 504 };
    static const int lasting[] = { 200, 204, 301, 302, 304, 400,
                                   401, 403, 404, 410, 501, 505 };
    static const int errors[] = { ETIMEDOUT, ECONNREFUSED, ECONNRESET, AIO_NAME,
                                  AIO_INCOMPLETE_READ };

    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
        EXPECT(retry_decide(1, 0, passing[i], -1) == 0.5);
    for (size_t i = 0; i < sizeof lasting / sizeof *lasting; i++)
        EXPECT(retry_decide(1, 0, lasting[i], -1) == RETRY_NEVER);
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        EXPECT(retry_decide(1, errors[i], 0, -1) == 0.5);
    EXPECT(retry_decide(1, AIO_BAD_MESSAGE, 200, -1) == RETRY_NEVER);
    EXPECT(retry_decide(1, ENAMETOOLONG, 0, -1) == RETRY_NEVER);
}

CHECK_MAIN({ "100,000 URLs", hundred_thousand },
           { "tried again later, and in the end", again_later },
           { "retries and delays leave no timer", forgotten },
           { "how long: backoff, jitter, Retry-After", backoff },
           { "what may go better another time", may_help })
