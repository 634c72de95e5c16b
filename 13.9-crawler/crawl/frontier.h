/*
 * frontier.h - which page next? The URLs that are known, each once, in a line per host.
 *
 * Workers ask for the next page and wait while none may be fetched: a host takes a limited
 * number of requests at a time and, if asked, one every so often. The crawl ends not when
 * the lines are empty but when no page is in them, in the air, or waiting to be tried
 * again. Next: pool.h.
 */
#ifndef FRONTIER_H
#define FRONTIER_H

#include <stdint.h>

#include "robots.h"
#include "task.h"
#include "text.h"
#include "url.h"

#define NO_PAGE UINT32_MAX

struct page {             /* one known URL */
    uint32_t url, length; /* where it stands in frontier->urls */
    uint32_t from;        /* the page that named it, or NO_PAGE */
    uint32_t next;        /* behind it in its host's line, or NO_PAGE */
    uint32_t began;       /* first request, milliseconds from the crawl's start */
    uint16_t depth;       /* links from the start */
    uint8_t redirects;    /* redirects that led here */
    uint8_t attempts;     /* requests made for it */
    struct host *host;
};

enum { ROBOTS_WHY_MAX = 256 };
enum robots_state { ROBOTS_UNKNOWN, ROBOTS_BUSY, ROBOTS_KNOWN };

struct host { /* scheme, host and port */
    struct link in_frontier;
    struct url origin;              /* "http://host:port/" */
    enum robots_state robots_state; /* until it is known, one request at a time */
    struct robots robots;
    int robots_error; /* why it could not be had: an error, or minus a status */
    char robots_why[ROBOTS_WHY_MAX]; /* the same in words, "robots.txt: ..." */
    uint32_t first, last;            /* its line of pages, NO_PAGE: empty */
    int in_flight;
    double not_before; /* loop time of the next request, by the delay */
    struct timer wait; /* runs until then */
    struct frontier *frontier;
    struct link ready; /* its place among frontier->ready; next NULL: not there */
};

struct frontier {
    struct loop *loop;
    /* limits, to be set after frontier_init() */
    int per_host; /* requests to a host at a time */
    double delay; /* seconds from one request to a host to the next */
    /* what is known */
    struct text urls; /* all texts, one behind the other */
    struct page *pages;
    uint32_t count, room;
    uint64_t *seen; /* hash set of the keys' fingerprints; 0: an empty place */
    size_t seen_count, seen_room;
    uint64_t seed; /* of the fingerprints */
    /* what is to be done */
    struct link hosts;   /* struct host.in_frontier */
    struct link ready;   /* hosts that may be asked for a page now, in turn */
    struct link waiters; /* struct frontier_next that wait */
    uint32_t queued;     /* pages in lines */
    uint32_t unfinished; /* pages in lines, in flight, or to be tried again */
    uint32_t begun;      /* of those, the ones that were handed out before */
    struct link retries; /* struct retry: pages to be tried again */
    bool closed;         /* no page is handed out for the first time any more */
    bool stopped;        /* no page is handed out any more */
};

/* An empty frontier; end it with frontier_free(). */
void frontier_init(struct frontier *f, struct loop *loop, uint64_t seed);
void frontier_free(struct frontier *f);

/* The host of `url`, or NULL when no start page has it: what is out of scope. */
struct host *frontier_host(struct frontier *f, const struct url *url);

/* Put the host of `url` into scope. 0 or ENOMEM. */
int frontier_add_host(struct frontier *f, const struct url *url);

/* Note `url`, whose host is in scope, unless its key is known. 0, EEXIST, ENOMEM. */
int frontier_add(struct frontier *f, const struct url *url, struct page page);

/* The text of a page's URL; good until the next frontier_add(). */
struct span frontier_url(const struct frontier *f, uint32_t page);

/* Wait for a page that may be fetched now; it counts as in flight. `page` is NO_PAGE when
 * there will be none any more. */
struct frontier_next {
    struct coro co;
    struct frontier *frontier;
    struct link in_line; /* its place among frontier->waiters */
    struct future ready;
    uint32_t page; /* result */
};
struct coro *frontier_next(struct frontier_next *self, struct frontier *f);

/* A page that was handed out is done with: fetched or given up. */
void frontier_done(struct frontier *f, uint32_t page);

/* Something about the host has changed: see whether it may be asked now. */
void frontier_refresh(struct host *host);

/* For retry.c: put a page back into its host's line, before those that were never asked. */
void frontier_enqueue(struct frontier *f, uint32_t page);

/* Hand out nothing new any more, only what is to be tried again. */
void frontier_close(struct frontier *f);

/* Hand out nothing any more: whoever waits gets NO_PAGE. */
void frontier_stop(struct frontier *f);

#endif
