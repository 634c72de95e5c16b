/*
 * store-full.c - checks of store.h on a disk that gets full: it has whole records only,
 * and as many as fit; and on a disk with short writes.
 *
 * Prints TAP. Works in a new folder below TMPDIR or /tmp.
 */
#include "store_fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

static size_t most = SIZE_MAX; /* bytes that one write() accepts */

/* Replaces libc's write(), with short writes, which POSIX allows. */
ssize_t writev(int fd, const struct iovec *part, int n)
{
    size_t left = most;
    ssize_t sum = 0, k;

    for (int i = 0; i < n && left > 0; i++) {
        size_t size = part[i].iov_len < left ? part[i].iov_len : left;

        k = size > 0 ? write(fd, part[i].iov_base, size) : 0;
        if (k < 0)
            return sum > 0 ? sum : k;
        sum += k;
        left -= (size_t)k;
        if ((size_t)k < size)
            break;
    }
    return sum;
}

/* Number of lines when each is whole, else -1. */
static int lines(const struct bytes *file)
{
    int count = 0;

    for (char *at = file->at, *end; at < file->at + file->n; at = end + 1, count++) {
        end = strchr(at, '\n');
        if (end == NULL || strncmp(at, "{\"url\":\"http://h/", 17) != 0 || end[-1] != '}')
            return -1;
    }
    return count;
}

/* Writes pages until a limit of n bytes for each file is hit. Returns the records
 * written. */
static int until_full(const char *name, rlim_t n, size_t body)
{
    struct rlimit old, small;
    struct page_record page = { .url = "http://h/p", .title = "title", .title_n = 5 };
    struct store s;
    int pages = 0;

    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = n;
    if (!begin(&s, name, false))
        return -1;
    setrlimit(RLIMIT_FSIZE, &small);
    while (pages < 3000 &&
           exchange(&s, "http://h/p", ok_head, big_body(), body, 4096, NULL) == 0 &&
           store_page(&s, &page) == 0)
        pages++;
    if (s.error != 0 && store_page(&s, &page) != EFBIG)
        pages = -1;
    store_close(&s);
    setrlimit(RLIMIT_FSIZE, &old);
    return s.error == EFBIG && store_failed_on(&s) != NULL ? pages : -1;
}

static void disk_full(void)
{
    static const rlim_t limits[] = { 1, 300, 1000, 4097, 100000, 262144, 300001, 700003 };
    static const size_t bodies[] = { 0, 1000, 100000, 300000 };
    bool fine = true, full = true;

    for (size_t i = 0; i < 32; i++) {
        rlim_t limit = limits[i / 4];
        char name[32], path[64];
        struct bytes warc, page;
        int count;

        snprintf(name, sizeof name, "full%zu", i);
        fine = until_full(name, limit, bodies[i % 4]) >= 0 && fine;
        snprintf(path, sizeof path, "%s/crawl.warc", name);
        warc = load(path);
        snprintf(path, sizeof path, "%s/pages.jsonl", name);
        page = load(path);
        count = chain(&warc);
        if (count < 0 || lines(&page) < 0 || warc.n > limit)
            printf("# limit %lu body %zu: %d records\n", (unsigned long)limit,
                   bodies[i % 4], count);
        fine = fine && count >= 0 && lines(&page) >= 0 && warc.n <= limit;
        full = full && warc.n + bodies[i % 4] + 1000 > limit; /* one more would not fit */
        free(warc.at);
        free(page.at);
    }
    tap(fine, "a full disk leaves whole records only, at 8 limits with 4 sizes");
    tap(full, "and as many as fit");
}

/* The disk is full one byte before a record's end, and just at it. */
static void full_at_the_end(void)
{
    struct bytes file, less, equal;
    struct record r;
    size_t end = 0;

    until_full("probe", 100000, 0);
    file = load("probe/crawl.warc");
    next_record(&file, &end, &r);
    next_record(&file, &end, &r);
    until_full("less", end - 1, 0);
    until_full("equal", end, 0);
    less = load("less/crawl.warc");
    equal = load("equal/crawl.warc");
    tap(chain(&less) == 1 && chain(&equal) == 2 && equal.n == end,
        "full one byte before a record's end, and at its end");
    free(file.at);
    free(less.at);
    free(equal.at);
}

/* The stored bytes when one write() accepts `bytes` bytes. */
static struct bytes stored(const char *name, size_t bytes)
{
    static const size_t bodies[] = { 0, 1000, 100000, 300000, BIG };
    struct store s;
    char path[64];

    most = bytes;
    begin(&s, name, false);
    for (size_t i = 0; i < 5; i++)
        exchange(&s, "http://h/p", ok_head, big_body(), bodies[i], 65536, NULL);
    store_close(&s);
    most = SIZE_MAX;
    snprintf(path, sizeof path, "%s/crawl.warc", name);
    return load(path);
}

static void a_bit_at_a_time(void)
{
    static const size_t bits[] = { 97, 4096, 65537 };
    struct bytes whole = stored("whole", SIZE_MAX);
    bool same = chain(&whole) == 11;

    for (size_t i = 0; i < 3; i++) {
        char name[16];
        struct bytes file;

        snprintf(name, sizeof name, "bits%zu", i);
        file = stored(name, bits[i]);
        same = same && file.n == whole.n && memcmp(file.at, whole.at, file.n) == 0;
        free(file.at);
    }
    tap(same, "a disk that takes a bit at a time gets the same bytes");
    free(whole.at);
}

int main(void)
{
    make_base();
    signal(SIGXFSZ, SIG_IGN);
    disk_full();
    full_at_the_end();
    a_bit_at_a_time();
    remove_base();
    return tap_end();
}
