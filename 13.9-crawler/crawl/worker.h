/*
 * worker.h - one of a crawl's workers: takes pages from the frontier, fetches each, adds
 * its links to the frontier, and writes its record.
 *
 *     err = workers_start(crawl);
 *     AWAIT_CATCH_ALL(err, worker_task(crawl, i));
 *     workers_free(crawl);
 *
 * crawler.h declares these functions. Next: worker.c, then crawler.h.
 */
#ifndef WORKER_H
#define WORKER_H

#include "crawler.h"
#include "robots_fetch.h"

enum { WORKER_RECENT = 512 };

struct worker { /* async def worker(crawl) */
    struct coro co;
    struct task task;
    struct crawl *crawl;
    struct frontier_next next;
    uint32_t page; /* the current page, or NO_PAGE */
    struct robots_fetch robots;
    struct fetch fetch;
    struct fetch_settings settings; /* for robots.txt, which is not stored */
    struct url url;                 /* of the current page */
    const struct url *base;         /* the base of its links: &url or &other_base */
    struct url other_base;          /* the URL of the page's <base> element */
    uint64_t recent[WORKER_RECENT]; /* fingerprints of links found on the page */
};

#endif
