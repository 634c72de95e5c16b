/* page_links.c - from a link's text to a page in the frontier, or not. */
#include <errno.h>
#include <string.h>

#include "redirect.h"
#include "seen.h"
#include "worker.h"

static bool matches_any(const regex_t *list, int n, const char *text)
{
    for (int i = 0; i < n; i++)
        if (regexec(&list[i], text, 0, NULL, 0) == 0)
            return true;
    return false;
}

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

/* Note a URL that the page in hand names, if it is within the crawl. */
static void note(struct worker *self, struct span text, struct page page)
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

/* A page names the same page again and again: look no further when it has just done so. A
 * fragment makes no difference. */
static bool named_before(struct worker *self, struct span text)
{
    const char *hash = memchr(text.at, '#', text.n);
    size_t n = hash != NULL ? (size_t)(hash - text.at) : text.n;
    uint64_t key = seen_fingerprint(self->crawl->frontier.seed, text.at, n);
    uint64_t *place = &self->named[key % WORKER_NAMED];

    if (*place == key)
        return true;
    *place = key;
    return false;
}

void page_on_link(struct fetch *fetch, enum link_kind kind, struct span value)
{
    struct worker *self = container_of(fetch, struct worker, fetch);
    const struct page *from = &self->crawl->frontier.pages[self->page];
    int limit = self->crawl->options.depth;

    if (kind == LINK_BASE) {
        if (url_parse(&self->other_base, value.at, value.n, &self->url) == 0)
            self->base = &self->other_base;
        memset(self->named, 0, sizeof self->named); /* names mean something else */
    } else if ((kind == LINK_A || kind == LINK_AREA) &&
               (limit < 0 || from->depth < limit) && from->depth < UINT16_MAX &&
               !named_before(self, value)) {
        note(self, value, (struct page){ .depth = (uint16_t)(from->depth + 1) });
    }
}

/* Is it where the page in hand was redirected from, or the page itself? */
static bool was_here(const struct frontier *f, uint32_t page, struct span target)
{
    for (;; page = f->pages[page].from) {
        struct span text = frontier_url(f, page);

        if (text.n == target.n && memcmp(text.at, target.at, text.n) == 0)
            return true;
        if (f->pages[page].redirects == 0)
            return false;
    }
}

/* Control bytes, of a folded field for instance, are nothing that a URL has. */
static bool is_clean(const char *location)
{
    const char *c = location;

    while ((unsigned char)*c >= ' ' && *c != 0x7f)
        c++;
    return c > location && *c == '\0';
}

enum reason page_redirect_fault(struct worker *self)
{
    const struct frontier *f = &self->crawl->frontier;
    const char *location = self->fetch.location;
    int err;

    if (!redirect_status(self->fetch.status))
        return REASON_NONE;
    if (!is_clean(location))
        return REASON_BAD_REDIRECT;
    err = url_parse(&self->crawl->target, location, strlen(location), &self->url);
    if (err != 0)
        return err == EPROTONOSUPPORT ? REASON_OTHER_SCHEME : REASON_BAD_REDIRECT;
    if (was_here(f, self->page, url_page(&self->crawl->target)))
        return REASON_REDIRECT_LOOP;
    return f->pages[self->page].redirects < REDIRECTS_MAX ? REASON_NONE
                                                          : REASON_TOO_MANY_REDIRECTS;
}

void page_follow(struct worker *self)
{
    const struct page *page = &self->crawl->frontier.pages[self->page];
    const char *location = self->fetch.location;

    self->base = &self->url;
    if (fetch_redirects(&self->fetch) && page->redirects < REDIRECTS_MAX)
        note(self, (struct span){ location, strlen(location) },
             (struct page){ .depth = page->depth,
                            .redirects = (uint8_t)(page->redirects + 1) });
}
