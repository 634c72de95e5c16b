/*
 * zoo_verdict.h - compares the result for a host with the host's row. Read next: zoo.c.
 */
#ifndef ZOO_VERDICT_H
#define ZOO_VERDICT_H

#include "zoo_crawl.h"

enum mode { ALONE, BESIDE, TOGETHER, IN_ROBOTS, MODES };

static const char *const mode_names[] = { "alone", "beside good hosts", "all together",
                                          "all in robots.txt" };
static bool wanted[ZOO_BEHAVIOURS + 1], failed[ZOO_BEHAVIOURS + 1];
static enum mode mode;

static inline void complain(int number, const char *name, const char *format, ...)
{
    va_list args;

    failed[number] = true;
    printf("# %s, %s: ", name, mode_names[mode]);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

static inline int or_one(int n)
{
    return n > 0 ? n : 1;
}

static inline int requests_of(const struct zoo_row *row)
{
    if (row->requests != 0)
        return row->requests > 0 ? row->requests : 0;
    return or_one(row->pages) - 1 + or_one(row->tries) + (mode == IN_ROBOTS);
}

/* Returns true when the host took as long as its row says. The pause before the first
 * retry is 0.5 s, before the second 1 s, each up to 50 % longer. Requests to a host are
 * also at least ZOO_DELAY apart. */
static inline bool in_time(const struct zoo_host *host)
{
    const struct zoo_row *row = host->row;
    double least = (or_one(row->pages) - 1) * ZOO_DELAY + or_one(row->tries) * row->each;
    double most = least + row->latency;

    for (int i = 0; i < or_one(row->tries) - 1; i++) {
        least += 0.5 * (1 << i);
        most += i == 0 ? ZOO_DELAY : 0.75 * (1 << i);
    }
    return host->seconds > least - 0.001 && host->seconds < most + 0.001;
}

static inline bool same_reason(const struct zoo_host *host)
{
    const char *want = host->row->reason != NULL ? host->row->reason : "";
    size_t n = strlen(want);

    return strncmp(host->error, want, n) == 0 &&
           (host->error[n] == '\0' || (n > 0 && host->error[n] == ':'));
}

/* Returns true when the peer could send, for each request, no more than its row allows,
 * apart from one read and the socket buffers. */
static inline bool few_bytes(const struct zoo_host *host)
{
    size_t most = host->row->most > 0 ? host->row->most : 64 * 1024;

    return host->count.bytes <=
           (unsigned long long)host->count.requests * (most + 160 * 1024);
}

/* The row also answers the request for robots.txt, which may redirect up to five times.
 * When robots.txt fails, the page fails for the same reason, without a request of its
 * own. */
static inline void judge_robots(const struct zoo_host *host)
{
    const struct zoo_row *row = host->row;
    const char *reason = row->robots != NULL ? row->robots : row->reason;
    bool fails = reason != NULL && reason[0] != '\0';
    char want[OUTCOME_ERROR];

    snprintf(want, sizeof want, "robots.txt: %s", fails ? reason : "");
    if (fails && (host->pages != 1 || strncmp(host->error, want, strlen(want)) != 0))
        complain(row->number, host->name, "%d pages, \"%s\" and not \"%s\"", host->pages,
                 host->error, want);
    if (host->count.requests > (fails ? ZOO_TRIES : requests_of(row) + 6))
        complain(row->number, host->name, "%d requests", host->count.requests);
    if (!few_bytes(host))
        complain(row->number, host->name, "%llu bytes were taken", host->count.bytes);
}

static inline void judge(const struct zoo_host *host)
{
    const struct zoo_row *row = host->row;
    const char *name = host->name;
    int number = row->number;

    if (mode == IN_ROBOTS && number > 0) {
        judge_robots(host);
        return;
    }
    if (!same_reason(host))
        complain(number, name, "\"%s\" and not \"%s\"", host->error,
                 row->reason != NULL ? row->reason : "");
    if (host->status != row->status)
        complain(number, name, "status %d, not %d", host->status, row->status);
    if (host->pages != or_one(row->pages))
        complain(number, name, "%d pages, not %d", host->pages, or_one(row->pages));
    if (host->count.requests != requests_of(row))
        complain(number, name, "%d requests, not %d", host->count.requests,
                 requests_of(row));
    if (host->tries != or_one(row->tries))
        complain(number, name, "%d tries, not %d", host->tries, or_one(row->tries));
    if (!in_time(host))
        complain(number, name, "it took %.3f seconds", host->seconds);
    if (!few_bytes(host))
        complain(number, name, "%llu bytes were taken", host->count.bytes);
    if (host->count.secrets > 0)
        complain(number, name, "it was told a password");
    if (host->mixed_up)
        complain(number, name, "a page is not what it should be, or not in time");
}

#endif
