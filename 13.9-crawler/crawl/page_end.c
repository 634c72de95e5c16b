/* page_end.c - again later, or written down: the end of a page. */
#include <string.h>

#include "retry.h"
#include "worker.h"

static void copy_text(char to[URL_MAX + 1], struct span text)
{
    memcpy(to, text.at, text.n);
    to[text.n] = '\0';
}

/* Where the response redirects to, as far as that is a URL. */
static void copy_target(struct worker *self, char to[URL_MAX + 1])
{
    const char *text = self->fetch.location;

    if (url_parse(&self->crawl->target, text, strlen(text), &self->url) == 0)
        text = self->crawl->target.text;
    copy_text(to, (struct span){ text, strlen(text) });
}

/* RFC 9110 15: what is no status counts as a server's error. */
static int class_of(int status)
{
    return status < 600 ? status / 100 : 5;
}

/* `failed`: there is no whole answer; else `error`, if any, is what is wrong with it. */
static void write_down(struct worker *self, bool failed, const char *error)
{
    struct crawl *crawl = self->crawl;
    const struct fetch *fetch = &self->fetch;
    const struct page *page = &crawl->frontier.pages[self->page];
    char from[URL_MAX + 1], target[URL_MAX + 1];
    struct page_record record = {
        .url = self->url.text,
        .status = fetch->status,
        .depth = page->depth,
        .from = page->from != NO_PAGE ? from : NULL,
        .type = fetch->type[0] != '\0' ? fetch->type : NULL,
        .bytes = fetch->bytes,
        .title = fetch->title_n > 0 ? fetch->title : NULL,
        .title_n = fetch->title_n,
        .links = fetch->links_found,
        .attempts = page->attempts,
        .ms = (uint64_t)((loop_time(crawl->loop) - crawl->began) * 1e3) - page->began,
        .error = error,
        .encoding = fetch->content.coding[0] != '\0' ? fetch->content.coding : NULL,
        .charset = fetch->content.charset,
        .redirect = fetch_redirects(fetch) ? target : NULL,
    };

    if (record.from != NULL)
        copy_text(from, frontier_url(&crawl->frontier, page->from));
    if (record.redirect != NULL)
        copy_target(self, target);
    crawl->counts.pages++;
    crawl->counts.bytes += fetch->bytes;
    crawl->counts.status[failed ? 0 : class_of(fetch->status)]++;
    store_page(&crawl->store, &record);
    if (crawl->on_page != NULL)
        crawl->on_page(crawl, &record);
}

static bool may_retry(const struct worker *self, int err)
{
    const struct crawl *crawl = self->crawl;

    return crawl->store.error == 0 && !crawl->frontier.stopped &&
           crawl->frontier.pages[self->page].attempts <= crawl->options.retries &&
           retry_may_help(err, self->fetch.status);
}

bool page_settle(struct worker *self, int err)
{
    struct crawl *crawl = self->crawl;
    int attempts = crawl->frontier.pages[self->page].attempts;
    double delay = retry_delay(attempts, self->page, self->fetch.retry_after);
    enum reason fault = REASON_NONE;

    if (may_retry(self, err) && retry_later(&crawl->frontier, self->page, delay) == 0) {
        crawl->counts.retries++;
        return true;
    }
    fetch_keep(&self->fetch, err);
    if (err == 0 && self->fetch.content.why == NULL)
        fault = page_redirect_fault(self);
    if (fault != REASON_NONE)
        self->fetch.why = reason_text(fault);
    write_down(self, err != 0 || self->fetch.content.why != NULL, self->fetch.why);
    if (err == 0 && fault == REASON_NONE)
        page_follow(self);
    if (crawl->store.error != 0)
        crawl_stop(crawl, true);
    return false;
}

void page_give_up(struct worker *self, const char *why)
{
    fetch(&self->fetch, &self->crawl->settings, &self->url); /* an empty result */
    write_down(self, true, why);
}
