/*
 * worker.h - one of the crawl's workers, and what it does with the page in hand.
 *
 * Next: worker.c, then page_links.c and page_end.c.
 */
#ifndef WORKER_H
#define WORKER_H

#include "ask_robots.h"
#include "crawler.h"

enum { WORKER_NAMED = 512 };

struct worker { /* async def worker(crawl) */
    struct coro co;
    struct task task;
    struct crawl *crawl;
    struct frontier_next next;
    uint32_t page; /* the one in hand, or NO_PAGE */
    struct ask_robots ask;
    struct fetch fetch;
    struct fetch_settings settings; /* for robots.txt: nothing is stored */
    struct url url;                 /* of the page in hand */
    const struct url *base;         /* what its links are relative to: that, or ... */
    struct url other_base;          /* ... what the page's own <base> says */
    uint64_t named[WORKER_NAMED];   /* fingerprints of links that the page has named */
};

/* page_links.c: give fetch.on_link this, so that the links of the page in hand, as far as
 * they are within the crawl, reach the frontier. */
void page_on_link(struct fetch *fetch, enum link_kind kind, struct span value);

/* page_links.c: if the page in hand redirects, its target reaches the frontier; and why it
 * will not, if that is the redirect's fault. */
void page_follow(struct worker *self);
enum reason page_redirect_fault(struct worker *self);

/* page_end.c: the page in hand was fetched, or was not. True: it is to be tried again and
 * is out of hand. False: it has been written down. */
bool page_settle(struct worker *self, int err);

/* page_end.c: nothing was asked for, and `why` says why; write it down as given up. */
void page_give_up(struct worker *self, const char *why);

#endif
