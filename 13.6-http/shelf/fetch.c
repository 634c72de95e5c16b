/*
 * fetch.c - build/fetch URL: one request, its answer, and where the time went.
 *
 * It adds to main.c what a tool for real servers needs: host names, a time limit, and a
 * clear line and an exit status for each trouble. Redirects are not followed, nothing is
 * unpacked, and https is 13.9's. The body is written with plain, blocking calls, for
 * there is nothing else to do meanwhile. Next: serve.c, a server to try it on.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "fetch_options.h"
#include "names.h"
#include "runner.h"
#include "timeout.h"

enum phase { NAME, CONNECT, WAIT, BODY, PHASES };

static const char *const phase_names[PHASES] = { "name", "connect", "wait", "body" };
static const char *const phase_troubles[PHASES] = { "cannot find the host",
                                                    "cannot connect", "no answer",
                                                    "the body broke off" };

static struct fetch_options options;

static struct fetch {
    struct coro co;
    struct url url;
    struct host_addresses host;
    char request[URL_MAX + 512];
    size_t request_n;
    /* how far it is */
    enum phase phase;
    double since;        /* loop time at which it began */
    double took[PHASES]; /* seconds */
    FILE *out;           /* NULL: not opened yet */
    bool file_error;     /* the error is the file's, not the network's */
    unsigned long long bytes;
    /* what it awaits */
    struct stream stream;
    struct async_resolve resolve;
    struct open_connection open;
    struct http_exchange exchange;
    struct http_read read;
} fetch;

/* ---- one URL ---- */

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

/* The present phase is over. */
static void enter(enum phase next)
{
    double now = loop_time(get_running_loop());

    fetch.took[fetch.phase] = now - fetch.since;
    fetch.phase = next;
    fetch.since = now;
}

static void print_peer(void)
{
    char text[ADDRESS_TEXT_MAX];

    if (options.verbose)
        fprintf(stderr, "* connected to %s\n",
                address_text(&fetch.host.address[fetch.open.i], text));
}

/* 0 or an errno value; the same for a file that is full. */
static int write_out(const char *text, size_t n)
{
    if (fetch.out == NULL)
        fetch.out = options.output != NULL ? fopen(options.output, "wb") : stdout;
    fetch.file_error = fetch.out == NULL || (n > 0 && fwrite(text, 1, n, fetch.out) < n);
    fetch.bytes += n;
    return fetch.file_error ? errno : 0;
}

/* What there is to write of the head. */
static int head_arrived(void)
{
    struct span head = fetch.exchange.bytes;

    if (options.verbose)
        print_head(stderr, "< ", head.at, head.n);
    if (write_out("", 0) != 0)
        return errno;
    if (options.head)
        print_head(fetch.out, "", head.at, head.n);
    return 0;
}

static co_status fetch_body(struct coro *co)
{
    struct fetch *self = co_self(co, struct fetch);
    int err;

    ASYNC (co) {
        self->since = loop_time(get_running_loop());
        stream_init(&self->stream, get_running_loop());
        AWAIT(async_resolve(&self->resolve, &self->host));
        enter(CONNECT);
        AWAIT(open_connection(&self->open, &self->stream, &self->host));
        enter(WAIT);
        print_peer();
        if (options.verbose)
            print_head(stderr, "> ", self->request, self->request_n);
        AWAIT(http_request(&self->exchange, &self->stream, options.head ? "HEAD" : "GET",
                           self->request, self->request_n));
        enter(BODY);
        err = head_arrived();
        if (err != 0)
            return co_raise(co, err);
        do {
            AWAIT(http_read(&self->read, &self->exchange));
            err = write_out(self->read.data.at, self->read.data.n);
            if (err != 0)
                return co_raise(co, err);
        } while (!self->read.last);
        enter(PHASES);

    FINALLY:
        stream_close(&self->stream);
    }
    return co_done(co);
}

/* ---- before and after ---- */

/* What can be said about the URL without asking anybody. NULL: it is fine. */
static const char *prepare(void)
{
    struct url *url = &fetch.url;
    struct span host;
    int err = url_parse(url, options.url, strlen(options.url), NULL);

    if (err != 0)
        return err == EPROTONOSUPPORT ? "not an http URL"
               : err == EINVAL        ? "not a URL, such as http://localhost:8000/"
                                      : aio_strerror(err);
    if (url_is_https(url))
        return "https needs TLS, which fetch does not speak";
    if (url_has_userinfo(url))
        return "fetch sends no user name or password";
    host = url_host_name(url);
    if (host.n > HOST_MAX)
        return "the host name is too long";
    memcpy(fetch.host.host, host.at, host.n);
    fetch.host.port = url->port;
    fetch.request_n = http_request_head(fetch.request, sizeof fetch.request,
                                        options.head ? "HEAD" : "GET", url, "fetch/1.0",
                                        "Accept: */*\r\nConnection: close\r\n");
    return fetch.request_n == 0 ? "the URL is too long" : NULL;
}

static int check_clock(void)
{
    struct loop_policy policy;
    const char *wrong;

    if (loop_policy_from_environment(&policy, &wrong) != 0)
        return fetch_complain(wrong, "no such selector or clock");
    if (policy.clock == &clock_virtual)
        return fetch_complain("LOOP_CLOCK=virtual", "a real server needs a real clock");
    return -1;
}

static int report(int err, bool expired)
{
    const char *why = fetch.exchange.why, *what = aio_strerror(err);

    if (err == 0 && options.verbose) {
        for (int i = 0; i < PHASES; i++)
            fprintf(stderr, "* %-7s %8.3f s\n", phase_names[i], fetch.took[i]);
        fprintf(stderr, "* %llu bytes\n", fetch.bytes);
    }
    if (err == 0)
        return fetch.exchange.head.status >= 400 ? BAD_ANSWER : FETCH_OK;
    fprintf(stderr, "fetch: %s: ",
            fetch.file_error ? options.output != NULL ? options.output : "standard output"
                             : fetch.url.text);
    if (fetch.file_error)
        fprintf(stderr, "%s\n", what);
    else if (expired)
        fprintf(stderr, "%s within %g s\n", phase_troubles[fetch.phase], options.timeout);
    else
        fprintf(stderr, "%s: %s\n", phase_troubles[fetch.phase],
                err == AIO_BAD_MESSAGE && why != NULL ? why : what);
    return fetch.file_error ? BAD_FILE : BAD_NETWORK;
}

int main(int argc, char **argv)
{
    struct async_timeout limit;
    int status = fetch_options_parse(&options, argv + (argc > 0)), err;
    const char *trouble;

    if (status < 0)
        status = check_clock();
    if (status >= 0)
        return status;
    trouble = prepare();
    if (trouble != NULL)
        return fetch_complain(options.url, trouble);
    err =
        async_run(async_timeout(&limit, options.timeout, co_init(&fetch.co, fetch_body)));
    if (err == 0 && fflush(fetch.out) != 0) {
        fetch.file_error = true;
        err = errno;
    }
    return report(err, err == ETIMEDOUT && timeout_expired(&limit));
}
