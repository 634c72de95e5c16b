/*
 * reasons.c - checks of reasons.h: each failure happens once, with its name and at its
 * time, under the default limits. Prints TAP. Next: robots-fetch.c.
 */
#include <sys/resource.h>

#include "session.h"
#include "site_fetch.h"

static bool met[REASON_COUNT];

static enum reason named(const char *why)
{
    for (int i = 1; i < REASON_COUNT; i++) {
        const char *text = reason_text((enum reason)i);

        if (why != NULL && strncmp(why, text, strcspn(text, ":") + 1) == 0)
            return (enum reason)i;
    }
    return REASON_NONE;
}

static void begin_with(const struct answer *row)
{
    static struct answer rows[2];

    rows[0] = *row;
    start(rows);
    settings.patience = (struct http_patience)FETCH_PATIENCE;
}

/* Fetches the URL: the reason of the failure, and after how long. */
static void expect(const char *url, const char *why, double after)
{
    double begun = now();

    get(url);
    EXPECT_STR(frame.why != NULL ? frame.why : "nothing", why);
    EXPECT(now() - begun > after - 0.02 && now() - begun < after + 0.02);
    met[named(frame.why)] = true;
    trace_reset();
}

static void one(const struct answer *row, const char *url, const char *why, double after)
{
    begin_with(row);
    expect(url, why, after);
    EXPECT_INT(connector.lent, 0);
    finish();
}

static const struct answer none = { "/", .body = "" };

#define HEAD "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n"

/* A body of so many bytes, with a pause before each byte of it and of its head. */
static struct answer dripping(int bytes, double pause)
{
    static char raw[20100];

    snprintf(raw, sizeof raw, "HTTP/1.1 200 OK\r\nContent-Length: %5d\r\n\r\n%0*d", bytes,
             bytes, 0);
    return (struct answer){ "/", .raw = raw, .drip = pause };
}

static void clocks(void)
{
    struct answer slow = dripping(1000, 0.2);
    double head = 42 * 0.2;

    one(&(struct answer){ "/", .latency = NEVER }, "http://h/",
        "head-timeout: no complete head within 30 s", 30);
    one(&(struct answer){ "/", .raw = HEAD "some", .latency = 29 }, "http://h/",
        "idle-timeout: nothing came within 30 s", 59);
    one(&slow, "http://h/", "slow: under 100 bytes a second for 30 s", head + 30);
}

/* A hundred bytes a second are enough, but two minutes are the maximum. */
static void steady(void)
{
    struct answer row = dripping(4000, 0.0095);

    begin_with(&row);
    EXPECT_INT(get("http://h/"), 0);
    EXPECT(frame.why == NULL && frame.bytes == 4000);
    trace_reset();
    finish();
    row = dripping(20000, 0.0095);
    one(&row, "http://h/", "total-timeout: not complete within 120 s", 120);
}

/* The ports of a listening socket with a full queue, and of a closed socket. */
static void no_connection(void)
{
    struct address address;
    struct sock listener, first;
    struct sock_connect connect;
    char url[64];

    begin_with(&none);
    connector.allow_private = true;
    address_from_text(&address, "127.0.0.1", 0);
    EXPECT_INT(sock_listen(&listener, &runner.loop, &address, 0), 0);
    sock_init(&first, &runner.loop);
    EXPECT_INT(run(sock_connect(&connect, &first, &address)), 0);
    snprintf(url, sizeof url, "http://127.0.0.1:%u/", ntohs(address.in4.sin_port));
    expect(url, "connect-timeout: no connection within 10 s", 10);
    sock_close(&first);
    sock_close(&listener);
    expect(url, "refused: nothing listens there", 0);
    expect("http://255.255.255.255/", "unreachable: no way leads there", 0);
    finish();
    one(&none, "http://10.0.0.1/", "forbidden-address: 10.0.0.1 is private", 0);
    one(&none, "http://nowhere/", "no-address: the host's name cannot be resolved", 0);
    one(&none, "https://h/", aio_strerror(AIO_TLS_MISSING), 0);
}

static void messages(void)
{
    static char body[500001]; /* so long that it arrives in many pieces */
    char url[URL_MAX];

    one(&(struct answer){ "/", .raw = HEAD "some", .closes = true }, "http://h/",
        "closed-early: the server closed before its answer's end", 0);
    memset(url, 'x', sizeof url - 1);
    memcpy(url, "http://h/", 9);
    url[sizeof url - 1] = '\0';
    begin_with(&none);
    settings.user_agent = url;
    expect(url, "too-long: the request does not fit", 0);
    finish();
    memset(body, 'x', sizeof body - 1);
    begin_with(&(struct answer){ "/", .body = body });
    settings.body_max = 10;
    expect("http://h/", "too-large: the body was cut", 0);
    EXPECT_STR(frame.truncated != NULL ? frame.truncated : "", "length");
    finish();
}

static int no_socket(struct host_addresses *addresses)
{
    addresses->count = 1;
    return address_from_path(&addresses->address[0], "/nonesuch/socket") ? 0 : AIO_NAME;
}

static void resources(void)
{
    struct rlimit before, limit;

    begin_with(&none);
    names_lookup = no_socket;
    expect("http://h/", "system-error: No such file or directory", 0); /* in every libc */
    EXPECT_INT(getrlimit(RLIMIT_NOFILE, &before), 0);
    limit = before;
    limit.rlim_cur = (rlim_t)dup(0); /* the first free one */
    close((int)limit.rlim_cur);
    EXPECT_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
    expect("http://h/", "no-resources: memory or descriptors are used up", 0);
    EXPECT_INT(setrlimit(RLIMIT_NOFILE, &before), 0);
    finish();
}

/* Through a session that follows one redirect, to a server that has two in a row. */
static void redirected(const char *first, const char *second, const char *fields,
                       const char *why)
{
    static struct session_request request;
    struct url url = url_of("http://h/");
    const struct answer rows[] = { { "/", .head = first },
                                   { "/2", .head = second },
                                   { .path = NULL } };

    start(rows);
    run(session_request(&request, &settings, &frame, "GET", &url, fields,
                        (struct span){ "", 0 }, 1));
    EXPECT_STR(frame.why != NULL ? frame.why : "nothing", why);
    met[named(frame.why)] = true;
    finish();
}

#define TO(target) "302 Found\r\nLocation: " target

static void sessions(void)
{
    redirected(TO("/2"), NULL, "A b\r\n",
               "bad-request: a method or a field is malformed");
    redirected(TO("http://"), NULL, "", "bad-redirect: the target is no URL");
    redirected(TO("ftp://h/"), NULL, "",
               "other-scheme: redirected to neither http nor https");
    redirected(TO("/2"), TO("/"), "", "redirect-loop: redirected to where it was");
    redirected(TO("/2"), TO("/3"), "", "too-many-redirects: and still no answer");
}

static void each(void)
{
    sessions();
    clocks();
    steady();
    no_connection();
    messages();
    resources();
    for (int i = 1; i < REASON_COUNT; i++)
        if (!met[i])
            check_fail(__FILE__, __LINE__, "never met: %s", reason_text((enum reason)i));
}

/* Errors of the system are not mistaken for ours. */
static void of_the_system(void)
{
    char text[REASON_TEXT_MAX];

    EXPECT_INT(reason_of_error(0), REASON_NONE);
    EXPECT_INT(reason_of_error(EACCES), REASON_UNREACHABLE);
    EXPECT_INT(reason_of_error(ETIMEDOUT), REASON_UNREACHABLE);
    EXPECT_INT(reason_of_error(EHOSTUNREACH), REASON_UNREACHABLE);
    EXPECT_INT(reason_of_error(ENFILE), REASON_NO_RESOURCES);
    EXPECT_STR(reason_in_words(EIO, text), text);
    EXPECT_INT(strncmp(text, "system-error: ", 14), 0);
    EXPECT_STR(reason_in_words(AIO_INVALID_STATE, text), "invalid state");
}

/* The clocks' names are those in the table. */
static void names(void)
{
    for (int clock = HTTP_CONNECT_CLOCK; clock < HTTP_CLOCKS; clock++) {
        char why[HTTP_CLOCK_TEXT + 2];

        snprintf(why, sizeof why, "%s: ", http_clock_name((enum http_clock)clock));
        EXPECT(named(why) != REASON_NONE);
    }
    EXPECT(reason_text(REASON_NONE) == NULL);
}

/* TIMEOUT_NONE switches a clock off; the clock that is set holds. */
static void own_limits(void)
{
    begin_with(&(struct answer){ "/", .body = "x", .latency = 500 });
    settings.patience = (struct http_patience){
        .connect = TIMEOUT_NONE, .head = 600, .idle = TIMEOUT_NONE, .total = TIMEOUT_NONE
    };
    EXPECT_INT(get("http://h/"), 0);
    EXPECT(now() >= 500);
    trace_reset();
    settings.patience.head = 7;
    expect("http://h/", "head-timeout: no complete head within 7 s", 7);
    finish();
}

CHECK_MAIN({ "each way to fail, and when", each },
           { "errors of the system", of_the_system },
           { "the clocks' names are the table's", names },
           { "limits of one's own", own_limits })
