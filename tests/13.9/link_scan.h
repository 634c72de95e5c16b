/*
 * link_scan.h - runs the scanner for links.c and links-vectors.c.
 *
 * Every HTML page is fed whole, then byte by byte, then cut in two at each place. All
 * ways must give the same result. Each piece ends at an unreadable page of memory.
 */
#ifndef LINK_SCAN_H
#define LINK_SCAN_H

#include "links.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FENCE_SIZE (1 << 20)

static char *fence; /* one past the last byte that may be read */
static int tests, failures;

struct log {
    char text[65536]; /* for each value found: the letter of its kind, the value, NUL */
    size_t n;
};

static void ok(int good, const char *name)
{
    printf("%sok %d - %s\n", good ? "" : "not ", ++tests, name);
    failures += !good;
}

static void raise_fence(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *p = mmap(NULL, FENCE_SIZE + page, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED || mprotect(p + FENCE_SIZE, page, PROT_NONE) != 0) {
        perror("mmap");
        exit(2);
    }
    fence = p + FENCE_SIZE;
}

static void note(void *arg, enum link_kind kind, const char *value, size_t n)
{
    struct log *log = arg;

    if (log->n + n + 2 > sizeof log->text)
        return;
    log->text[log->n++] = (char)('A' + kind);
    memcpy(log->text + log->n, value, n);
    log->n += n;
    log->text[log->n++] = '\0';
}

static void feed(struct links *l, const char *p, size_t n)
{
    if (n > 0)
        memcpy(fence - n, p, n);
    links_feed(l, fence - n, n);
}

/* Scans in pieces: the first has `first` bytes, the others have `step`. Returns how many
 * values were dropped. */
static unsigned long scan(struct log *log, const char *html, size_t n, size_t first,
                          size_t step)
{
    static struct links l;
    size_t at = first;

    log->n = 0;
    links_init(&l, note, log);
    feed(&l, html, first);
    for (; at < n; at += step)
        feed(&l, html + at, step < n - at ? step : n - at);
    links_end(&l);
    return l.dropped;
}

static int same(const struct log *a, const struct log *b)
{
    return a->n == b->n && memcmp(a->text, b->text, a->n) == 0;
}

/* Returns 1 when the result is the same in every cut. *log gets the result for the whole
 * page. */
static int scan_all_ways(struct log *log, const char *html, size_t n)
{
    static struct log cut;
    unsigned long dropped = scan(log, html, n, n, 1);
    int good = scan(&cut, html, n, 0, 1) == dropped && same(log, &cut);

    for (size_t i = 0; good && i <= n; i++)
        good = scan(&cut, html, n, i, n) == dropped && same(log, &cut);
    return good;
}

#endif
