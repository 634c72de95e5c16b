/* session.c - one fetch after the other, until a response does not redirect. Next:
 * robots_fetch.h. */
#include "session.h"

#include <errno.h>
#include <string.h>

#include "message.h"

static bool is_secret(const char *line)
{
    static const char *const names[] = { "authorization:", "proxy-authorization:",
                                         "cookie:" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (http_same_letters(line, names[i], strlen(names[i])))
            return true;
    return false;
}

/* Returns true for a field that the redirected request must not repeat. */
static bool is_stale(const struct session_request *self, const char *line)
{
    return http_same_letters(line, "if-", 3) ||
           (self->redirect.drops_body && http_same_letters(line, "content-", 8)) ||
           (self->redirect.crossed && is_secret(line));
}

static void drop_stale_fields(struct session_request *self)
{
    char *to = self->fields;

    for (const char *line = self->fields; *line != '\0';) {
        size_t n = strcspn(line, "\n");

        n += line[n] == '\n';
        if (!is_stale(self, line)) {
            memmove(to, line, n);
            to += n;
        }
        line += n;
    }
    *to = '\0';
    if (self->redirect.drops_body)
        self->body.n = 0;
}

static void pass_on(struct fetch *fetch, struct span data)
{
    struct session_request *self = fetch->arg;

    if (self->on_data != NULL && (self->redirect.most == 0 || !fetch_redirects(fetch)))
        self->on_data(self, data);
}

/* Prepares the next request. Returns 0, or the error that makes it impossible. */
static int prepare(struct session_request *self)
{
    struct fetch *fetch_frame = self->fetch;
    int err = self->error;

    fetch(fetch_frame, self->settings, &self->redirect.url);
    fetch_frame->on_data = pass_on;
    fetch_frame->arg = self;
    if (err == 0)
        err = fetch_with(fetch_frame, self->redirect.method, self->fields, self->body);
    if (err != 0)
        fetch_frame->why = fetch_why(fetch_frame, err);
    return err;
}

/* RFC 9111 4.3.4: a validator that the 304 does not repeat is still valid. */
static void keep_validators(struct validators *v, const struct validators *known)
{
    if (v->etag[0] == '\0')
        strcpy(v->etag, known->etag);
    if (v->modified[0] == '\0')
        strcpy(v->modified, known->modified);
}

static co_status session_request_coroutine(struct coro *co)
{
    struct session_request *self = co_self(co, struct session_request);
    enum reason reason;
    int err;

    ASYNC (co) {
        for (;;) {
            err = prepare(self);
            if (err != 0)
                return co_raise(co, err);
            AWAIT(&self->fetch->co);
            if (self->fetch->status == 304 && self->known != NULL)
                keep_validators(&self->fetch->validators, self->known);
            if (self->redirect.most == 0 || !fetch_redirects(self->fetch))
                return co_done(co);
            reason = reason_of_redirect(redirect_follow(
                &self->redirect, self->fetch->status, self->fetch->location));
            if (reason != REASON_NONE) {
                self->fetch->why = reason_text(reason);
                return co_raise(co, reason_error(reason));
            }
            drop_stale_fields(self);
            self->known = NULL;
        }
    }
    return co_done(co);
}

struct coro *session_request(struct session_request *self,
                             const struct fetch_settings *settings, struct fetch *fetch,
                             const char *method, const struct url *url,
                             const char *fields, struct span body, int redirects)
{
    size_t n = strlen(fields);

    self->settings = settings;
    self->fetch = fetch;
    self->body = body;
    self->on_data = NULL;
    self->known = NULL;
    self->error = n < sizeof self->fields ? 0 : ENAMETOOLONG;
    if (self->error != 0)
        n = 0;
    memcpy(self->fields, fields, n);
    self->fields[n] = '\0';
    redirect_init(&self->redirect, method, url, redirects);
    return co_init(&self->co, session_request_coroutine);
}

struct coro *session_get(struct session_request *self,
                         const struct fetch_settings *settings, struct fetch *fetch,
                         const struct url *url)
{
    return session_request(self, settings, fetch, "GET", url,
                           "Accept: */*\r\n" CONTENT_ACCEPT, (struct span){ "", 0 },
                           SESSION_REDIRECTS);
}

void session_if_changed(struct session_request *self, const struct validators *known)
{
    char conditions[FIELD_CONDITIONS_MAX];
    size_t n = strlen(self->fields), more;

    self->known = known;
    field_conditions(conditions, known);
    more = strlen(conditions);
    if (n + more < sizeof self->fields)
        memcpy(self->fields + n, conditions, more + 1);
    else
        self->error = ENAMETOOLONG;
}
