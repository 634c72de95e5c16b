/*
 * crawler.h - the crawl: workers take pages from the frontier, fetch them, add their
 * links to the frontier, and write one record for each page.
 *
 *     crawl_init(&crawl, loop, &options);
 *     crawl_start_at(&crawl, &url);
 *     AWAIT(crawl_run(&self->run, &crawl));
 *     crawl_close(&crawl);
 *
 * Call all of these functions on the loop's thread only. Next: report.h, then crawl.c,
 * the tool.
 */
#ifndef CRAWLER_H
#define CRAWLER_H

#include <regex.h>

#include "frontier.h"
#include "page_fetch.h"

enum { REDIRECTS_MAX = 10 };

struct crawl_options {
    const char *dir;  /* the output folder, new or empty */
    int concurrency;  /* requests in flight, at most */
    int per_host;     /* requests in flight to one host, at most */
    double delay;     /* seconds between the starts of two requests to a host */
    double timeout;   /* seconds for a head and for the next bytes; see patience_of() */
    int retries;      /* further attempts after a temporary failure, at most */
    int depth;        /* links to follow from a start page; -1 means no limit */
    int max_pages;    /* pages to request, at most; 0 means no limit */
    regex_t *include; /* a link must match one of these, if there are any */
    regex_t *exclude; /* a link must match none of these */
    int includes, excludes; /* the lengths of the two arrays */
    const char *user_agent;
    bool robots;             /* obey robots.txt */
    bool allow_private;      /* connect to special addresses too, see address.h */
    struct tls_settings tls; /* used for https */
    bool digests;            /* add SHA-1 digests to the records of crawl.warc */
};

struct crawl_counts {
    unsigned long pages;      /* records in pages.jsonl */
    unsigned long status[6];  /* records by status class; [0]: no complete response */
    unsigned long forbidden;  /* pages that robots.txt forbids */
    unsigned long retries;    /* attempts after the first one of a page */
    unsigned long long bytes; /* payload of all pages */
    int in_flight, peak;      /* pages being fetched: now, and the maximum so far */
};

struct crawl {
    struct crawl_options options;
    struct loop *loop;
    struct frontier frontier;
    struct connector connector;
    struct store store;
    struct fetch_settings settings;
    struct crawl_counts counts;
    double began;           /* loop time of crawl_init() */
    int started;            /* pages that were requested */
    struct url target;      /* scratch space of a worker for the duration of one call */
    struct worker *workers; /* options.concurrency of them while the crawl runs */
    bool stopping;          /* crawl_stop() was called */
    /* called after a page's record was written, or NULL */
    void (*on_page)(struct crawl *crawl, const struct page_record *record);
};

/* Prepares a crawl and opens its output folder. Copies *options, but not the texts and
 * patterns that it points to: they are the caller's until crawl_close(). Returns 0 or the
 * error of store_open(); after an error, store_failed_on() names the file. Call
 * crawl_close() in either case. */
int crawl_init(struct crawl *crawl, struct loop *loop,
               const struct crawl_options *options);

/* Closes the connections and the output files, and releases the memory. Returns 0 or the
 * first error of the store. */
int crawl_close(struct crawl *crawl);

/* Adds a start page. From now on its host is in scope, and may have any address, even a
 * private one. Returns 0 or ENOMEM. */
int crawl_start_at(struct crawl *crawl, const struct url *url);

/* Crawls until the frontier has no page left, or until crawl_stop(). Raises ENOMEM when
 * there is no memory for the workers, or the first error of the store. The failure of a
 * page is only in the page's record. An error of a worker stops the crawl and is not
 * raised. */
struct crawl_run {
    struct coro co;
    struct crawl *crawl;
    int i; /* the worker that is awaited */
};
struct coro *crawl_run(struct crawl_run *self, struct crawl *crawl);

/* Ends the crawl: no worker gets another page. Each worker finishes the page that it has:
 * a worker that is fetching robots.txt still requests its page. With `at_once`, also
 * cancels the workers. Calling it again is allowed. */
void crawl_stop(struct crawl *crawl, bool at_once);

/* Implemented in worker.c for crawler.c. workers_start() returns 0 or ENOMEM. A worker
 * ends when frontier_next() gives NO_PAGE. */
struct worker;
int workers_start(struct crawl *crawl);
struct task *worker_task(struct crawl *crawl, int i);
void workers_free(struct crawl *crawl);

#endif
