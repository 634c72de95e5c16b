/*
 * crawler.h - the crawl: workers that take a page from the frontier, fetch it, put its
 * links back, and write down what became of it.
 *
 * Next: report.h, then crawl.c, the tool.
 */
#ifndef CRAWLER_H
#define CRAWLER_H

#include <regex.h>

#include "fetch.h"
#include "frontier.h"

enum { REDIRECTS_MAX = 10 };

struct crawl_options {
    const char *dir; /* output folder, new or empty */
    int concurrency; /* requests in flight */
    int per_host;    /* of those, to one host */
    double delay;    /* seconds from one request to a host to the next */
    double timeout;  /* seconds for a head, and for the next bytes; see patience_of() */
    int retries;     /* further attempts after a failure that may pass */
    int depth;       /* links from the start, -1: any */
    int max_pages;   /* pages asked for, 0: any number */
    regex_t *include,
        *exclude;           /* a link must match one of the first, if any, and none of */
    int includes, excludes; /* the second; and how many those are */
    const char *user_agent;
    bool robots;             /* obey robots.txt */
    bool allow_private;      /* connect wherever a name leads, see address.h */
    struct tls_settings tls; /* for https */
    bool digests;            /* label the records of crawl.warc with SHA-1 */
};

struct crawl_counts {
    unsigned long pages;     /* lines in pages.jsonl */
    unsigned long status[6]; /* of those, by status class; [0]: no response */
    unsigned long forbidden; /* left out for robots.txt */
    unsigned long retries;
    unsigned long long bytes; /* of payload */
    int in_flight, peak;      /* pages being fetched, now and at most */
};

struct crawl {
    struct crawl_options options;
    struct loop *loop;
    struct frontier frontier;
    struct connector connector;
    struct store store;
    struct fetch_settings settings;
    struct crawl_counts counts;
    double began;      /* loop time */
    int started;       /* pages asked for */
    struct url target; /* the link that a worker looks at, for no longer than a call */
    struct worker *workers; /* options.concurrency of them, while it runs */
    bool stopping;          /* asked to end: no new request */
    /* called when a page has been written down, or NULL */
    void (*on_page)(struct crawl *crawl, const struct page_record *record);
};

/* Prepare a crawl by `options`, opening its output folder. 0; the failure of store_open():
 * then crawl->store says on which file. End it with crawl_close() in either case. */
int crawl_init(struct crawl *crawl, struct loop *loop,
               const struct crawl_options *options);

/* Write and close what is open. 0 or the store's first failure. */
int crawl_close(struct crawl *crawl);

/* A page to begin with; its host is in scope from now on, and may be at any address. 0 or
 * ENOMEM. */
int crawl_start_at(struct crawl *crawl, const struct url *url);

/* Crawl until there is nothing left, or crawl_stop(). Raises ENOMEM and the failure of the
 * store; what happens to a page is in its record. */
struct crawl_run {
    struct coro co;
    struct crawl *crawl;
    int i;
};
struct coro *crawl_run(struct crawl_run *self, struct crawl *crawl);

/* Make no new request. With `at_once` cancel those in flight, too. */
void crawl_stop(struct crawl *crawl, bool at_once);

/* wget's exit status for what has been fetched: 0; 8 when a server answered with an error;
 * 4 when the network failed for a page. */
int crawl_exit_status(const struct crawl *crawl);

/* For worker.c: one worker, which ends when the frontier hands out nothing any more. */
struct worker;
int workers_start(struct crawl *crawl);
struct task *worker_task(struct crawl *crawl, int i);
void workers_free(struct crawl *crawl);

#endif
