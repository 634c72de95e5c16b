/* crawler.c - sets a crawl up, waits for its workers, and ends it. Next: report.h. */
#include "crawler.h"

#include <stdlib.h>

/* Equals FETCH_PATIENCE for a timeout of 30 seconds. The times are proportional to the
 * timeout. */
static struct http_patience patience_of(double timeout)
{
    return (struct http_patience){
        .connect = timeout / 3,
        .head = timeout,
        .idle = timeout,
        .total = 4 * timeout,
        .window = timeout,
        .rate = 100,
    };
}

int crawl_init(struct crawl *crawl, struct loop *loop,
               const struct crawl_options *options)
{
    *crawl = (struct crawl){ .options = *options, .loop = loop };
    crawl->began = loop_time(loop);
    connector_init(&crawl->connector, loop, options->concurrency, options->per_host);
    crawl->connector.allow_private = options->allow_private;
    crawl->connector.tls = options->tls;
    crawl->settings = (struct fetch_settings){
        .connector = &crawl->connector,
        .user_agent = options->user_agent,
        .patience = patience_of(options->timeout),
        .store = &crawl->store,
    };
    frontier_init(&crawl->frontier, loop,
                  (uint64_t)(crawl->began * 1e9) ^ (uintptr_t)crawl);
    crawl->frontier.per_host = options->per_host;
    crawl->frontier.delay = options->delay;
    crawl->store.digests = options->digests;
    return store_open(&crawl->store, options->dir);
}

int crawl_close(struct crawl *crawl)
{
    frontier_free(&crawl->frontier);
    connector_close(&crawl->connector);
    return store_close(&crawl->store);
}

int crawl_start_at(struct crawl *crawl, const struct url *url)
{
    struct endpoint *endpoint = connector_keep(&crawl->connector, url);
    int err = frontier_add_host(&crawl->frontier, url);

    if (endpoint != NULL) /* NULL without memory: then no connection is made either */
        endpoint->trusted = true;
    if (err == 0)
        err = frontier_add(&crawl->frontier, url, (struct page){ .from = NO_PAGE });
    return err == EEXIST ? 0 : err;
}

static co_status crawl_run_body(struct coro *co)
{
    struct crawl_run *self = co_self(co, struct crawl_run);
    struct crawl *crawl = self->crawl;
    int err;

    ASYNC (co) {
        err = workers_start(crawl);
        if (err != 0)
            return co_raise(co, err);
        for (self->i = 0; self->i < crawl->options.concurrency; self->i++)
            AWAIT_CATCH_ALL(err, worker_task(crawl, self->i));
        return co_raise(co, crawl->store.error);

    FINALLY:
        workers_free(crawl);
    }
    return co_done(co);
}

struct coro *crawl_run(struct crawl_run *self, struct crawl *crawl)
{
    self->crawl = crawl;
    return co_init(&self->co, crawl_run_body);
}

void crawl_stop(struct crawl *crawl, bool at_once)
{
    crawl->stopping = true;
    frontier_stop(&crawl->frontier);
    for (int i = 0; at_once && crawl->workers != NULL && i < crawl->options.concurrency;
         i++)
        task_cancel(worker_task(crawl, i), NULL);
}
