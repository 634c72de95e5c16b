/* page_fetch.c - one request and its response, up to the store. Read fetch_coroutine()
 * first. Next: session.c. */
#include "page_fetch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "redirect.h"

static void on_found(void *arg, enum link_kind kind, const char *value, size_t n)
{
    struct fetch *self = arg;

    if (kind == LINK_TITLE) {
        memcpy(self->title, value, n);
        self->title_n = n;
    } else {
        self->links_found += kind == LINK_A || kind == LINK_AREA;
        self->on_link(self, kind, (struct span){ value, n });
    }
}

static uint64_t body_max(const struct fetch *self)
{
    return self->settings->body_max > 0 ? self->settings->body_max : FETCH_BODY_MAX;
}

/* Handles a piece of the decoded body. */
static void on_content(void *arg, const char *bytes, size_t n)
{
    struct fetch *self = arg;

    if (self->is_html)
        links_feed(&self->links, bytes, n);
    if (self->on_data != NULL)
        self->on_data(self, (struct span){ bytes, n });
}

/* Copies the needed fields of the head, which is in the stream's buffer only until the
 * next read, and archives its bytes. */
static int take_head(struct fetch *self)
{
    const struct http_head *head = &self->perform.exchange.head;
    int err;

    self->status = head->status;
    self->has_response = true;
    field_media_type(self->type, sizeof self->type, http_field(head, "content-type"));
    field_copy(self->location, sizeof self->location, http_field(head, "location"));
    field_validators(&self->validators, head);
    self->retry_after = field_retry_hold(head);
    self->is_html = self->on_link != NULL && head->status == 200 &&
                    (strcmp(self->type, "text/html") == 0 ||
                     strcmp(self->type, "application/xhtml+xml") == 0);
    if (self->is_html)
        links_init(&self->links, on_found, self);
    err = content_begin(&self->content, head, self->is_html, body_max(self),
                        self->is_html || self->on_data != NULL ? on_content : NULL, self);
    if (err != 0 || self->settings->store == NULL)
        return err;
    warc_begin(self->settings->store, &self->response);
    return warc_add(self->settings->store, &self->response,
                    self->perform.exchange.bytes.at, self->perform.exchange.bytes.n);
}

static int take_piece(struct fetch *self)
{
    struct span bytes = self->perform.read.bytes, data = self->perform.read.data;
    struct store *store = self->settings->store;

    self->bytes += data.n;
    content_feed(&self->content, data.at, data.n);
    if (store == NULL)
        return 0;
    warc_payload(&self->response, data.at, data.n);
    return warc_add(store, &self->response, bytes.at, bytes.n);
}

/* ---- the five calls of an exchange ---- */

static struct fetch *fetch_of(struct http_perform *perform)
{
    return container_of(perform, struct fetch, perform);
}

static void on_open(struct connector_get *get)
{
    http_clocks_enter(&container_of(get, struct fetch, get)->perform.clocks,
                      HTTP_PHASE_CONNECT);
}

/* While the request waits for a place at its host, only the total clock runs. The
 * connect clock starts when a connection is about to be opened. */
static struct coro *get_connection(struct http_perform *perform)
{
    struct fetch *self = fetch_of(perform);
    struct coro *co =
        connector_get(&self->get, self->settings->connector, &self->url, perform->again);

    http_clocks_enter(&perform->clocks, HTTP_PHASE_PAUSED);
    self->get.on_open = on_open;
    return co;
}

static void got_connection(struct http_perform *perform)
{
    struct connection *connection = fetch_of(perform)->get.connection;

    perform->stream = &connection->stream;
    perform->reused = connection->exchanges > 0;
}

static void give_back(struct fetch *self, bool reusable)
{
    connector_put(self->settings->connector, self->get.connection, reusable);
    self->get.connection = NULL;
}

static void discard(struct http_perform *perform)
{
    struct fetch *self = fetch_of(perform);

    give_back(self, false);
    self->settings->connector->stale++;
}

static int on_head(struct http_perform *perform)
{
    return take_head(fetch_of(perform));
}

static int on_piece(struct http_perform *perform)
{
    struct fetch *self = fetch_of(perform);
    int err = take_piece(self);

    perform->enough = self->bytes >= body_max(self);
    return err;
}

static struct coro *exchange(struct fetch *self)
{
    static const struct http_perform_calls calls = { get_connection, got_connection,
                                                     discard, on_head, on_piece };

    return http_perform(&self->perform, &calls, &self->settings->patience);
}

/* Handles the end of the body, or of the part that is read. */
static void end_body(struct fetch *self)
{
    bool whole = self->perform.read.last;

    self->truncated = whole ? NULL : "length";
    content_end(&self->content, whole);
    if (self->is_html)
        links_end(&self->links);
}

/* ---- the fetch ---- */

static const char *cut_short(int err)
{
    if (err == 0)
        return NULL;
    return err == ETIMEDOUT || err == ECANCELED ? "time" : "disconnect";
}

int fetch_keep(struct fetch *self, int err)
{
    struct exchange x = {
        .url = self->url.text,
        .request = self->perform.request,
        .request_n = self->perform.request_n,
        .response = &self->response,
        .truncated = self->truncated != NULL ? self->truncated : cut_short(err),
    };

    if (self->settings->store == NULL || !self->has_response)
        return 0;
    return store_exchange(self->settings->store, &x);
}

static co_status fetch_coroutine(struct coro *co)
{
    struct fetch *self = co_self(co, struct fetch);
    int err;

    ASYNC (co) {
        err = ENAMETOOLONG;
        if (self->perform.request_n > 0)
            AWAIT_CATCH(err, exchange(self));
        if (err == 0)
            end_body(self);
        if (self->get.connection != NULL)
            err = connection_error(self->get.connection, err);
        self->why = fetch_why(self, err);
        give_back(self, err == 0 && http_reusable(&self->perform.exchange));
        return co_raise(co, err);

    FINALLY:
        give_back(self, false);
    }
    return co_done(co);
}

struct coro *fetch(struct fetch *self, const struct fetch_settings *settings,
                   const struct url *url)
{
    struct span page = url_page(url);

    self->settings = settings;
    url_assign(&self->url, url);
    self->url.text[page.n] = '\0'; /* without its fragment */
    self->on_link = NULL;
    self->on_data = NULL;
    self->get.connection = NULL;
    self->perform.exchange.why = NULL;
    self->perform.clocks.expired = HTTP_NO_CLOCK;
    warc_free(&self->response);
    self->is_html = self->has_response = false;
    self->status = 0;
    self->bytes = 0;
    self->type[0] = self->location[0] = '\0';
    self->validators.etag[0] = self->validators.modified[0] = '\0';
    content_clear(&self->content);
    self->title_n = 0;
    self->links_found = 0;
    self->retry_after = -1;
    self->truncated = self->why = NULL;
    self->perform.method = "GET";
    self->perform.idempotent = true;
    self->perform.request = self->head;
    self->perform.request_n =
        http_request_head(self->head, sizeof self->head, self->perform.method, url,
                          settings->user_agent, "Accept: */*\r\n" CONTENT_ACCEPT);
    return co_init(&self->co, fetch_coroutine);
}

void fetch_init(struct fetch *self)
{
    self->response = (struct warc_message){ .date = 0 };
    self->own = NULL;
    content_init(&self->content);
}

void fetch_free(struct fetch *self)
{
    warc_free(&self->response);
    free(self->own);
    self->own = NULL;
    content_free(&self->content);
}

bool fetch_redirects(const struct fetch *self)
{
    return redirect_status(self->status) && self->location[0] != '\0';
}

/* ---- other requests than the crawl makes ---- */

/* Checks that the text is field lines (RFC 9110 5): "name: value" CR LF, repeated,
 * without a byte that could begin another line. */
static bool are_fields(const char *text)
{
    while (*text != '\0') {
        size_t name = strcspn(text, ":\n"), value = name;

        if (text[name] != ':' || !http_is_token((struct span){ text, name }))
            return false;
        while (text[value] == '\t' ||
               ((unsigned char)text[value] >= ' ' && text[value] != 0x7f))
            value++;
        if (text[value] != '\r' || text[value + 1] != '\n')
            return false;
        text += value + 2;
    }
    return true;
}

static bool is_one_of(const char *method, const char *const *methods)
{
    while (*methods != NULL && strcmp(method, *methods) != 0)
        methods++;
    return *methods != NULL;
}

/* RFC 9110 8.6: a method that expects a body gets a Content-Length, even a length of
 * 0. */
static bool sends_length(const char *method, struct span body)
{
    static const char *const with_body[] = { "POST", "PUT", "PATCH", NULL };

    return body.n > 0 || is_one_of(method, with_body);
}

int fetch_with(struct fetch *self, const char *method, const char *fields,
               struct span body)
{
    static const char *const idempotent[] = { "GET",     "HEAD",  "PUT", "DELETE",
                                              "OPTIONS", "TRACE", NULL };
    size_t room = strlen(method) + strlen(fields) + strlen(self->settings->user_agent) +
                  self->url.end + 128;
    char length[48] = "";
    size_t n;

    if (!http_is_token((struct span){ method, strlen(method) }) || !are_fields(fields))
        return EINVAL;
    free(self->own);
    self->own = malloc(room + body.n);
    if (self->own == NULL)
        return ENOMEM;
    if (sends_length(method, body))
        snprintf(length, sizeof length, "Content-Length: %zu\r\n", body.n);
    n = http_request_head(self->own, room, method, &self->url, self->settings->user_agent,
                          length);
    if (n == 0)
        return ENAMETOOLONG;
    n -= 2; /* the extra fields go before the empty line */
    n += (size_t)snprintf(self->own + n, room - n, "%s\r\n", fields);
    if (body.n > 0)
        memcpy(self->own + n, body.at, body.n);
    self->perform.method = method;
    self->perform.request = self->own;
    self->perform.request_n = n + body.n;
    self->perform.idempotent = is_one_of(method, idempotent);
    return 0;
}

const char *fetch_why(struct fetch *self, int err)
{
    if (err == ETIMEDOUT && self->perform.clocks.expired != HTTP_NO_CLOCK)
        return http_clocks_reason(&self->perform.clocks, self->why_text);
    if (err == EACCES && self->get.open.why[0] != '\0')
        return strcpy(self->why_text, self->get.open.why);
    if (err == AIO_BAD_MESSAGE && self->perform.exchange.why != NULL)
        return self->perform.exchange.why;
    if (err == 0 && self->content.why != NULL)
        return self->content.why;
    if (err == 0 && self->truncated != NULL)
        return reason_text(REASON_TOO_LARGE);
    return reason_in_words(err, self->why_text);
}
