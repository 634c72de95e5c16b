/*
 * site_crawl.h - shared by the checks of a whole crawl: one crawl of the site, with the
 * pages of pages.jsonl in the trace.
 */
#ifndef SITE_CRAWL_H
#define SITE_CRAWL_H

#include "crawler.h"
#include "table_site.h"

static struct crawl crawl;
static struct crawl_options options;
static struct crawl_run crawl_frame;
static char out[96];

/* Adds a page to the trace: "/path:200", then "!" and the error, if any, then "->" and
 * the target of a redirect, then "@" and the seconds when site.tells is set. */
static inline void on_page(struct crawl *self, const struct page_record *record)
{
    char when[32] = "";

    if (site.tells)
        snprintf(when, sizeof when, "@%.2f", loop_time(self->loop) - self->began);
    trace("%s:%d%s%s%s%s%s",
          strncmp(record->url, "http://h/", 9) == 0 ? record->url + 8 : record->url,
          record->status, record->error != NULL ? "!" : "",
          record->error != NULL ? record->error : "",
          record->redirect != NULL ? "->" : "",
          record->redirect != NULL ? record->redirect : "", when);
}

/* Begins a case and sets the options, which the case may change before crawl_from(). */
static inline void start(const struct answer *rows)
{
    begin(rows);
    snprintf(out, sizeof out, "%s/out", site.folder);
    options = (struct crawl_options){
        .dir = out,
        .concurrency = 1,
        .per_host = 1,
        .timeout = 10,
        .retries = 3,
        .depth = -1,
        .user_agent = "check",
    };
}

static inline void open_crawl(const char *text)
{
    struct url url;

    EXPECT_INT(crawl_init(&crawl, &runner.loop, &options), 0);
    EXPECT_INT(url_parse(&url, text, strlen(text), NULL), 0);
    EXPECT_INT(crawl_start_at(&crawl, &url), 0);
    crawl.on_page = on_page;
}

static inline int crawl_from(const char *text)
{
    open_crawl(text);
    return run(crawl_run(&crawl_frame, &crawl));
}

/* Returns the contents of a file in the output folder, with a NUL behind. The caller
 * frees them. */
static inline char *load(const char *name, size_t *n)
{
    char path[128], *text = calloc(1, 1 << 20);
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", out, name);
    file = fopen(path, "r");
    *n = file != NULL ? fread(text, 1, (1 << 20) - 1, file) : 0;
    if (file != NULL)
        fclose(file);
    return text;
}

static inline void remove_output(void)
{
    static const char *const names[] = { "pages.jsonl", "crawl.warc" };
    char path[128];

    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", out, names[i]);
        unlink(path);
    }
    EXPECT_INT(rmdir(out), 0);
}

/* Closes the crawl. No connection, no timer, no task and no file may remain. */
static inline void finish(void)
{
    EXPECT_INT(crawl_close(&crawl), 0);
    EXPECT_INT(timers(), 0);
    remove_output();
    end();
}

/* Crawls from http://h/ and compares the trace of the pages with `pages`. */
static inline void expect_crawl(const char *pages)
{
    EXPECT_INT(crawl_from("http://h/"), 0);
    EXPECT_TRACE(pages);
    finish();
}

#endif
