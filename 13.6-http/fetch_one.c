/*
 * fetch_one.c - one URL of build/fetch: find the host, connect, ask, and write what
 * comes. Read once_body() first. Next: fetch.c.
 */
#include "fetch_one.h"

#include <errno.h>
#include <string.h>

/* A head, line by line, each behind `mark`. */
static void print_head(FILE *to, const char *mark, const char *text, size_t n)
{
    const char *end = text + n, *lf;

    while (text < end && (lf = memchr(text, '\n', (size_t)(end - text))) != NULL) {
        fputs(mark, to);
        print_safe(to, text, (size_t)(lf - text) - (lf > text && lf[-1] == '\r'));
        putc('\n', to);
        text = lf + 1;
    }
}

static void print_request(struct fetch *self)
{
    const struct address *peer = &self->host.address[self->open.i];
    char text[ADDRESS_TEXT_MAX];

    if (!self->options->verbose)
        return;
    fprintf(stderr, "* %s %s\n", self->kept ? "kept the connection to" : "connected to",
            address_text(peer, text));
    print_head(stderr, "> ", self->request, self->request_n);
}

/* 0 or an errno value; the same for a file that is full. */
static int write_out(struct fetch *self, const char *text, size_t n)
{
    if (self->out == NULL)
        self->out =
            self->options->output != NULL ? fopen(self->options->output, "wb") : stdout;
    self->file_error = self->out == NULL || (n > 0 && fwrite(text, 1, n, self->out) < n);
    self->bytes += n;
    return self->file_error ? errno : 0;
}

/* What there is to write of the head. */
static int head_arrived(struct fetch *self)
{
    struct span head = self->exchange.bytes;

    if (self->options->verbose)
        print_head(stderr, "< ", head.at, head.n);
    if (write_out(self, "", 0) != 0)
        return errno;
    if (self->options->head)
        print_head(self->out, "", head.at, head.n);
    return 0;
}

/* Begin with the head. */
static struct coro *request(struct fetch *self)
{
    print_request(self);
    http_clocks_enter(&self->clocks, HTTP_PHASE_HEAD);
    self->asked = self->clocks.since;
    return http_request(&self->exchange, &self->stream,
                        self->options->head ? "HEAD" : "GET", self->request,
                        self->request_n);
}

/* The server may have closed a kept connection just now: then nothing came back. */
static bool went_stale(struct fetch *self, int err)
{
    if (err != ECONNRESET || !self->kept)
        return false;
    stream_close(&self->stream);
    self->kept = false;
    return true;
}

static co_status once_body(struct coro *co)
{
    struct fetch *self = container_of(co, struct fetch, once);
    int err;

    ASYNC (co) {
        do {
            if (!self->kept) {
                http_clocks_enter(&self->clocks, HTTP_PHASE_NAME);
                AWAIT(async_resolve(&self->resolve, &self->host));
                http_clocks_enter(&self->clocks, HTTP_PHASE_CONNECT);
                AWAIT(open_connection(&self->open, &self->stream, &self->host));
            }
            AWAIT_CATCH(err, request(self));
        } while (went_stale(self, err));
        if (err != 0)
            return co_raise(co, err);
        http_clocks_enter(&self->clocks, HTTP_PHASE_BODY);
        err = head_arrived(self);
        if (err != 0)
            return co_raise(co, err);
        do {
            AWAIT(http_read(&self->read, &self->exchange));
            http_clocks_got(&self->clocks, self->read.bytes.n);
            err = write_out(self, self->read.data.at, self->read.data.n);
            if (err != 0)
                return co_raise(co, err);
        } while (!self->read.last);
    }
    return co_done(co);
}

struct coro *fetch_one(struct fetch *self)
{
    self->bytes = 0;
    self->exchange.why = NULL;
    return http_clocks(&self->clocks, &self->limits, co_init(&self->once, once_body));
}
