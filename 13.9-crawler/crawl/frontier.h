/*
 * frontier.h - the URLs that a crawl knows, each once, with a queue of pages per host.
 *
 *     AWAIT(frontier_next(&self->next, &frontier));
 *     ... fetch self->next.page and frontier_add() its links ...
 *     frontier_done(&frontier, self->next.page);
 *
 * A worker asks for the next page and waits while no page can be fetched: each host takes
 * a limited number of requests at a time, and the crawl can ask for a delay between two
 * requests. The crawl ends when no page is queued, in flight, or waiting for its next
 * attempt. Empty queues alone are not the end. A page whose attempt failed can be passed
 * to frontier_retry_later() instead of frontier_done().
 *
 * Call all of these functions on the loop's thread only. Next: worker.h.
 */
#ifndef FRONTIER_H
#define FRONTIER_H

#include <stdint.h>

#include "robots.h"
#include "task.h"
#include "text.h"
#include "url.h"
#include "waiters.h"

#define NO_PAGE UINT32_MAX

struct page {             /* one known URL */
    uint32_t url, length; /* the URL's place in frontier->urls */
    uint32_t from;        /* the page that links to it, or NO_PAGE */
    uint32_t next;        /* the next page in the host's queue, or NO_PAGE */
    uint32_t began;       /* its first request, milliseconds from the crawl's start */
    uint16_t depth;       /* links between a start page and this one */
    uint8_t redirects;    /* redirects in a row that led to it */
    uint8_t attempts;     /* requests made for it */
    struct host *host;
};

enum { ROBOTS_WHY_MAX = 256 };
enum robots_state { ROBOTS_UNKNOWN, ROBOTS_BUSY, ROBOTS_KNOWN };

struct host { /* scheme, host and port */
    struct link in_frontier;
    struct url origin;              /* "http://host:port/" */
    enum robots_state robots_state; /* one request at a time until ROBOTS_KNOWN */
    struct robots robots;
    int robots_error; /* why robots.txt is unreachable: an error, or -status */
    char robots_why[ROBOTS_WHY_MAX]; /* the same in words, "robots.txt: ..." */
    uint32_t first, last;            /* its queue of pages; NO_PAGE when empty */
    int in_flight;                   /* its pages that workers have */
    double not_before;               /* the earliest loop time of the next request */
    struct timer wait;               /* expires at not_before */
    struct frontier *frontier;
    struct link ready; /* its link in frontier->ready while it is ready */
};

struct frontier {
    struct loop *loop;
    /* limits, which the caller sets after frontier_init() */
    int per_host; /* requests in flight to one host, at most */
    double delay; /* seconds between the starts of two requests to a host */
    /* the known URLs */
    struct text urls; /* the texts of all URLs, concatenated */
    struct page *pages;
    uint32_t count, room;
    uint64_t *seen; /* hash set of the URLs' fingerprints; 0 marks a free slot */
    size_t seen_count, seen_room;
    uint64_t seed; /* of the fingerprints; a site must not know it */
    /* the work */
    struct link hosts;      /* all hosts, linked by host->in_frontier */
    struct link ready;      /* hosts that can take a request now, served in turn */
    struct waiters waiters; /* workers that wait for a page */
    uint32_t queued;        /* pages in the hosts' queues */
    uint32_t unfinished;    /* pages queued, in flight, or waiting for an attempt */
    uint32_t begun;         /* unfinished pages that were handed out once or more */
    struct link retries;    /* pages that wait for their next attempt */
    bool closed;            /* no new page is handed out, only retries */
    bool stopped;           /* no page is handed out any more */
};

/* Makes an empty frontier, which is to be released with frontier_free(). */
void frontier_init(struct frontier *f, struct loop *loop, uint64_t seed);

/* Cancels the frontier's timers and releases its memory. No worker may be waiting. */
void frontier_free(struct frontier *f);

/* Returns the host of `url`, or NULL when the URL is out of scope: no start page is on
 * its host. */
struct host *frontier_host(struct frontier *f, const struct url *url);

/* Puts the host of `url` into scope. Returns 0 or ENOMEM. */
int frontier_add_host(struct frontier *f, const struct url *url);

/* Queues `url` as a new page and takes `depth`, `redirects` and `from` from `page`. The
 * host of the URL must be in scope already. Returns 0; EEXIST when a URL with the same
 * normal form (url_normalize) is known; or ENOMEM.
 *
 * Known URLs are kept as 64-bit fingerprints. A new URL collides by chance with one of n
 * known URLs with a probability of n / 2^64, and is then left out. Of crawls with ten
 * million pages, one in 370,000 leaves out a page. A site that does not know the seed
 * cannot make URLs that collide. */
int frontier_add(struct frontier *f, const struct url *url, struct page page);

/* Returns the text of a page's URL, which is valid until the next frontier_add(). */
struct span frontier_url(const struct frontier *f, uint32_t page);

/* Waits for a page that can be fetched now. That page then counts as in flight, until
 * frontier_done() or frontier_retry_later(). `page` is NO_PAGE when there will never be
 * another page. */
struct frontier_next {
    struct coro co;
    struct frontier *frontier;
    struct waiter waiter;
    uint32_t page; /* the result */
};
struct coro *frontier_next(struct frontier_next *self, struct frontier *f);

/* Ends a page that was handed out: the page was fetched or given up. */
void frontier_done(struct frontier *f, uint32_t page);

/* Checks again whether the host can take a request. Call it after a change to the host,
 * such as to its robots_state. */
void frontier_refresh(struct host *host);

/* Takes a page back from the worker and queues it again after `delay` seconds. Until then
 * the page is unfinished, but not in flight. Returns 0; or ENOMEM, and the page is still
 * in flight. */
int frontier_retry_later(struct frontier *f, uint32_t page, double delay);

/* From now on, hands out no new page, only pages for another attempt. */
void frontier_close(struct frontier *f);

/* From now on, hands out no page at all. Waiting workers get NO_PAGE. */
void frontier_stop(struct frontier *f);

/* Returns the fingerprint of n bytes, which is never 0. */
uint64_t frontier_fingerprint(uint64_t seed, const char *text, size_t n);

#endif
