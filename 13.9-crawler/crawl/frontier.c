/* frontier.c - the lines, and who may be next. What is known is in shelf/known.c. */
#include "frontier.h"

static const struct future_kind next_kind = { .what = "a page to fetch",
                                              .cancel = future_end_cancelled };

/* ---- who may be next ---- */

static void wake_one(struct frontier *f)
{
    struct link *first = f->waiters.next;

    if (ring_empty(&f->waiters))
        return;
    ring_remove(first);
    future_set_result(&container_of(first, struct frontier_next, in_line)->ready, NULL);
}

static bool is_over(const struct frontier *f)
{
    return f->stopped || (f->closed ? f->begun : f->unfinished) == 0;
}

static void wake_all_if_over(struct frontier *f)
{
    while (is_over(f) && !ring_empty(&f->waiters))
        wake_one(f);
}

static void on_wait_over(struct handle *h)
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
        wake_one(f);
    } else if (!may) {
        ring_remove(&host->ready);
        if (has_page(host) && too_early(host) && host->wait.slot == 0)
            loop_call_at(f->loop, &host->wait, host->not_before, on_wait_over);
    }
}

void frontier_enqueue(struct frontier *f, uint32_t page)
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

/* The first page of the first host; the host goes to the end of the line. */
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

/* ---- what workers and the crawl call ---- */

static co_status frontier_next_body(struct coro *co)
{
    struct frontier_next *self = co_self(co, struct frontier_next);
    struct frontier *f = self->frontier;

    ASYNC (co) {
        while (!is_over(f) && ring_empty(&f->ready)) {
            future_init_kind(&self->ready, f->loop, &next_kind);
            ring_append(&f->waiters, &self->in_line);
            AWAIT(&self->ready);
        }
        if (!is_over(f))
            self->page = take(f);

    FINALLY:
        ring_remove(&self->in_line);
        if (co->error != 0 && !ring_empty(&f->ready))
            wake_one(f); /* we may have been the one who was told */
    }
    return co_done(co);
}

struct coro *frontier_next(struct frontier_next *self, struct frontier *f)
{
    self->frontier = f;
    self->page = NO_PAGE;
    self->in_line.next = NULL;
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
