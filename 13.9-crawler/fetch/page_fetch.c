/* page_fetch.c - from a URL to a stored page. Read once_body() first. Next: session.c. */
#include "page_fetch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message_role.h"
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

/* Copies what the head says, which stands in the stream's buffer, and archives its
 * bytes. */
static int take_head(struct fetch *self)
{
    const struct http_head *head = &self->exchange.head;
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
    return warc_add(self->settings->store, &self->response, self->exchange.bytes.at,
                    self->exchange.bytes.n);
}

static int take_piece(struct fetch *self)
{
    struct span bytes = self->read.bytes, data = self->read.data;
    struct store *store = self->settings->store;

    self->bytes += data.n;
    content_feed(&self->content, data.at, data.n);
    if (store == NULL)
        return 0;
    warc_payload(&self->response, data.at, data.n);
    return warc_add(store, &self->response, bytes.at, bytes.n);
}

static void on_open(struct connector_get *get)
{
    http_clocks_enter(&container_of(get, struct fetch, get)->clocks, HTTP_PHASE_CONNECT);
}

/* The time that we wait for a place at the connector does not count as the server's. */
static struct coro *get_connection(struct fetch *self)
{
    struct coro *co =
        connector_get(&self->get, self->settings->connector, &self->url, self->again);

    http_clocks_enter(&self->clocks, HTTP_PHASE_PAUSED);
    self->get.on_open = on_open;
    return co;
}

/* The server may have closed an idle connection at the moment we used it. Then not a
 * byte came back, and repeating the request on a new connection is safe (RFC 9110
 * 9.2.2). */
static bool went_stale(const struct fetch *self, int err)
{
    const struct connection *connection = self->get.connection;

    return err == ECONNRESET && self->repeatable && connection->exchanges > 0 &&
           stream_available(&connection->stream) == 0;
}

static void give_back(struct fetch *self, bool reusable)
{
    connector_put(self->settings->connector, self->get.connection, reusable);
    self->get.connection = NULL;
}

static co_status once_body(struct coro *co)
{
    struct fetch *self = container_of(co, struct fetch, once);
    int err;

    ASYNC (co) {
        do {
            AWAIT(get_connection(self));
            http_clocks_enter(&self->clocks, HTTP_PHASE_HEAD);
            self->again = false;
            AWAIT_CATCH(err, http_request(&self->exchange, &self->get.connection->stream,
                                          self->method, self->request, self->request_n));
            if (went_stale(self, err)) {
                give_back(self, false);
                self->settings->connector->stale++;
                self->again = true;
            }
        } while (self->again);
        if (err == 0)
            err = take_head(self);
        if (err != 0)
            return co_raise(co, err);
        http_clocks_enter(&self->clocks, HTTP_PHASE_BODY);
        do {
            AWAIT(http_read(&self->read, &self->exchange));
            http_clocks_got(&self->clocks, self->read.bytes.n);
            err = take_piece(self);
            if (err != 0)
                return co_raise(co, err);
        } while (!self->read.last && self->bytes < body_max(self));
        self->truncated = self->read.last ? NULL : "length";
        content_end(&self->content, self->read.last);
        if (self->is_html)
            links_end(&self->links);
    }
    return co_done(co);
}

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
        .request = self->request,
        .request_n = self->request_n,
        .response = &self->response,
        .truncated = self->truncated != NULL ? self->truncated : cut_short(err),
    };

    if (self->settings->store == NULL || !self->has_response)
        return 0;
    return store_exchange(self->settings->store, &x);
}

static co_status fetch_body(struct coro *co)
{
    struct fetch *self = co_self(co, struct fetch);
    int err;

    ASYNC (co) {
        err = ENAMETOOLONG;
        if (self->request_n > 0)
            AWAIT_CATCH(err, http_clocks(&self->clocks, &self->settings->patience,
                                         co_init(&self->once, once_body)));
        if (self->get.connection != NULL)
            err = connection_error(self->get.connection, err);
        self->why = fetch_why(self, err);
        give_back(self, err == 0 && http_reusable(&self->exchange));
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
    self->exchange.why = NULL;
    self->clocks.expired = HTTP_NO_CLOCK;
    warc_free(&self->response);
    self->again = self->is_html = self->has_response = false;
    self->status = 0;
    self->bytes = 0;
    self->type[0] = self->location[0] = '\0';
    self->validators.etag[0] = self->validators.modified[0] = '\0';
    content_clear(&self->content);
    self->title_n = 0;
    self->links_found = 0;
    self->retry_after = -1;
    self->truncated = self->why = NULL;
    self->method = "GET";
    self->repeatable = true;
    self->request = self->head;
    self->request_n =
        http_request_head(self->head, sizeof self->head, self->method, url,
                          settings->user_agent, "Accept: */*\r\n" CONTENT_ACCEPT);
    return co_init(&self->co, fetch_body);
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

static bool is_token(const char *at, size_t n)
{
    return n > 0 && http_skip(at, at + n, HTTP_TOKEN) == at + n;
}

/* Checks that the text is field lines (RFC 9110 5): "name: value" CR LF, repeated,
 * without a byte that could begin another line. */
static bool are_fields(const char *text)
{
    while (*text != '\0') {
        size_t name = strcspn(text, ":\n"), value = name;

        if (text[name] != ':' || !is_token(text, name))
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

    if (!is_token(method, strlen(method)) || !are_fields(fields))
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
    self->method = method;
    self->request = self->own;
    self->request_n = n + body.n;
    self->repeatable = is_one_of(method, idempotent);
    return 0;
}

const char *fetch_why(struct fetch *self, int err)
{
    if (err == ETIMEDOUT && self->clocks.expired != HTTP_NO_CLOCK)
        return http_clocks_reason(&self->clocks, self->why_text);
    if (err == EACCES && self->get.open.why[0] != '\0')
        return strcpy(self->why_text, self->get.open.why);
    if (err == AIO_BAD_MESSAGE && self->exchange.why != NULL)
        return self->exchange.why;
    if (err == 0 && self->content.why != NULL)
        return self->content.why;
    if (err == 0 && self->truncated != NULL)
        return reason_text(REASON_TOO_LARGE);
    return reason_in_words(err, self->why_text);
}
