/*
 * site_fetch.h - shared by the checks of page_fetch.h: one frame, one connector.
 */
#ifndef SITE_FETCH_H
#define SITE_FETCH_H

#include "page_fetch.h"
#include "table_site.h"

static struct connector connector;
static struct fetch frame;
static struct fetch_settings settings;

static inline struct url url_of(const char *text)
{
    struct url url;

    EXPECT_INT(url_parse(&url, text, strlen(text), NULL), 0);
    return url;
}

static inline void start(const struct answer *rows)
{
    begin(rows);
    connector_init(&connector, &runner.loop, 0, 0);
    fetch_init(&frame);
    settings = (struct fetch_settings){
        .connector = &connector,
        .user_agent = "check",
        .patience = { .connect = 10, .head = 10, .idle = 10, .total = 100 },
    };
}

static inline void finish(void)
{
    fetch_free(&frame);
    connector_close(&connector);
    EXPECT_INT(connector.open, 0);
    EXPECT_INT(connector.lent, 0);
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
    struct coro *co = fetch(&frame, &settings, &url);

    frame.on_link = on_link;
    frame.on_data = on_data;
    return co;
}

/* Fetches the URL with links and data in the trace; returns the error. */
static inline int get(const char *text)
{
    return run(fetching(text));
}

#endif
