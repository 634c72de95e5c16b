/*
 * fetch.c - build/fetch URL...: one request each, the answer, and where the time went.
 *
 * It adds to main.c what a tool for real servers needs: host names, a clock for each
 * phase, and a clear line and an exit status for each trouble. Redirects are not
 * followed, nothing is unpacked, and https is 13.9's. The body is written with plain,
 * blocking calls, for there is nothing else to do meanwhile. What one URL takes is in
 * fetch_one.c. Next: serve.c, a server to try it on.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fetch_one.h"
#include "runner.h"

static const char *const troubles[HTTP_PHASES] = { "cannot begin", "cannot find the host",
                                                   "cannot connect", "no answer",
                                                   "the body broke off" };

static struct fetch_options options;
static struct fetch fetch;

/* The wait ends with the first byte of the head. */
static void print_phases(void)
{
    const double *took = fetch.clocks.took;
    double wait = fetch.exchange.answered - fetch.asked;

    fprintf(stderr, "* name    %8.3f s\n", took[HTTP_PHASE_NAME]);
    fprintf(stderr, "* connect %8.3f s\n", took[HTTP_PHASE_CONNECT]);
    fprintf(stderr, "* wait    %8.3f s\n", wait);
    fprintf(stderr, "* head    %8.3f s\n", took[HTTP_PHASE_HEAD] - wait);
    fprintf(stderr, "* body    %8.3f s\n", took[HTTP_PHASE_BODY]);
    fprintf(stderr, "* %llu bytes\n", fetch.bytes);
}

/* One line about what went wrong. The exit status. */
static int complain(int err)
{
    const char *why = fetch.exchange.why;
    char text[HTTP_CLOCK_TEXT];

    if (fetch.file_error) {
        fprintf(stderr, "fetch: %s: %s\n",
                options.output != NULL ? options.output : "standard output",
                aio_strerror(err));
        return BAD_FILE;
    }
    fprintf(stderr, "fetch: %s: ", fetch.url.text);
    if (fetch.clocks.expired != HTTP_NO_CLOCK)
        fprintf(stderr, "%s\n", http_clocks_reason(&fetch.clocks, text));
    else
        fprintf(stderr, "%s: %s\n", troubles[fetch.clocks.phase],
                err == AIO_BAD_MESSAGE && why != NULL ? why : aio_strerror(err));
    return BAD_NETWORK;
}

/* Make the request for a URL. What can be said about it without asking anybody; NULL: it
 * is fine. */
static const char *prepare(struct url *url, const char *text)
{
    int err = url_parse(url, text, strlen(text), NULL);
    char more[FIELDS_MAX + 32];

    if (err != 0)
        return err == EPROTONOSUPPORT ? "not an http URL"
               : err == EINVAL        ? "not a URL, such as http://localhost:8000/"
                                      : aio_strerror(err);
    if (url_is_https(url))
        return "https needs TLS, which fetch does not speak";
    if (url_has_userinfo(url))
        return "fetch sends no user name or password";
    if (url_host_name(url).n > HOST_MAX)
        return "the host name is too long";
    snprintf(more, sizeof more, "Accept: */*\r\n%s", options.fields);
    fetch.request_n =
        http_request_head(fetch.request, sizeof fetch.request,
                          options.head ? "HEAD" : "GET", url, "fetch/1.0", more);
    return fetch.request_n == 0 ? "the URL is too long" : NULL;
}

/* Can the connection be used for the present URL? If not, close it. */
static void choose_connection(void)
{
    struct span host = url_host_name(&fetch.url);

    fetch.kept = fetch.kept && fetch.host.port == fetch.url.port &&
                 strlen(fetch.host.host) == host.n &&
                 memcmp(fetch.host.host, host.at, host.n) == 0;
    if (fetch.kept)
        return;
    stream_close(&fetch.stream);
    memcpy(fetch.host.host, host.at, host.n);
    fetch.host.host[host.n] = '\0';
    fetch.host.port = fetch.url.port;
}

static void finish(int err)
{
    fetch.kept = err == 0 && http_reusable(&fetch.exchange);
    if (err == 0 && fflush(fetch.out) != 0) {
        fetch.file_error = true;
        err = errno;
    }
    if (err != 0)
        fetch.status = complain(err);
    else if (fetch.exchange.head.status >= 400)
        fetch.status = BAD_ANSWER;
    if (err == 0 && options.verbose)
        print_phases();
}

static co_status fetch_body(struct coro *co)
{
    struct fetch *self = co_self(co, struct fetch);
    int err;

    ASYNC (co) {
        stream_init(&self->stream, get_running_loop());
        for (; *options.urls != NULL; options.urls++) {
            prepare(&self->url, *options.urls);
            choose_connection();
            AWAIT_CATCH(err, fetch_one(self));
            finish(err);
            if (self->status != FETCH_OK && self->status != BAD_ANSWER)
                break;
        }

    FINALLY:
        stream_close(&self->stream);
    }
    return co_done(co);
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

int main(int argc, char **argv)
{
    static const struct http_patience limits = HTTP_PATIENCE_DEFAULT;
    int status = fetch_options_parse(&options, argv + (argc > 0)), err;

    if (status < 0)
        status = check_clock();
    if (status >= 0)
        return status;
    for (char **url = options.urls; *url != NULL; url++) {
        const char *trouble = prepare(&fetch.url, *url);

        if (trouble != NULL)
            return fetch_complain(*url, trouble);
    }
    fetch.options = &options;
    fetch.limits = limits;
    fetch.limits.total = options.timeout;
    err = async_run(co_init(&fetch.co, fetch_body));
    if (err != 0 && fetch.status == FETCH_OK)
        fetch.status = complain(err);
    return fetch.status;
}
