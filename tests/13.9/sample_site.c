/* sample_site.c - finds the page in the table, or generates it, and counts requests. */
#include "sample_site.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sample_pages.h"
#include "text.h"

/* ---- which page -------------------------------------------------------------------- */

bool sample_site_page(int i, char target[SAMPLE_TARGET_MAX], int *status, bool *listed)
{
    int number = i - (int)sample_page_count;

    if (number >= SAMPLE_NUMBERED)
        return false;
    *status = number < 0 ? sample_pages[i].status : 200;
    *listed = number >= 0 || !sample_pages[i].unlisted;
    if (number >= 0)
        snprintf(target, SAMPLE_TARGET_MAX, "/p/%d.html", number);
    else
        snprintf(target, SAMPLE_TARGET_MAX, "%s", sample_pages[i].target);
    return true;
}

static int find(const char *target)
{
    char known[SAMPLE_TARGET_MAX];
    bool listed;
    int status;

    for (int i = 0; sample_site_page(i, known, &status, &listed); i++)
        if (strcmp(known, target) == 0)
            return i;
    return -1;
}

static void count_strange(struct sample_site *site, const char *target)
{
    int i = 0;

    while (i < site->strange_count && strcmp(site->strange[i].target, target) != 0)
        i++;
    if (i == SAMPLE_STRANGE_MAX)
        i--;
    if (i == site->strange_count) {
        snprintf(site->strange[i].target, SAMPLE_TARGET_MAX, "%s", target);
        site->strange_count++;
    }
    site->strange[i].count++;
}

/* ---- its contents ------------------------------------------------------------------ */

/* Adds `from` to `out`, with its marks replaced. */
static void add_expanded(struct text *out, const char *from, const char *base)
{
    for (; *from != '\0'; from++)
        if (*from == *SAMPLE_BASE)
            text_printf(out, "%s", base);
        else if (*from == *SAMPLE_PORT)
            text_printf(out, "%s", strrchr(base, ':'));
        else
            text_add(out, from, 1);
}

/* A tree, so that all pages are reached, with links back and across, so that there are
 * cycles. */
static void add_numbered(struct text *out, int number)
{
    const int links[] = { number * 2 + 1, number * 2 + 2, (number - 1) / 2,
                          (number * 7 + 3) % SAMPLE_NUMBERED };

    text_printf(out, "<!DOCTYPE html>\n<title>Page %d</title>\n<a href=\"/\">home</a>\n",
                number);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (links[i] < SAMPLE_NUMBERED)
            text_printf(out, "<a href=\"%d.html#from-%d\">page %d</a>\n", links[i],
                        number, links[i]);
}

static void add_special(struct text *out, const struct sample_page *page,
                        const char *base)
{
    static const char filler[] = "<p>Nothing but text, to make the page long.</p>\n";

    if (page->body == NULL)
        text_printf(out, "<!DOCTYPE html>\n<title>%s</title>\n<a href=\"/\">home</a>\n",
                    page->target);
    else
        add_expanded(out, page->body, base);
    for (size_t n = 0; n < page->fill; n += sizeof filler - 1)
        text_add(out, filler, sizeof filler - 1);
    if (page->tail != NULL)
        add_expanded(out, page->tail, base);
}

/* ---- answering --------------------------------------------------------------------- */

/* One block holds the body and, behind it, the Location with its NUL. */
static void release(struct http_reply *reply)
{
    free(reply->owned);
}

static void hand_over(struct http_reply *reply, struct text *text, const char *location,
                      const char *base)
{
    size_t body = text->n;

    if (location != NULL) {
        add_expanded(text, location, base);
        text_add(text, "", 1);
    }
    if (text->error != 0) {
        text_free(text);
        http_reply_status(reply, 503);
        return;
    }
    reply->owned = text->at; /* freed by release(), not by text_free() */
    reply->release = release;
    reply->body = text->at;
    reply->size = (off_t)body;
    reply->location = location != NULL ? text->at + body : NULL;
}

static void answer_special(struct sample_site *site, const struct sample_page *page,
                           struct http_reply *reply, unsigned count)
{
    struct text text = { 0 };

    if (page->busy && count == 1) {
        http_reply_status(reply, 503);
        reply->retry_after = 0;
        return;
    }
    add_special(&text, page, site->base);
    reply->status = page->status;
    reply->type = page->type != NULL ? page->type : "text/html";
    reply->delay = page->delay;
    if (page->chunked)
        reply->framing = HTTP_CHUNKED;
    if (page->close)
        reply->framing = HTTP_CLOSE;
    hand_over(reply, &text, page->location, site->base);
}

static void answer(struct http_server *server, const struct http_request *request,
                   struct http_reply *reply)
{
    struct sample_site *site = container_of(server, struct sample_site, http);
    struct span whole = request->path; /* the query follows it in the same bytes */
    char target[SAMPLE_TARGET_MAX];
    struct text text = { 0 };
    int page;

    if (request->query.n > 0)
        whole.n += 1 + request->query.n;
    snprintf(target, sizeof target, "%.*s", (int)whole.n, whole.at);
    page = find(target);
    if (page < 0) {
        count_strange(site, target);
        http_reply_status(reply, 404);
        return;
    }
    site->counts[page]++;
    if (page < (int)sample_page_count) {
        answer_special(site, &sample_pages[page], reply, site->counts[page]);
        return;
    }
    reply->type = "text/html";
    add_numbered(&text, page - (int)sample_page_count);
    hand_over(reply, &text, NULL, site->base);
}

int sample_site_start(struct sample_site *site, struct loop *loop)
{
    struct address address;
    char text[ADDRESS_TEXT_MAX];
    int err;

    *site = (struct sample_site){ .http.answer = answer };
    if (sample_page_count + SAMPLE_NUMBERED > SAMPLE_PAGES_MAX)
        return EOVERFLOW;
    address_from_text(&address, "127.0.0.1", 0);
    err = http_server_start(&site->http, loop, &address);
    if (err == 0)
        snprintf(site->base, sizeof site->base, "http://%s",
                 address_text(&site->http.server.address, text));
    return err;
}
