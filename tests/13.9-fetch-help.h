/*
 * 13.9-fetch-help.h - what the checks of fetch.h share: one frame, one pool, one host.
 */
#ifndef FETCH_HELP_H
#define FETCH_HELP_H

#include "13.9-site.h"
#include "fetch.h"

static struct pool pool;
static struct fetch frame;
static struct fetch_settings settings;

static inline struct url url_of(const char *text)
{
    struct url url;

    EXPECT_INT(url_parse(&url, text, strlen(text), NULL), 0);
    return url;
}

static inline void start_at(const char *text, const struct answer *rows)
{
    struct url url = url_of(text);

    begin(rows);
    pool_init(&pool, &runner.loop, &url);
    fetch_init(&frame);
    settings = (struct fetch_settings){ .user_agent = "check", .timeout = 10 };
}

static inline void start(const struct answer *rows)
{
    start_at("http://h/", rows);
}

static inline void finish(void)
{
    fetch_free(&frame);
    pool_close(&pool);
    EXPECT_INT(pool.open, 0);
    EXPECT_INT(timers(), 0);
    end();
}

static inline void on_link(struct fetch *self, enum link_kind kind, struct span value)
{
    (void)self;
    trace("%c:%.*s", "abct"[kind < 4 ? kind : 3], (int)value.n, value.at);
}

static inline void on_data(struct fetch *self, struct span data)
{
    (void)self;
    if (data.n > 0)
        trace("%.*s", (int)data.n, data.at);
}

static inline struct coro *fetching(const char *text)
{
    struct url url = url_of(text);
    struct coro *co = fetch(&frame, &settings, &pool, &url);

    frame.on_link = on_link;
    frame.on_data = on_data;
    return co;
}

/* Fetches it with links and data in the trace; the error. */
static inline int get(const char *text)
{
    return run(fetching(text));
}

#endif
