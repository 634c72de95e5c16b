/*
 * fetch.c - checks of page_fetch.h and fields.h: each framing, which fields of a head are
 * kept, and which answers are errors. Prints TAP. Next: fetch-times.c.
 */
#include "site_fetch.h"

#include "fields.h"

/* Fetches the answer twice: the text received, and the number of connections. */
static void expect_twice(const char *body, int status, int connections)
{
    for (int i = 0; i < 2; i++) {
        EXPECT_INT(get("http://h/"), 0);
        EXPECT_INT(frame.status, status);
        EXPECT_INT(frame.bytes, strlen(body));
        EXPECT_TRACE(body);
        EXPECT(frame.truncated == NULL && frame.why == NULL);
    }
    EXPECT_INT(connector.opened, connections);
    EXPECT_INT(connector.reused, 2 - connections);
}

static void framed(const char *raw, bool closes, const char *body, int status,
                   int connections)
{
    const struct answer rows[] = { { "/", .raw = raw, .closes = closes },
                                   { .path = NULL } };

    start(rows);
    expect_twice(body, status, connections);
    finish();
}

static void with_length(void)
{
    framed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false, "hello", 200, 1);
    framed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false, "", 200, 1);
    framed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi", true,
           "hi", 200, 2);
}

static void in_chunks(void)
{
    framed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
           false, "hello", 200, 1);
    framed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n"
           "Trailer: x\r\n\r\n",
           false, "hello", 200, 1);
}

static void until_close(void)
{
    framed("HTTP/1.1 200 OK\r\n\r\nhello", true, "hello", 200, 2);
    framed("HTTP/1.0 404 No\r\n\r\nhello", true, "hello", 404, 2);
}

static void without_body(void)
{
    framed("HTTP/1.1 204 No Content\r\n\r\n", false, "", 204, 1);
    framed("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", false, "", 304, 1);
    framed(
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2"
        "\r\n\r\nhi",
        false, "hi", 200, 1);
}

/* One byte more than announced: it is unsolicited, so the connection is not kept. */
static void too_much(void)
{
    framed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhix", false, "hi", 200, 2);
}

static void byte_by_byte(void)
{
    static const struct answer rows[] = {
        { "/",
          .raw =
              "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
              "Transfer-Encoding: chunked\r\n\r\n9\r\n<a href=x\r\n1\r\n>\r\n0\r\n\r\n",
          .drip = 0.01 },
        { .path = NULL }
    };

    start(rows);
    EXPECT_INT(get("http://h/"), 0);
    EXPECT_TRACE("<a  h r e f = x a:x >"); /* three bytes could be a byte order mark */
    EXPECT_INT(frame.bytes, 10);
    finish();
}

static void of_the_head(void)
{
    static const struct answer rows[] = {
        { "/", .head =
                   "302 Found\r\nContent-Type: Text/HTML; charset=x\r\nLocation: /to\r\n"
                   "Retry-After: 7" },
        { "/plain", .head = "200 OK", .body = "<a href=x>" },
        { "/error", .head = "404 Not Found\r\nContent-Type: text/html",
          .body = "<title>t</title><a href=x>" },
        { "/page", .body = "<title> A  page </title><base href=/b/><a href=x>y</a>"
                           "<area href=z>" },
        { .path = NULL }
    };

    start(rows);
    EXPECT_INT(get("http://h/#fragment"), 0);
    EXPECT_STR(frame.type, "text/html");
    EXPECT_STR(frame.location, "/to");
    EXPECT(frame.retry_after == 7);
    EXPECT(fetch_redirects(&frame));
    EXPECT_STR(frame.url.text, "http://h/");
    EXPECT_INT(get("http://h/plain"), 0);
    EXPECT_TRACE("<a href=x>");
    EXPECT_STR(frame.type, "");
    EXPECT_STR(frame.location, "");
    EXPECT(frame.retry_after == -1 && !fetch_redirects(&frame));
    EXPECT_INT(get("http://h/error"), 0);
    EXPECT_INT(frame.links_found, 0);
    trace_reset();
    EXPECT_INT(get("http://h/page"), 0);
    EXPECT_TRACE("c:/b/ a:x b:z <title> A  page </title><base href=/b/><a href=x>y</a>"
                 "<area href=z>");
    EXPECT_INT(frame.links_found, 2);
    EXPECT(frame.title_n == 6 && memcmp(frame.title, "A page", 6) == 0);
    EXPECT_INT(get("http://h/plain"), 0);
    EXPECT_INT(frame.title_n, 0);
    trace_reset();
    finish();
}

static void request(void)
{
    static const struct answer rows[] = { { "h/a?b", .body = "x" }, { .path = NULL } };
    char agent[1200] = "", path[URL_MAX - 100] = "";

    start(rows);
    EXPECT_INT(get("http://h/a?b#c"), 0);
    EXPECT(strstr(frame.perform.request, "GET /a?b HTTP/1.1\r\nHost: h\r\n") ==
           frame.perform.request);
    EXPECT(strstr(frame.perform.request, "\r\nUser-Agent: check\r\n") != NULL);
    memset(agent, 'x', sizeof agent - 1);
    settings.user_agent = agent;
    memset(path, 'x', sizeof path - 1);
    memcpy(path, "http://h/", 9);
    EXPECT_INT(get(path), ENAMETOOLONG);
    EXPECT_INT(frame.status, 0);
    EXPECT_INT(site.requests, 1);
    trace_reset();
    finish();
}

static void failing(const char *raw, int status, int error, const char *kind)
{
    const struct answer rows[] = { { "/", .raw = raw, .closes = true },
                                   { .path = NULL } };

    start(rows);
    EXPECT_INT(get("http://h/"), error);
    EXPECT_INT(frame.status, status);
    EXPECT_INT(strncmp(frame.why, kind, strlen(kind)), 0);
    EXPECT_INT(connector.open, 0);
    trace_reset();
    finish();
}

static void failures(void)
{
    failing("", 0, ECONNRESET, "closed-early: ");
    failing("HTTP/1.1 200 OK\r\nContent-Le", 0, AIO_INCOMPLETE_READ, "closed-early: ");
    failing("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", 200, AIO_INCOMPLETE_READ,
            "closed-early: ");
    failing("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhel", 200,
            AIO_INCOMPLETE_READ, "closed-early: ");
    failing("SSH-2.0-OpenSSH\r\n\r\n", 0, AIO_BAD_MESSAGE, "bad-status-line: ");
    failing("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi", 0,
            AIO_BAD_MESSAGE, "");
    failing("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 200,
            AIO_BAD_MESSAGE, "");
}

static void unknown_name(void)
{
    static const struct answer rows[] = { { .path = NULL } };

    start(rows);
    EXPECT_INT(get("http://nowhere/"), AIO_NAME);
    EXPECT_INT(frame.status, 0);
    finish();
}

CHECK_MAIN({ "a body with its length", with_length }, { "a body in chunks", in_chunks },
           { "a body that ends with the connection", until_close },
           { "no body", without_body }, { "more than was announced", too_much },
           { "byte by byte", byte_by_byte },
           { "what is kept of the head, and the links", of_the_head },
           { "the request", request }, { "cut short, or no HTTP", failures },
           { "a name without an address", unknown_name })
