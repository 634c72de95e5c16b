/*
 * fetch.c - build/fetch URL...: one request each, the response, and where the time went.
 *
 * It adds to main.c what a tool for real servers needs: host names, a clock for each
 * phase, a clear line and an exit status for each failure. http_perform() makes the
 * exchange; this file keeps the connection between two URLs of one server. It follows no
 * redirects and decodes no content coding; https is 13.9's. The body is written with
 * blocking calls, because the program has nothing else to do meanwhile. Read fetch_urls()
 * first. Next: serve.c, a server to try it on.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connect.h"
#include "exchange.h"
#include "runner.h"
#include "timeout.h"
#include "url.h"

/* Exit statuses. */
enum { FETCH_OK = 0, BAD_USAGE = 2, BAD_FILE = 3, BAD_NETWORK = 4, BAD_ANSWER = 8 };

enum { FIELDS_MAX = 2048 }; /* bytes of the fields that the user adds */

struct options {
    bool head; /* request with HEAD, write the head */
    bool verbose;
    double timeout;          /* seconds for each URL, or TIMEOUT_NONE */
    const char *output;      /* a file name, or NULL: standard output */
    char fields[FIELDS_MAX]; /* "Name: value CR LF" for each --header and the --range */
    char **urls;             /* as given; in the argument vector, ended by NULL */
};

struct fetch {
    struct coro co; /* all URLs */
    int status;     /* what main() will return */
    /* the present URL */
    struct url url;
    char request[URL_MAX + FIELDS_MAX + 512];
    unsigned long long bytes; /* of its body */
    FILE *out;                /* NULL: not opened yet */
    bool file_error;          /* the error is the file's, not the network's */
    struct http_perform perform;
    /* the connection, which the next URL may use */
    struct stream stream;
    struct host_addresses host; /* the server it leads to */
    bool kept;                  /* open, and free for another exchange */
    struct coro connect;
    struct async_resolve resolve;
    struct open_connection open;
};

static struct options options;
static struct fetch fetch;

/* ---- the command line -------------------------------------------------------------- */

static const char usage[] =
    "usage: fetch [-Iv] [-o FILE] [-r RANGE] [-H FIELD] [--timeout SECONDS] URL...\n"
    "Ask for http URLs and write the bodies of the answers to standard output. URLs of\n"
    "one server in a row share a connection, as far as the server keeps it.\n"
    "\n"
    "  -I, --head             ask for the head of the answer only, and write that\n"
    "  -o, --output FILE      write to FILE, which is opened when an answer comes\n"
    "  -r, --range RANGE      ask for these bytes only, such as 0-99, 500- or -20\n"
    "  -H, --header FIELD     send this field too, such as 'Accept-Language: eo'\n"
    "  -v, --verbose          show the wire and each phase's time on standard error\n"
    "      --timeout SECONDS  give a URL up after so long (as long as it takes)\n"
    "      --help, --version  say this, or the version, and exit\n"
    "\n"
    "A URL is given up, and the reason says so, when its name is not found or there is\n"
    "no connection within 10 s (name-timeout, connect-timeout), no complete head within\n"
    "30 s (head-timeout), no byte for 30 s (idle-timeout), or under 100 bytes a second\n"
    "for 30 s (slow), or after --timeout (total-timeout).\n"
    "\n"
    "Exit status: 0 fine, 2 usage, 3 file trouble, 4 network trouble, 8 a server\n"
    "answered with an error (400 or above). It stops at the first trouble but the last\n"
    "kind.\n";

/* Writes text from outside so that it is safe on a terminal: a byte that is not printable
 * ASCII becomes \xHH, a backslash is doubled. */
static void print_safe(FILE *to, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c == '\\')
            fputs("\\\\", to);
        else if (c >= ' ' && c <= '~')
            putc(c, to);
        else
            fprintf(to, "\\x%02x", c);
    }
}

/* Writes "fetch: about: what" to standard error. Returns BAD_USAGE. */
static int complain(const char *about, const char *what)
{
    fputs("fetch: ", stderr);
    print_safe(stderr, about, strlen(about));
    fprintf(stderr, ": %s\n", what);
    return BAD_USAGE;
}

static int say(const char *text)
{
    return fputs(text, stdout) < 0 || fflush(stdout) != 0 ? BAD_FILE : FETCH_OK;
}

static bool is(const char *arg, const char *brief, const char *full)
{
    return strcmp(arg, brief) == 0 || strcmp(arg, full) == 0;
}

static bool parse_seconds(double *seconds, const char *text)
{
    char *end;

    *seconds = strtod(text, &end);
    return end > text && *end == '\0' && *seconds > 0 && *seconds < 1e9;
}

/* Returns whether the text is printable ASCII in the form "Name: value". */
static bool is_field(const char *text)
{
    size_t name = strcspn(text, ": \t");

    for (const char *c = text; *c != '\0'; c++)
        if (*c < ' ' || *c > '~')
            return false;
    return name > 0 && text[name] == ':';
}

/* Appends a field line to to->fields: `before` and then `text`. Returns false when
 * there is no room. */
static bool add_field(struct options *to, const char *before, const char *text)
{
    size_t n = strlen(to->fields), room = sizeof to->fields - n;

    if (strlen(before) + strlen(text) + sizeof "\r\n" > room)
        return false;
    strcat(strcat(strcat(to->fields, before), text), "\r\n");
    return true;
}

/* Sets an option to its value. Returns -1 to go on, or the exit status. */
static int set(struct options *to, const char *name, const char *value)
{
    if (is(name, "-o", "--output")) {
        to->output = value;
    } else if (strcmp(name, "--timeout") == 0) {
        if (!parse_seconds(&to->timeout, value))
            return complain(value, "not a number of seconds");
    } else if (is(name, "-r", "--range")) {
        if (*value == '\0' || value[strspn(value, "0123456789-,")] != '\0' ||
            !add_field(to, "Range: bytes=", value))
            return complain(value, "not a range of bytes, such as 0-99");
    } else if (!is_field(value) || !add_field(to, "", value)) {
        return complain(value, "not a field, such as 'Accept: text/html'");
    }
    return -1;
}

static bool takes_value(const char *arg)
{
    return is(arg, "-o", "--output") || is(arg, "-r", "--range") ||
           is(arg, "-H", "--header") || strcmp(arg, "--timeout") == 0;
}

/* Reads the argument at *arg, and advances *arg past an option's value. Returns -1 to
 * go on, or the exit status. */
static int take(struct options *to, char ***arg, char ***url)
{
    const char *name = **arg;

    if (is(name, "-h", "--help"))
        return say(usage);
    if (is(name, "-V", "--version"))
        return say("fetch 1.0\n");
    if (is(name, "-I", "--head")) {
        to->head = true;
    } else if (is(name, "-v", "--verbose")) {
        to->verbose = true;
    } else if (takes_value(name) && (*arg)[1] != NULL) {
        return set(to, name, *++*arg);
    } else if (name[0] == '-') {
        return complain(name, "unknown, or something is missing behind it");
    } else {
        *(*url)++ = **arg;
    }
    return -1;
}

/* Fills in `options` from the arguments, which end with NULL and are reordered.
 * Returns -1 to go on, else the exit status: after --help, --version or one line about
 * an error. */
static int parse_options(struct options *to, char **arg)
{
    char **url = arg;
    int status;

    *to = (struct options){ .timeout = TIMEOUT_NONE, .urls = arg };
    for (; *arg != NULL; arg++) {
        status = take(to, &arg, &url);
        if (status >= 0)
            return status;
    }
    *url = NULL;
    return url > to->urls ? -1 : complain("no URL", "type fetch --help");
}

/* ---- output ------------------------------------------------------------------------ */

/* Prints the time of each phase. The wait ends with the first byte of the head. */
static void print_phases(void)
{
    const double *took = fetch.perform.clocks.took;
    double wait = fetch.perform.exchange.answered - fetch.perform.asked;

    fprintf(stderr, "* name    %8.3f s\n", took[HTTP_PHASE_NAME]);
    fprintf(stderr, "* connect %8.3f s\n", took[HTTP_PHASE_CONNECT]);
    fprintf(stderr, "* wait    %8.3f s\n", wait);
    fprintf(stderr, "* head    %8.3f s\n", took[HTTP_PHASE_HEAD] - wait);
    fprintf(stderr, "* body    %8.3f s\n", took[HTTP_PHASE_BODY]);
    fprintf(stderr, "* %llu bytes\n", fetch.bytes);
}

/* Writes one line about a failure. Returns the exit status. */
static int report(int err)
{
    static const char *const failed[HTTP_PHASES] = { "cannot begin",
                                                     "cannot find the host",
                                                     "cannot connect", "no answer",
                                                     "the body broke off" };
    const struct http_clocks *clocks = &fetch.perform.clocks;
    const char *why = fetch.perform.exchange.why;
    char text[HTTP_CLOCK_TEXT];

    if (fetch.file_error) {
        fprintf(stderr, "fetch: %s: %s\n",
                options.output != NULL ? options.output : "standard output",
                aio_strerror(err));
        return BAD_FILE;
    }
    fprintf(stderr, "fetch: %s: ", fetch.url.text);
    if (clocks->expired != HTTP_NO_CLOCK)
        fprintf(stderr, "%s\n", http_clocks_reason(clocks, text));
    else
        fprintf(stderr, "%s: %s\n", failed[clocks->phase],
                err == AIO_BAD_MESSAGE && why != NULL ? why : aio_strerror(err));
    return BAD_NETWORK;
}

/* Writes a head line by line, each behind `mark`. */
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

/* Writes to the output, which it opens first. Returns 0 or an errno value, of a full disk
 * for instance. */
static int write_out(const char *text, size_t n)
{
    if (fetch.out == NULL)
        fetch.out = options.output != NULL ? fopen(options.output, "wb") : stdout;
    fetch.file_error = fetch.out == NULL || (n > 0 && fwrite(text, 1, n, fetch.out) < n);
    fetch.bytes += n;
    return fetch.file_error ? errno : 0;
}

/* ---- the exchange: what http_perform() calls --------------------------------------- */

static co_status connect_body(struct coro *co)
{
    struct fetch *self = container_of(co, struct fetch, connect);
    struct http_clocks *clocks = &self->perform.clocks;

    ASYNC (co) {
        if (!self->kept) {
            http_clocks_enter(clocks, HTTP_PHASE_NAME);
            AWAIT(async_resolve(&self->resolve, &self->host));
            http_clocks_enter(clocks, HTTP_PHASE_CONNECT);
            AWAIT(open_connection(&self->open, &self->stream, &self->host));
        }
    }
    return co_done(co);
}

static struct coro *connect_stream(struct http_perform *perform)
{
    (void)perform;
    return co_init(&fetch.connect, connect_body);
}

static void on_connected(struct http_perform *perform)
{
    char text[ADDRESS_TEXT_MAX];

    perform->stream = &fetch.stream;
    perform->reused = fetch.kept;
    if (!options.verbose)
        return;
    fprintf(stderr, "* %s %s\n", fetch.kept ? "kept the connection to" : "connected to",
            address_text(&fetch.host.address[fetch.open.i], text));
    print_head(stderr, "> ", perform->request, perform->request_n);
}

static void discard(struct http_perform *perform)
{
    (void)perform;
    stream_close(&fetch.stream);
    fetch.kept = false;
}

static int on_head(struct http_perform *perform)
{
    struct span head = perform->exchange.bytes;

    if (options.verbose)
        print_head(stderr, "< ", head.at, head.n);
    if (write_out("", 0) != 0)
        return errno;
    if (options.head)
        print_head(fetch.out, "", head.at, head.n);
    return 0;
}

static int on_data(struct http_perform *perform)
{
    return write_out(perform->read.data.at, perform->read.data.n);
}

/* ---- the program ------------------------------------------------------------------- */

/* Builds the request for a URL. Returns NULL, or what is wrong with the URL. */
static const char *prepare(const char *text)
{
    struct url *url = &fetch.url;
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
    fetch.perform.method = options.head ? "HEAD" : "GET";
    fetch.perform.request = fetch.request;
    fetch.perform.request_n =
        http_request_head(fetch.request, sizeof fetch.request, fetch.perform.method, url,
                          "fetch/1.0", more);
    fetch.perform.idempotent = true;
    return fetch.perform.request_n == 0 ? "the URL is too long" : NULL;
}

/* Closes the kept connection unless it leads to the server of the present URL. */
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

static struct coro *perform(void)
{
    static const struct http_perform_calls calls = { connect_stream, on_connected,
                                                     discard, on_head, on_data };
    struct http_patience patience = HTTP_PATIENCE_DEFAULT;

    patience.total = options.timeout;
    fetch.bytes = 0;
    return http_perform(&fetch.perform, &calls, &patience);
}

static void finish(int err)
{
    fetch.kept = err == 0 && http_reusable(&fetch.perform.exchange);
    if (err == 0 && fflush(fetch.out) != 0) {
        fetch.file_error = true;
        err = errno;
    }
    if (err != 0)
        fetch.status = report(err);
    else if (fetch.perform.exchange.head.status >= 400)
        fetch.status = BAD_ANSWER;
    if (err == 0 && options.verbose)
        print_phases();
}

static co_status fetch_urls(struct coro *co)
{
    struct fetch *self = co_self(co, struct fetch);
    int err;

    ASYNC (co) {
        stream_init(&self->stream, get_running_loop());
        for (; *options.urls != NULL; options.urls++) {
            prepare(*options.urls);
            choose_connection();
            AWAIT_CATCH(err, perform());
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
        return complain(wrong, "no such selector or clock");
    if (policy.clock == &clock_virtual)
        return complain("LOOP_CLOCK=virtual", "a real server needs a real clock");
    return -1;
}

int main(int argc, char **argv)
{
    int status = parse_options(&options, argv + (argc > 0)), err;

    if (status < 0)
        status = check_clock();
    if (status >= 0)
        return status;
    for (char **url = options.urls; *url != NULL; url++) {
        const char *wrong = prepare(*url);

        if (wrong != NULL)
            return complain(*url, wrong);
    }
    err = async_run(co_init(&fetch.co, fetch_urls));
    if (err != 0 && fetch.status == FETCH_OK)
        fetch.status = report(err);
    return fetch.status;
}
