/*
 * worker.c - the coroutine of a worker, the links of its page, and the record that ends a
 * page. Read worker_body() first. Next: crawler.h.
 */
#include "worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "redirect.h"
#include "retry.h"

static struct page *page_of(struct worker *self)
{
    return &self->crawl->frontier.pages[self->page];
}

static struct host *host_of(struct worker *self)
{
    return page_of(self)->host;
}

/* ---- the links of a page ---- */

static bool matches_any(const regex_t *list, int n, const char *text)
{
    for (int i = 0; i < n; i++)
        if (regexec(&list[i], text, 0, NULL, 0) == 0)
            return true;
    return false;
}

/* Returns true when the URL, without its fragment, passes --include and --exclude. */
static bool wanted(const struct crawl_options *options, struct url *url)
{
    struct span page = url_page(url);
    char *end = url->text + page.n, cut = *end;
    bool is_wanted;

    *end = '\0';
    is_wanted = (options->includes == 0 ||
                 matches_any(options->include, options->includes, url->text)) &&
                !matches_any(options->exclude, options->excludes, url->text);
    *end = cut;
    return is_wanted;
}

/* Adds a URL that the current page links to, if it is within the crawl. */
static void add_link(struct worker *self, struct span text, struct page page)
{
    const struct crawl_options *options = &self->crawl->options;
    struct frontier *f = &self->crawl->frontier;

    if (url_parse(&self->crawl->target, text.at, text.n, self->base) != 0 ||
        frontier_host(f, &self->crawl->target) == NULL ||
        !wanted(options, &self->crawl->target))
        return;
    page.from = self->page;
    if (frontier_add(f, &self->crawl->target, page) == ENOMEM)
        crawl_stop(self->crawl, false);
}

/* Returns true when the current page had this link a short while ago, fragments apart.
 * Most pages repeat their links, and this check is cheaper than parsing the URL again. */
static bool is_repeated(struct worker *self, struct span text)
{
    const char *hash = memchr(text.at, '#', text.n);
    size_t n = hash != NULL ? (size_t)(hash - text.at) : text.n;
    uint64_t key = frontier_fingerprint(self->crawl->frontier.seed, text.at, n);
    uint64_t *place = &self->recent[key % WORKER_RECENT];

    if (*place == key)
        return true;
    *place = key;
    return false;
}

/* fetch.on_link of a worker: puts the links of its page into the frontier. */
static void on_link(struct fetch *fetch, enum link_kind kind, struct span value)
{
    struct worker *self = container_of(fetch, struct worker, fetch);
    const struct page *from = &self->crawl->frontier.pages[self->page];
    int limit = self->crawl->options.depth;

    if (kind == LINK_BASE) {
        if (url_parse(&self->other_base, value.at, value.n, &self->url) == 0)
            self->base = &self->other_base;
        memset(self->recent, 0,
               sizeof self->recent); /* the same text is another URL now */
    } else if ((kind == LINK_A || kind == LINK_AREA) &&
               (limit < 0 || from->depth < limit) && from->depth < UINT16_MAX &&
               !is_repeated(self, value)) {
        add_link(self, value, (struct page){ .depth = (uint16_t)(from->depth + 1) });
    }
}

/* Tells the redirect engine which pages led here: each redirect is a page of its own, so
 * the chain is kept in the frontier. */
static void trace_redirects(struct worker *self, struct redirect *redirect)
{
    const struct frontier *f = &self->crawl->frontier;

    redirect_init(redirect, "GET", &self->url, REDIRECTS_MAX);
    redirect->once = true;
    for (uint32_t page = self->page; f->pages[page].redirects > 0;) {
        page = f->pages[page].from;
        redirect_came_from(redirect, frontier_url(f, page));
    }
}

/* Returns why the redirect of the current page is not followed if the redirect itself is
 * at fault, or REASON_NONE. */
static enum reason page_redirect_fault(struct worker *self)
{
    struct redirect redirect;

    if (!redirect_status(self->fetch.status))
        return REASON_NONE;
    trace_redirects(self, &redirect);
    return reason_of_redirect(
        redirect_follow(&redirect, self->fetch.status, self->fetch.location));
}

/* Puts the target of the current page into the frontier if the page redirects. */
static void page_follow(struct worker *self)
{
    const struct page *page = &self->crawl->frontier.pages[self->page];
    const char *location = self->fetch.location;

    self->base = &self->url;
    if (fetch_redirects(&self->fetch) && page->redirects < REDIRECTS_MAX)
        add_link(self, (struct span){ location, strlen(location) },
                 (struct page){ .depth = page->depth,
                                .redirects = (uint8_t)(page->redirects + 1) });
}

/* ---- the end of a page ---- */

static void copy_text(char to[URL_MAX + 1], struct span text)
{
    memcpy(to, text.at, text.n);
    to[text.n] = '\0';
}

/* Copies the redirect's target: as an absolute URL, or unchanged if it cannot be
 * parsed. */
static void copy_target(struct worker *self, char to[URL_MAX + 1])
{
    const char *text = self->fetch.location;

    if (url_parse(&self->crawl->target, text, strlen(text), &self->url) == 0)
        text = self->crawl->target.text;
    copy_text(to, (struct span){ text, strlen(text) });
}

/* RFC 9110 15: a status outside of 100 to 599 counts as a server error. */
static int class_of(int status)
{
    return status < 600 ? status / 100 : 5;
}

/* Writes the page's record. `failed` means that there is no complete response. `error` is
 * the text of what went wrong, or NULL. */
static void write_record(struct worker *self, bool failed, const char *error)
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

static bool may_retry(const struct worker *self)
{
    const struct crawl *crawl = self->crawl;

    return crawl->store.error == 0 && !crawl->frontier.stopped &&
           crawl->frontier.pages[self->page].attempts <= crawl->options.retries;
}

/* Schedules another attempt if one is left and can help. Returns false if not. */
static bool retry_later(struct worker *self, int err)
{
    struct frontier *f = &self->crawl->frontier;
    double asked = self->fetch.retry_after, delay;

    if (!may_retry(self))
        return false;
    delay = retry_decide(f->pages[self->page].attempts, err, self->fetch.status, asked);
    if (delay < 0)
        return false;
    if (asked < 0) /* a Retry-After is obeyed exactly */
        delay = retry_spread(delay, self->page);
    return frontier_retry_later(f, self->page, delay) == 0;
}

/* Ends an attempt at the current page that ended with `err`. Returns true when the page
 * is tried again later, and is no longer the worker's. Otherwise writes its record. */
static bool end_attempt(struct worker *self, int err)
{
    struct crawl *crawl = self->crawl;
    enum reason fault = REASON_NONE;

    if (retry_later(self, err)) {
        crawl->counts.retries++;
        return true;
    }
    fetch_keep(&self->fetch, err);
    if (err == 0 && self->fetch.content.why == NULL)
        fault = page_redirect_fault(self);
    if (fault != REASON_NONE)
        self->fetch.why = reason_text(fault);
    write_record(self, err != 0 || self->fetch.content.why != NULL, self->fetch.why);
    if (err == 0 && fault == REASON_NONE)
        page_follow(self);
    if (crawl->store.error != 0)
        crawl_stop(crawl, true);
    return false;
}

/* Writes the record of a page that was not requested, for the reason `why`. */
static void give_up(struct worker *self, const char *why)
{
    fetch(&self->fetch, &self->crawl->settings, &self->url); /* an empty result */
    write_record(self, true, why);
}

/* ---- the worker ---- */

/* Parses the URL of the current page, and notes the time of its first request. */
static void begin_page(struct worker *self)
{
    struct crawl *crawl = self->crawl;
    struct span text = frontier_url(&crawl->frontier, self->page);

    url_parse(&self->url, text.at, text.n, NULL);
    self->base = &self->url;
    if (page_of(self)->attempts == 0)
        page_of(self)->began = (uint32_t)((loop_time(crawl->loop) - crawl->began) * 1e3);
}

/* Returns true when robots.txt forbids the page or is unreachable, which forbids all
 * pages. In the second case the page's record is written. */
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
    give_up(self, host->robots_why);
    return true;
}

static struct coro *fetch_page(struct worker *self)
{
    struct crawl *crawl = self->crawl;
    struct coro *co = fetch(&self->fetch, &crawl->settings, &self->url);

    self->fetch.on_link = on_link;
    memset(self->recent, 0, sizeof self->recent);
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
                    AWAIT(robots_fetch(&self->robots, host_of(self), &self->fetch,
                                       &self->settings, crawl->options.retries));
                host_of(self)->robots_state = ROBOTS_KNOWN;
                frontier_refresh(host_of(self));
            }
            begin_page(self);
            if (!forbidden(self)) {
                AWAIT_CATCH(err, fetch_page(self));
                crawl->counts.in_flight--;
                if (end_attempt(self, err))
                    continue;
            }
            frontier_done(&crawl->frontier, self->page);
        }

    FINALLY:
        if (co->error != 0) /* otherwise the other workers wait for this page for ever */
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
