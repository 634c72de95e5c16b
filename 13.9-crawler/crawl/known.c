/* known.c - what the frontier knows: hosts, and pages, each once. The set of the keys is in
 * seen.c. */
#include <errno.h>
#include <stdlib.h>

#include "retry.h"
#include "seen.h"

void frontier_init(struct frontier *f, struct loop *loop, uint64_t seed)
{
    *f = (struct frontier){ .loop = loop, .per_host = 1, .seed = seed };
    ring_init(&f->hosts);
    ring_init(&f->ready);
    ring_init(&f->waiters);
    ring_init(&f->retries);
}

void frontier_free(struct frontier *f)
{
    retry_drop_all(f);
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

/* Only the hosts of the start pages are here, so they are few. */
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
    int err = seen_add(f, url);

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
    frontier_enqueue(f, f->count++);
    return 0;
}
