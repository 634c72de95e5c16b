/*
 * main.c - sections 13.9 to 13.12: a crawl of eight pages, and how it finds its end.
 *
 * Usage: build/13.9/main
 * New since section 13.8: the pages' links add work while the crawl runs. The crawler is
 * the same as in the tool (crawl.c), but it runs over a Unix socket and in virtual time.
 * Next: crawl.c, then build/crawl on a site of your own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crawler.h"
#include "demo_site.h"
#include "runner.h"

static struct demo_site site;
static bool chatty; /* print a line for each page */

/* Prints a bar from the first request to the record, one character per 0.05 s. */
static void print_bar(double from, double to)
{
    int first = (int)(from * 20 + 0.5), last = (int)(to * 20 + 0.5);

    printf("|%*s%.*s", first, "", last - first, "================================");
}

/* Prints a page's line. An unfinished page that is not queued is in progress, or waits
 * for its next attempt. */
static void on_page(struct crawl *crawl, const struct page_record *record)
{
    const struct frontier *f = &crawl->frontier;
    double now = loop_time(crawl->loop) - crawl->began;

    if (!chatty)
        return;
    printf("t=%.2f  %d %-3s ", now, record->status, strrchr(record->url, '/'));
    print_bar(now - (double)record->ms / 1e3, now);
    if (f->queued == 0 && f->unfinished > 1)
        printf("  the line is empty, %u not back yet", (unsigned)f->unfinished - 1);
    putchar('\n');
}

/* ---- one crawl with a number of workers ---- */

struct crawl_site { /* async def crawl_site(workers) */
    struct coro co;
    int workers;
    char dir[96];
    struct crawl crawl;
    struct crawl_run run;
    double seconds; /* the result: how long the crawl took */
};

/* Sets the host's address to the Unix socket, so no name is resolved. */
static void begin_at_home(struct crawl *crawl)
{
    static const char home[] = "http://demo/";
    struct endpoint *to;
    struct url url;

    url_parse(&url, home, sizeof home - 1, NULL);
    crawl_start_at(crawl, &url);
    to = connector_keep(&crawl->connector, &url);
    if (to == NULL)
        return;
    to->addresses.count = 1;
    to->addresses.address[0] = site.server.address;
}

static int begin(struct crawl_site *self)
{
    struct crawl_options options = {
        .dir = self->dir,
        .concurrency = self->workers,
        .per_host = self->workers,
        .timeout = 30,
        .retries = 3,
        .depth = -1,
        .user_agent = "workbook-crawl",
        .robots = true,
    };
    int err;

    snprintf(self->dir, sizeof self->dir, "%s/out", site.folder);
    err = crawl_init(&self->crawl, get_running_loop(), &options);
    self->crawl.on_page = on_page;
    begin_at_home(&self->crawl);
    site.refusals = 0;
    return err;
}

static void print_line_of(const char *dir, const char *path)
{
    char name[128], line[1024];
    FILE *file;

    snprintf(name, sizeof name, "%s/pages.jsonl", dir);
    file = fopen(name, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strstr(line, path) != NULL)
            fputs(line, stdout);
    if (file != NULL)
        fclose(file);
}

static void remove_output(const char *dir)
{
    static const char *const names[] = { "pages.jsonl", "crawl.warc" };
    char name[128];

    for (int i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "%s/%s", dir, names[i]);
        unlink(name);
    }
    rmdir(dir);
}

static co_status crawl_site_body(struct coro *co)
{
    struct crawl_site *self = co_self(co, struct crawl_site);
    int err;

    ASYNC (co) {
        err = begin(self);
        if (err != 0)
            return co_raise(co, err);
        AWAIT(crawl_run(&self->run, &self->crawl));
        self->seconds = loop_time(self->crawl.loop) - self->crawl.began;

    FINALLY:
        crawl_close(&self->crawl);
        if (chatty)
            print_line_of(self->dir, "\"url\":\"http://demo/e\"");
        remove_output(self->dir);
    }
    return co_done(co);
}

static struct coro *crawl_site(struct crawl_site *self, int workers)
{
    self->workers = workers;
    return co_init(&self->co, crawl_site_body);
}

/* ---- the program ---- */

struct program { /* async def program() */
    struct coro co;
    struct crawl_site crawl;
    struct server_wait_closed closed;
    int i;
};

static co_status program_body(struct coro *co)
{
    static const int workers[] = { 1, 2, 3, 8 };
    struct program *self = co_self(co, struct program);
    int err;

    ASYNC (co) {
        err = demo_site_start(&site, get_running_loop());
        if (err != 0)
            return co_raise(co, err);
        puts("-- eight pages, three workers");
        chatty = true;
        AWAIT(crawl_site(&self->crawl, 3));
        printf("%lu pages, %lu of them tried again, %lu forbidden\n",
               self->crawl.crawl.counts.pages, self->crawl.crawl.counts.retries,
               self->crawl.crawl.counts.forbidden);

        puts("-- more workers are not always faster");
        chatty = false;
        for (self->i = 0; self->i < 4; self->i++) {
            AWAIT(crawl_site(&self->crawl, workers[self->i]));
            printf("%d at a time: %.2f s\n", workers[self->i], self->crawl.seconds);
        }

    FINALLY:
        demo_site_stop(&site);
        AWAIT(server_wait_closed(&self->closed, &site.server));
    }
    return co_done(co);
}

int main(void)
{
    static struct program program;
    int err = async_run(co_init(&program.co, program_body));

    if (err != 0)
        fprintf(stderr, "13.9: %s\n", aio_strerror(err));
    return err != 0;
}
