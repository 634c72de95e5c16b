/*
 * worker.c - what each of the crawl's workers does, over and over: the next page, its
 * host's robots.txt, the fetch, and the end of it.
 */
#include "worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct page *page_of(struct worker *self)
{
    return &self->crawl->frontier.pages[self->page];
}

static struct host *host_of(struct worker *self)
{
    return page_of(self)->host;
}

/* Take the page in hand: its URL, and when it was first asked for. */
static void take(struct worker *self)
{
    struct crawl *crawl = self->crawl;
    struct span text = frontier_url(&crawl->frontier, self->page);

    url_parse(&self->url, text.at, text.n, NULL);
    self->base = &self->url;
    if (page_of(self)->attempts == 0)
        page_of(self)->began = (uint32_t)((loop_time(crawl->loop) - crawl->began) * 1e3);
}

/* robots.txt forbids the page, or could not be had, which forbids everything; in the second
 * case the page is written down as given up. */
static bool forbidden(struct worker *self)
{
    const struct host *host = host_of(self);
    struct span path = url_target(&self->url);

    if (robots_allowed(&host->robots, path.at, path.n))
        return false;
    if (host->robots_error == 0) {
        self->crawl->counts.forbidden++;
        return true;
    }
    page_give_up(self, host->robots_why);
    return true;
}

static struct coro *fetch_page(struct worker *self)
{
    struct crawl *crawl = self->crawl;
    struct coro *co = fetch(&self->fetch, &crawl->settings, &self->url);

    self->fetch.on_link = page_on_link;
    memset(self->named, 0, sizeof self->named);
    if (page_of(self)->attempts++ == 0 && ++crawl->started == crawl->options.max_pages)
        frontier_close(&crawl->frontier);
    if (++crawl->counts.in_flight > crawl->counts.peak)
        crawl->counts.peak = crawl->counts.in_flight;
    return co;
}

static co_status worker_body(struct coro *co)
{
    struct worker *self = co_self(co, struct worker);
    struct crawl *crawl = self->crawl;
    int err;

    ASYNC (co) {
        for (;;) {
            AWAIT(frontier_next(&self->next, &crawl->frontier));
            self->page = self->next.page;
            if (self->page == NO_PAGE)
                return co_done(co);
            if (host_of(self)->robots_state == ROBOTS_UNKNOWN) {
                host_of(self)->robots_state = ROBOTS_BUSY;
                if (crawl->options.robots)
                    AWAIT(ask_robots(&self->ask, host_of(self), &self->fetch,
                                     &self->settings, crawl->options.retries));
                host_of(self)->robots_state = ROBOTS_KNOWN;
                frontier_refresh(host_of(self));
            }
            take(self);
            if (!forbidden(self)) {
                AWAIT_CATCH(err, fetch_page(self));
                crawl->counts.in_flight--;
                if (page_settle(self, err))
                    continue;
            }
            frontier_done(&crawl->frontier, self->page);
        }

    FINALLY:
        if (co->error != 0) /* the page in hand will never be done: do not wait for it */
            crawl_stop(crawl, false);
        fetch_free(&self->fetch);
    }
    return co_done(co);
}

int workers_start(struct crawl *crawl)
{
    int n = crawl->options.concurrency;

    crawl->workers = calloc((size_t)n, sizeof *crawl->workers);
    if (crawl->workers == NULL)
        return ENOMEM;
    for (int i = 0; i < n; i++) {
        struct worker *self = &crawl->workers[i];

        self->crawl = crawl;
        self->page = NO_PAGE;
        self->settings = crawl->settings;
        self->settings.store = NULL;
        fetch_init(&self->fetch);
        loop_create_task(crawl->loop, &self->task, co_init(&self->co, worker_body));
    }
    return 0;
}

struct task *worker_task(struct crawl *crawl, int i)
{
    return &crawl->workers[i].task;
}

void workers_free(struct crawl *crawl)
{
    free(crawl->workers);
    crawl->workers = NULL;
}
