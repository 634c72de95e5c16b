/* page_links.c - from a link's text to a page in the frontier, or not. */
#include <string.h>

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

    if (url_parse(&self->target, text.at, text.n, &self->base) != 0 ||
        frontier_host(f, &self->target) == NULL || !wanted(options, &self->target))
        return;
    page.from = self->page;
    if (frontier_add(f, &self->target, page) == ENOMEM)
        crawl_stop(self->crawl, false);
}

void page_on_link(struct fetch *fetch, enum link_kind kind, struct span value)
{
    struct worker *self = container_of(fetch, struct worker, fetch);
    const struct page *from = &self->crawl->frontier.pages[self->page];
    int limit = self->crawl->options.depth;

    if (kind == LINK_BASE) {
        if (url_parse(&self->target, value.at, value.n, &self->url) == 0)
            url_assign(&self->base, &self->target);
    } else if ((kind == LINK_A || kind == LINK_AREA) &&
               (limit < 0 || from->depth < limit) && from->depth < UINT16_MAX) {
        note(self, value, (struct page){ .depth = (uint16_t)(from->depth + 1) });
    }
}

void page_follow(struct worker *self)
{
    const struct page *page = &self->crawl->frontier.pages[self->page];
    const char *location = self->fetch.location;

    url_assign(&self->base, &self->url);
    if (fetch_redirects(&self->fetch) && page->redirects < REDIRECTS_MAX)
        note(self, (struct span){ location, strlen(location) },
             (struct page){ .depth = page->depth,
                            .redirects = (uint8_t)(page->redirects + 1) });
}
