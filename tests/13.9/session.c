/*
 * session.c - checks of session.h: redirects, which fields a request keeps across them,
 * which requests are repeated, and conditional requests. Prints TAP. Next:
 * redirect-vectors.c.
 */
#include "site_fetch.h"

#include "session.h"

static struct session_request request;

static void on_piece(struct session_request *self, struct span data)
{
    (void)self;
    if (data.n > 0)
        trace("%.*s", (int)data.n, data.at);
}

static struct coro *asking(const char *method, const char *text, const char *fields,
                           const char *body, int redirects)
{
    struct url url = url_of(text);
    struct coro *co = session_request(&request, &settings, &frame, method, &url, fields,
                                      (struct span){ body, strlen(body) }, redirects);

    request.on_data = on_piece;
    return co;
}

static int ask(const char *method, const char *text, const char *fields, const char *body)
{
    return run(asking(method, text, fields, body, SESSION_REDIRECTS));
}

#define TO(status, target) status " Moved\r\nLocation: " target

/* ---- redirects ---- */

static void followed(void)
{
    static const struct answer rows[] = { ANSWER("/1", TO("302", "/2"), "first"),
                                          ANSWER("h/2", TO("307", "//g:81/3?q"),
                                                 "second"),
                                          ANSWER("g:81/3?q", "200 OK", "third"),
                                          { .path = NULL } };
    struct url url = url_of("http://h/1#top");

    start(rows);
    session_get(&request, &settings, &frame, &url);
    request.on_data = on_piece;
    EXPECT_INT(run(&request.co), 0);
    EXPECT_TRACE("third"); /* only the last response's body */
    EXPECT_INT(frame.status, 200);
    EXPECT_INT(request.redirect.hops, 2);
    EXPECT_STR(request.redirect.url.text, "http://g:81/3?q#top");
    EXPECT_STR(frame.url.text, "http://g:81/3?q");
    EXPECT_INT(connector.reused, 1);
    finish();
}

static void not_followed(void)
{
    static const struct answer rows[] = { ANSWER("/", TO("302", "/2"), "here"),
                                          ANSWER("/no", "301 Moved", "nowhere"),
                                          { .path = NULL } };

    start(rows);
    EXPECT_INT(run(asking("GET", "http://h/", "", "", 0)), 0);
    EXPECT_TRACE("here");
    EXPECT_INT(frame.status, 302);
    EXPECT_STR(frame.location, "/2");
    EXPECT_INT(ask("GET", "http://h/no", "", ""), 0);
    EXPECT_TRACE("nowhere");
    EXPECT(frame.why == NULL);
    finish();
}

static void expect_stop(const struct answer *rows, int error, const char *kind, int hops)
{
    start(rows);
    EXPECT_INT(ask("GET", "http://h/0", "", ""), error);
    EXPECT_STR(frame.why != NULL ? frame.why : "nothing", kind);
    EXPECT_INT(request.redirect.hops, hops);
    EXPECT_INT(site.requests, hops + 1);
    EXPECT_INT(connector.lent, 0);
    finish();
}

static void one_stop(const char *target, int error, const char *kind)
{
    char head[256];
    const struct answer rows[] = { ANSWER("/0", head, ""), { .path = NULL } };

    snprintf(head, sizeof head, TO("302", "%s"), target);
    expect_stop(rows, error, kind, error == EACCES);
}

static void lead_nowhere(void)
{
    static const char bad[] = "bad-redirect: the target is no URL";
    static const char scheme[] = "other-scheme: redirected to neither http nor https";

    one_stop("http://h:99999/", EPROTO, bad);
    one_stop("http://", EPROTO, bad);
    one_stop("ftp://h/x", EPROTO, scheme);
    one_stop("file:///etc/passwd", EPROTO, scheme);
    one_stop("gopher://h/", EPROTO, scheme);
    one_stop("javascript:alert(1)", EPROTO, scheme);
}

/* The target gets no request: the only one is that for /0. */
static void lead_inside(void)
{
    static const struct answer rows[] = {
        ANSWER("/0", TO("302", "http://127.0.0.1:9/"), ""), { .path = NULL }
    };

    start(rows);
    EXPECT_INT(ask("GET", "http://h/0", "", ""), EACCES);
    EXPECT_STR(frame.why, "forbidden-address: 127.0.0.1 is loopback");
    EXPECT_INT(site.requests, 1);
    finish();
}

static void in_circles(void)
{
    static const char loop[] = "redirect-loop: redirected to where it was";
    static const struct answer itself[] = { ANSWER("/0", TO("302", "/0"), ""),
                                            { .path = NULL } };
    static const struct answer ring[] = { ANSWER("/0", TO("301", "/1"), ""),
                                          ANSWER("/1", TO("302", "/2"), ""),
                                          ANSWER("/2", TO("307", "/0"), ""),
                                          { .path = NULL } };
    struct answer chain[13];
    char paths[13][8], heads[13][64];

    expect_stop(itself, ELOOP, loop, SESSION_REDIRECTS);
    expect_stop(ring, ELOOP, loop, SESSION_REDIRECTS);
    for (int i = 0; i < 12; i++) {
        snprintf(paths[i], sizeof paths[i], "/%d", i);
        snprintf(heads[i], sizeof heads[i], TO("302", "/%d"), i + 1);
        chain[i] = (struct answer)ANSWER(paths[i], heads[i], "");
    }
    chain[12] = (struct answer){ .path = NULL };
    expect_stop(chain, ELOOP, "too-many-redirects: and still no answer",
                SESSION_REDIRECTS);
}

/* ---- which fields a request keeps ---- */

#define SECRETS "Authorization: Basic eA==\r\nCookie: a=b\r\n"
#define KIND "Content-Type: text/plain\r\nX-Y: z\r\n"

/* The last request, after a redirect with `status` to `target`. */
static void expect_sent(const char *method, const char *status, const char *target,
                        const char *sent)
{
    char head[128];
    const struct answer rows[] = { ANSWER("h/0", head, ""),
                                   ANSWER("/to", "200 OK", "ok"),
                                   { .path = NULL } };

    snprintf(head, sizeof head, "%s Moved\r\nLocation: %s", status, target);
    start(rows);
    EXPECT_INT(ask(method, "http://h/0", SECRETS KIND, "data"), 0);
    EXPECT_TRACE("ok");
    EXPECT_INT(frame.perform.request_n, strlen(sent));
    EXPECT(strncmp(frame.perform.request, sent, strlen(sent)) == 0);
    finish();
}

#define HEAD(line, host) line " /to HTTP/1.1\r\nHost: " host "\r\nUser-Agent: check\r\n"
#define BODY(host) HEAD("POST", host) "Content-Length: 4\r\n"

static void kept(void)
{
    expect_sent("POST", "307", "/to", BODY("h") SECRETS KIND "\r\ndata");
    expect_sent("POST", "308", "//g/to", BODY("g") KIND "\r\ndata");
    expect_sent("POST", "308", "http://h:81/to", BODY("h:81") KIND "\r\ndata");
    expect_sent("POST", "301", "/to", HEAD("GET", "h") SECRETS "X-Y: z\r\n\r\n");
    expect_sent("PUT", "303", "//g/to", HEAD("GET", "g") "X-Y: z\r\n\r\n");
    expect_sent("POST", "302", "http://u:p@h/to",
                HEAD("GET", "h") SECRETS "X-Y: z\r\n\r\n");
}

static void malformed(void)
{
    static const char *const fields[] = { "A: b",         "A: b\n",      "A: b\r\nC",
                                          "A b: c\r\n",   ": c\r\n",     "A: b\rC: d\r\n",
                                          "A: b\x7f\r\n", "A: \x01\r\n", "A: b\r\n\r\n",
                                          "A:\r\n b\r\n" };
    char many[SESSION_FIELDS_MAX + 1];

    start((const struct answer[]){ { .path = NULL } });
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        EXPECT_INT(ask("GET", "http://h/", fields[i], ""), EINVAL);
        EXPECT_STR(frame.why, "bad-request: a method or a field is malformed");
    }
    EXPECT_INT(ask("GET /x", "http://h/", "", ""), EINVAL);
    EXPECT_INT(ask("", "http://h/", "", ""), EINVAL);
    memset(many, 'x', sizeof many - 1);
    memcpy(many, "A: ", 3);
    memcpy(many + sizeof many - 3, "\r\n", 3);
    EXPECT_INT(ask("GET", "http://h/", many, ""), ENAMETOOLONG);
    EXPECT_INT(site.visits, 0);
    finish();
}

/* ---- repeated requests ---- */

/* The server closes a kept connection when the second request comes. */
static void expect_again(const char *method, bool again)
{
    static const struct answer rows[] = { { "/1", .body = "" },
                                          { "/2", .raw = "", .closes = true, .times = 1 },
                                          { "/2", .head = "204 No Content" },
                                          { .path = NULL } };

    start(rows);
    EXPECT_INT(ask("GET", "http://h/1", "", ""), 0);
    EXPECT_INT(ask(method, "http://h/2", "", ""), again ? 0 : ECONNRESET);
    EXPECT_INT(site.requests, again ? 3 : 2);
    EXPECT_INT(connector.stale, again);
    EXPECT_INT(frame.status, again ? 204 : 0);
    finish();
}

static void idempotent(void)
{
    static const char *const methods[] = { "GET",    "HEAD",    "PUT",
                                           "DELETE", "OPTIONS", "TRACE" };

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        expect_again(methods[i], true);
    expect_again("POST", false);
    expect_again("PATCH", false);
    expect_again("get", false); /* methods are case-sensitive */
}

/* The kept connection is reset in the middle of an answer: the server closes it with most
 * of the request unread. The request may have had its effect, so it is not repeated. */
static void reset_in_the_head(void)
{
    static const struct answer rows[] = { { "/1", .body = "" },
                                          { "/2", .raw = "HTTP/1.1 2", .closes = true },
                                          { .path = NULL } };
    static char body[1000001];

    memset(body, 'x', sizeof body - 1);
    start(rows);
    EXPECT_INT(ask("GET", "http://h/1", "", ""), 0);
    EXPECT_INT(ask("PUT", "http://h/2", "", body), ECONNRESET);
    EXPECT_INT(site.requests, 2);
    EXPECT_INT(connector.stale, 0);
    EXPECT_INT(strncmp(frame.why, "closed-early: ", 14), 0);
    finish();
}

/* ---- conditional requests ---- */

#define DATE "Sun, 06 Nov 1994 08:49:37 GMT"
#define ETAG "W/\"v1\""

static void unchanged(void)
{
    static const struct answer rows[] = {
        { "/", .head = "200 OK\r\nETag: " ETAG "\r\nLast-Modified: " DATE, .body = "v1",
          .times = 1 },
        { "/", .raw = "HTTP/1.1 304 Not Modified\r\nETag: \"v1b\"\r\n\r\n", .times = 1 },
        { "/", .head = "200 OK\r\nETag: \"v2\"", .body = "v2" },
        { .path = NULL }
    };
    struct validators known;

    start(rows);
    EXPECT_INT(ask("GET", "http://h/", "", ""), 0);
    EXPECT_TRACE("v1");
    known = frame.validators;
    asking("GET", "http://h/", "", "", 1);
    session_if_changed(&request, &known);
    EXPECT_INT(run(&request.co), 0);
    EXPECT(strstr(frame.perform.request, "\r\nIf-None-Match: " ETAG "\r\n") != NULL);
    EXPECT(strstr(frame.perform.request, "\r\nIf-Modified-Since: " DATE "\r\n") != NULL);
    EXPECT_INT(frame.status, 304);
    EXPECT_INT(frame.bytes, 0);
    EXPECT_STR(frame.validators.etag, "\"v1b\"");
    EXPECT_STR(frame.validators.modified, DATE); /* not in the 304: kept */
    known = frame.validators;
    asking("GET", "http://h/", "", "", 1);
    session_if_changed(&request, &known);
    EXPECT_INT(run(&request.co), 0);
    EXPECT_TRACE("v2");
    EXPECT_STR(frame.validators.etag, "\"v2\"");
    EXPECT_STR(frame.validators.modified, "");
    EXPECT_INT(connector.opened, 1);
    finish();
}

/* A condition belongs to one URL. */
static void condition_and_redirect(void)
{
    static const struct answer rows[] = { ANSWER("/", TO("302", "/2"), ""),
                                          ANSWER("/2", "200 OK", "two"),
                                          { .path = NULL } };
    static const struct validators known = { "\"x\"", "" };

    start(rows);
    asking("GET", "http://h/", "", "", 1);
    session_if_changed(&request, &known);
    EXPECT_INT(run(&request.co), 0);
    EXPECT_TRACE("two");
    EXPECT(strstr(frame.perform.request, "If-") == NULL);
    finish();
}

/* A value that goes back to a server is validated. */
static void hostile_validators(void)
{
    static const struct {
        const char *fields, *etag, *modified;
    } table[] = {
        { "ETag: \"a\xff\"", "\"a\xff\"", "" },
        { "ETag: \"\"", "\"\"", "" },
        { "ETag: a", "", "" },
        { "ETag: \"a", "", "" },
        { "ETag: \"a\"b\"", "", "" },
        { "ETag: \"a b\"", "", "" },
        { "ETag: w/\"a\"", "", "" },
        { "ETag: \"a\r\n X-Y: z\"", "", "" },
        { "Last-Modified: Sun\r\n X-Y: z", "", "" },
        { "Last-Modified: yesterday; really", "", "" },
        { "Last-Modified: 1994-11-06", "", "1994-11-06" },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char head[256];
        const struct answer rows[] = { ANSWER("/", head, ""), { .path = NULL } };

        snprintf(head, sizeof head, "200 OK\r\n%s", table[i].fields);
        start(rows);
        EXPECT_INT(ask("GET", "http://h/", "", ""), 0);
        EXPECT_STR(frame.validators.etag, table[i].etag);
        EXPECT_STR(frame.validators.modified, table[i].modified);
        finish();
    }
}

/* ---- cancels ---- */

static bool cancelled_after(int passes)
{
    static const struct answer rows[] = { { "/", .head = TO("302", "/2"), .latency = 1 },
                                          { "/2", .body = "two", .latency = 1 },
                                          { .path = NULL } };
    struct task task;
    bool taken;

    start(rows);
    loop_create_task(&runner.loop, &task, asking("GET", "http://h/", "", "", 1));
    for (int i = 0; i < passes; i++)
        wait(0.1);
    taken = task_cancel(&task, NULL);
    EXPECT_INT(loop_run_until_complete(&runner.loop, &task), taken ? ECANCELED : 0);
    EXPECT_INT(connector.lent, 0);
    EXPECT_INT(timers(), 0);
    trace_reset();
    finish();
    return taken;
}

static void cancelled(void)
{
    int passes = 0;

    while (cancelled_after(passes))
        passes++;
    EXPECT(passes > 15 && passes < 25); /* two seconds */
}

CHECK_MAIN({ "redirects are followed", followed },
           { "a redirect that is handed out", not_followed },
           { "redirects that lead nowhere", lead_nowhere },
           { "a redirect to a private address", lead_inside },
           { "redirects in circles, and without end", in_circles },
           { "what a request keeps on its way", kept },
           { "malformed requests", malformed },
           { "made again, if it may be", idempotent },
           { "reset in the middle of a head", reset_in_the_head },
           { "a page that has not changed", unchanged },
           { "a condition and a redirect", condition_and_redirect },
           { "validators that are none", hostile_validators },
           { "cancelled at any time", cancelled })
