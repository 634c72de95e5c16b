/*
 * frontier.c - the set of known URLs, the queues, and the pages that wait for their next
 * attempt.
 *
 * The set is a hash table with open addressing and linear probing. Next: worker.h.
 */
#include "frontier.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 4096 }; /* slots of the first table, a power of two */

struct delayed_page { /* a page that waits for its next attempt, with a timer */
    struct link link; /* its place in frontier->retries */
    struct timer timer;
    struct frontier *frontier;
    uint32_t page;
};

static const struct future_kind next_kind = { .what = "a page to fetch",
                                              .cancel = future_end_cancelled };

/* ---- the set of known URLs ---- */

/* Mixes in eight bytes at a time by a multiplication and a shift. */
uint64_t frontier_fingerprint(uint64_t seed, const char *text, size_t n)
{
    uint64_t h = seed ^ (n * 0x9e3779b97f4a7c15u), word;

    while (n > 0) {
        size_t part = n < sizeof word ? n : sizeof word;

        word = 0;
        memcpy(&word, text, part);
        h = (h ^ word) * 0xd6e8feb86659fd93u;
        h ^= h >> 32;
        text += part;
        n -= part;
    }
    h *= 0xd6e8feb86659fd93u;
    h ^= h >> 29;
    return h != 0 ? h : 1;
}

/* Returns the slot of the fingerprint, or the free slot where it belongs. */
static uint64_t *find_slot(uint64_t *seen, size_t room, uint64_t key)
{
    size_t i = (size_t)key & (room - 1);

    while (seen[i] != 0 && seen[i] != key)
        i = (i + 1) & (room - 1);
    return &seen[i];
}

static int grow_seen(struct frontier *f)
{
    size_t room = f->seen_room == 0 ? FIRST_ROOM : f->seen_room * 2;
    uint64_t *seen = calloc(room, sizeof *seen);

    if (seen == NULL)
        return ENOMEM;
    for (size_t i = 0; i < f->seen_room; i++)
        if (f->seen[i] != 0)
            *find_slot(seen, room, f->seen[i]) = f->seen[i];
    free(f->seen);
    f->seen = seen;
    f->seen_room = room;
    return 0;
}

/* Adds the fingerprint of the URL's normal form. Returns 0, EEXIST or ENOMEM. The table
 * is grown when it is two thirds full. */
static int add_seen(struct frontier *f, const struct url *url)
{
    static struct url key; /* static to save stack; used on the loop's thread only */
    struct span text;
    uint64_t mark, *place;

    if (f->seen_count * 3 >= f->seen_room * 2 && grow_seen(f) != 0)
        return ENOMEM;
    url_assign(&key, url);
    url_normalize(&key);
    text = url_page(&key);
    mark = frontier_fingerprint(f->seed, text.at, text.n);
    place = find_slot(f->seen, f->seen_room, mark);
    if (*place == mark)
        return EEXIST;
    *place = mark;
    f->seen_count++;
    return 0;
}

/* ---- the queues ---- */

/* After frontier_close(), a page that was never handed out does not keep the crawl
 * going. */
static bool is_over(const struct frontier *f)
{
    return f->stopped || (f->closed ? f->begun : f->unfinished) == 0;
}

static void wake_all_if_over(struct frontier *f)
{
    while (is_over(f) && waiters_pop(&f->waiters))
        continue;
}

static void on_delay_over(struct handle *h)
{
    frontier_refresh(container_of(h, struct host, wait.handle));
}

static bool too_early(const struct host *host)
{
    return host->not_before > 0 && loop_time(host->frontier->loop) < host->not_before;
}

static bool has_page(const struct host *host)
{
    const struct frontier *f = host->frontier;

    return host->first != NO_PAGE && (!f->closed || f->pages[host->first].attempts > 0);
}

static bool may_ask(const struct host *host)
{
    int limit = host->robots_state == ROBOTS_KNOWN ? host->frontier->per_host : 1;

    return has_page(host) && host->in_flight < limit && !too_early(host);
}

void frontier_refresh(struct host *host)
{
    struct frontier *f = host->frontier;
    bool may = may_ask(host);

    if (may && host->ready.next == NULL) {
        ring_append(&f->ready, &host->ready);
        waiters_pop(&f->waiters);
    } else if (!may) {
        ring_remove(&host->ready);
        if (has_page(host) && too_early(host) && host->wait.slot == 0)
            loop_call_at(f->loop, &host->wait, host->not_before, on_delay_over);
    }
}

/* A page that is tried again goes to the front of the queue: after frontier_close() only
 * such pages are handed out, and has_page() looks at the first page alone. */
static void enqueue(struct frontier *f, uint32_t page)
{
    struct host *host = f->pages[page].host;
    bool first = host->first == NO_PAGE || f->pages[page].attempts > 0;
    uint32_t *place = first ? &host->first : &f->pages[host->last].next;

    f->pages[page].next = *place;
    *place = page;
    if (f->pages[page].next == NO_PAGE)
        host->last = page;
    f->queued++;
    frontier_refresh(host);
}

/* Takes the first page of the first ready host, which goes to the end of the ring. */
static uint32_t take(struct frontier *f)
{
    struct host *host = container_of(f->ready.next, struct host, ready);
    uint32_t page = host->first;

    host->first = f->pages[page].next;
    if (host->first == NO_PAGE)
        host->last = NO_PAGE;
    f->begun += f->pages[page].attempts == 0;
    host->in_flight++;
    host->not_before = f->delay > 0 ? loop_time(f->loop) + f->delay : 0;
    f->queued--;
    ring_remove(&host->ready);
    frontier_refresh(host);
    return page;
}

/* ---- hosts and pages ---- */

static void drop(struct delayed_page *delayed)
{
    timer_cancel(delayed->frontier->loop, &delayed->timer);
    ring_remove(&delayed->link);
    free(delayed);
}

void frontier_init(struct frontier *f, struct loop *loop, uint64_t seed)
{
    *f = (struct frontier){ .loop = loop, .per_host = 1, .seed = seed };
    ring_init(&f->hosts);
    ring_init(&f->ready);
    waiters_init(&f->waiters);
    ring_init(&f->retries);
}

void frontier_free(struct frontier *f)
{
    while (!ring_empty(&f->retries))
        drop(container_of(f->retries.next, struct delayed_page, link));
    while (!ring_empty(&f->hosts)) {
        struct host *host = container_of(f->hosts.next, struct host, in_frontier);

        ring_remove(&host->in_frontier);
        timer_cancel(f->loop, &host->wait);
        robots_free(&host->robots);
        free(host);
    }
    text_free(&f->urls);
    free(f->pages);
    free(f->seen);
}

/* The list holds only the hosts of the start pages, so it is short. */
struct host *frontier_host(struct frontier *f, const struct url *url)
{
    for (struct link *l = f->hosts.next; l != &f->hosts; l = l->next) {
        struct host *host = container_of(l, struct host, in_frontier);

        if (url_same_origin(&host->origin, url))
            return host;
    }
    return NULL;
}

int frontier_add_host(struct frontier *f, const struct url *url)
{
    struct host *host;

    if (frontier_host(f, url) != NULL)
        return 0;
    host = calloc(1, sizeof *host);
    if (host == NULL)
        return ENOMEM;
    host->origin = *url;
    host->frontier = f;
    host->first = host->last = NO_PAGE;
    ring_append(&f->hosts, &host->in_frontier);
    return 0;
}

struct span frontier_url(const struct frontier *f, uint32_t page)
{
    return (struct span){ f->urls.at + f->pages[page].url, f->pages[page].length };
}

int frontier_add(struct frontier *f, const struct url *url, struct page page)
{
    struct span text = url_page(url);
    int err = add_seen(f, url);

    if (err != 0)
        return err;
    if (f->count == f->room) {
        uint32_t room = f->room == 0 ? 1024 : f->room * 2;
        struct page *pages = realloc(f->pages, room * sizeof *pages);

        if (pages == NULL)
            return ENOMEM;
        f->pages = pages;
        f->room = room;
    }
    if (f->urls.n + text.n > UINT32_MAX)
        return ENOMEM;
    page.url = (uint32_t)f->urls.n;
    page.length = (uint32_t)text.n;
    page.host = frontier_host(f, url);
    text_add(&f->urls, text.at, text.n);
    if (f->urls.error != 0)
        return ENOMEM;
    f->pages[f->count] = page;
    f->unfinished++;
    enqueue(f, f->count++);
    return 0;
}

/* ---- what workers and the crawl call ---- */

static co_status frontier_next_body(struct coro *co)
{
    struct frontier_next *self = co_self(co, struct frontier_next);
    struct frontier *f = self->frontier;
    int err;

    ASYNC (co) {
        while (!is_over(f) && ring_empty(&f->ready)) {
            err = waiters_join(&f->waiters, &self->waiter, &next_kind);
            if (err != 0)
                return co_raise(co, err);
            AWAIT(&self->waiter.future);
        }
        if (!is_over(f))
            self->page = take(f);

    FINALLY:
        waiter_leave(&self->waiter);
        if (co->error != 0 && !ring_empty(&f->ready))
            waiters_pop(&f->waiters); /* the cancelled waiter may have been woken */
    }
    return co_done(co);
}

struct coro *frontier_next(struct frontier_next *self, struct frontier *f)
{
    self->frontier = f;
    self->page = NO_PAGE;
    self->waiter.link.next = NULL;
    return co_init(&self->co, frontier_next_body);
}

void frontier_done(struct frontier *f, uint32_t page)
{
    f->unfinished--;
    f->begun--;
    f->pages[page].host->in_flight--;
    frontier_refresh(f->pages[page].host);
    wake_all_if_over(f);
}

void frontier_close(struct frontier *f)
{
    f->closed = true;
    for (struct link *l = f->hosts.next; l != &f->hosts; l = l->next)
        frontier_refresh(container_of(l, struct host, in_frontier));
    wake_all_if_over(f);
}

void frontier_stop(struct frontier *f)
{
    f->stopped = true;
    wake_all_if_over(f);
}

/* ---- pages that wait for their next attempt ---- */

static void on_retry_time(struct handle *h)
{
    struct delayed_page *delayed = container_of(h, struct delayed_page, timer.handle);
    struct frontier *f = delayed->frontier;
    uint32_t page = delayed->page;

    drop(delayed);
    enqueue(f, page);
}

int frontier_retry_later(struct frontier *f, uint32_t page, double delay)
{
    struct delayed_page *delayed = calloc(1, sizeof *delayed);

    if (delayed == NULL)
        return ENOMEM;
    delayed->frontier = f;
    delayed->page = page;
    if (loop_call_later(f->loop, &delayed->timer, delay, on_retry_time) != 0) {
        free(delayed);
        return ENOMEM;
    }
    ring_append(&f->retries, &delayed->link);
    f->pages[page].host->in_flight--;
    frontier_refresh(f->pages[page].host);
    return 0;
}
