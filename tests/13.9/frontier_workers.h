/*
 * frontier_workers.h - shared by the checks of the frontier: a frontier with pages in
 * scope, and workers that take pages, hold each for a while, and add marks to the trace.
 */
#ifndef FRONTIER_WORKERS_H
#define FRONTIER_WORKERS_H

#include "frontier.h"
#include "table_site.h"

static const struct answer nothing[] = { { .path = NULL } };
static struct frontier f;

static inline void start(int per_host, double delay)
{
    begin(nothing);
    frontier_init(&f, &runner.loop, 42);
    f.per_host = per_host;
    f.delay = delay;
}

static inline void finish(void)
{
    frontier_free(&f);
    EXPECT_INT(timers(), 0);
    end();
}

/* Adds the URL, after putting its host into scope with a known robots.txt. */
static inline int add(const char *text)
{
    struct url url;

    EXPECT_INT(url_parse(&url, text, strlen(text), NULL), 0);
    EXPECT_INT(frontier_add_host(&f, &url), 0);
    frontier_host(&f, &url)->robots_state = ROBOTS_KNOWN;
    return frontier_add(&f, &url, (struct page){ .from = NO_PAGE });
}

static inline void add_all(const char *const *texts)
{
    for (; *texts != NULL; texts++)
        EXPECT_INT(add(*texts), 0);
}

/* A worker: takes pages, holds each for a while, and traces which page it took and
 * when. */
struct taker {
    struct coro co;
    struct task task;
    const char *name;
    double keeps;     /* seconds */
    const char *adds; /* a URL that it adds while it holds its first page */
    struct frontier_next next;
    struct async_sleep sleep;
};

static inline co_status taker_body(struct coro *co)
{
    struct taker *self = co_self(co, struct taker);
    struct span url;

    ASYNC (co) {
        for (;;) {
            AWAIT(frontier_next(&self->next, &f));
            if (self->next.page == NO_PAGE)
                break;
            url = frontier_url(&f, self->next.page);
            trace("%s:%.*s@%.2f", self->name, (int)url.n - 7, url.at + 7, now());
            AWAIT(async_sleep(&self->sleep, self->keeps));
            if (self->adds != NULL) {
                EXPECT_INT(add(self->adds), 0);
                self->adds = NULL;
                AWAIT(async_sleep(&self->sleep, self->keeps));
            }
            frontier_done(&f, self->next.page);
        }
        trace("%s:end@%.2f", self->name, now());

    FINALLY:
        if (co->error != 0)
            trace("%s:%s", self->name, co->error == ECANCELED ? "cancelled" : "error");
    }
    return co_done(co);
}

static inline void take_with(struct taker *t, const char *name, double keeps)
{
    t->name = name;
    t->keeps = keeps;
    loop_create_task(&runner.loop, &t->task, co_init(&t->co, taker_body));
}

static inline void until_done(struct taker *t)
{
    EXPECT_INT(loop_run_until_complete(&runner.loop, &t->task), 0);
}

static inline void pass(void)
{
    loop_stop(&runner.loop);
    loop_run_forever(&runner.loop);
}

#endif
