/*
 * output.c - checks of the files that a crawl writes: each line of pages.jsonl is JSON
 * with the keys in order, and no URL has two lines; the records of crawl.warc chain to
 * the end, with one pair for each page that answered. Prints TAP.
 */
#include "site_crawl.h"

/* ---- a JSON reader: one object on a line, values are strings and numbers ---- */

/* Returns the end of a string, or NULL. */
static const char *past_string(const char *s)
{
    if (*s++ != '"')
        return NULL;
    for (; *s != '"'; s++) {
        if (*s < 0x20 || *s > 0x7e)
            return NULL; /* other characters are written as \uXXXX */
        if (*s != '\\')
            continue;
        if (*++s == 'u') {
            for (int i = 0; i < 4; i++)
                if (strchr("0123456789abcdef", *++s) == NULL || *s == '\0')
                    return NULL;
        } else if (*s == '\0' || strchr("\"\\/bfnrt", *s) == NULL) {
            return NULL;
        }
    }
    return s + 1;
}

static const char *past_value(const char *s)
{
    size_t digits = strspn(s, "0123456789");

    if (digits > 0)
        return digits > 1 && *s == '0' ? NULL : s + digits;
    return strncmp(s, "null", 4) == 0 ? s + 4 : past_string(s);
}

/* The object at `s`, with these keys in this order; the last three may be missing. */
static const char *past_line(const char *s)
{
    static const char *const keys[] = { "url",      "status", "depth", "from",
                                        "type",     "bytes",  "title", "links",
                                        "attempts", "ms",     "error", "redirect",
                                        "encoding", "charset" };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        size_t n = strlen(keys[i]);

        if (i >= 11 && (strncmp(s, ",\"", 2) != 0 || strncmp(s + 2, keys[i], n) != 0))
            continue;
        if (*s++ != (i == 0 ? '{' : ',') || *s++ != '"' || strncmp(s, keys[i], n) != 0 ||
            s[n] != '"' || s[n + 1] != ':' || (s = past_value(s + n + 2)) == NULL)
            return NULL;
    }
    return s[0] == '}' && s[1] == '\n' ? s + 2 : NULL;
}

/* The number of lines when all are valid and no URL has two, else -1. */
static int lines(const char *text)
{
    const char *starts[64];
    int count = 0;

    for (const char *s = text; *s != '\0'; count++) {
        size_t n = strcspn(s, ",");

        for (int i = 0; i < count; i++)
            if (strncmp(starts[i], s, n + 1) == 0)
                return -1;
        starts[count] = s;
        s = past_line(s);
        if (s == NULL || count == 63)
            return -1;
    }
    return count;
}

/* ---- a reader of records ---- */

/* The number of records of this type, each as long as it says; -1: they do not chain. */
static int records(const char *text, size_t n, const char *type)
{
    char wanted[64];
    const char *end = text + n;
    int count = 0;

    snprintf(wanted, sizeof wanted, "WARC/1.1\r\nWARC-Type: %s\r\n", type);
    while (text < end) {
        const char *block = strstr(text, "\r\n\r\n"),
                   *length = strstr(text, "\r\nContent-Length: ");
        size_t size;

        if (strncmp(text, "WARC/1.1\r\n", 10) != 0 || block == NULL || length == NULL ||
            length > block)
            return -1;
        size = strtoul(length + 18, NULL, 10);
        count += strncmp(text, wanted, strlen(wanted)) == 0;
        text = block + 4 + size;
        if (text + 4 > end || memcmp(text, "\r\n\r\n", 4) != 0)
            return -1;
        text += 4;
    }
    return count;
}

static void expect_files(int pages, int answered, const char *in_jsonl,
                         const char *in_warc)
{
    size_t n;
    char *text;

    EXPECT_INT(crawl_close(&crawl), 0);
    text = load("pages.jsonl", &n);
    EXPECT_INT(lines(text), pages);
    EXPECT(strstr(text, in_jsonl) != NULL);
    free(text);
    text = load("crawl.warc", &n);
    EXPECT_INT(records(text, n, "warcinfo"), 1);
    EXPECT_INT(records(text, n, "response"), answered);
    EXPECT_INT(records(text, n, "request"), answered);
    EXPECT(strstr(text, in_warc) != NULL);
    free(text);
    trace_reset();
    remove_output();
    end();
}

static void hostile_texts(void)
{
    static const struct answer rows[] = {
        ANSWER("/", "200 OK\r\nContent-Type: text/html; charset=utf-8",
               "<title>\x1b]0;x\x07 \"\\\xff</title><a href='\x1b[2J\"\\'><a href=%00><a "
               "href=\xe4\xb8\xad><a href='a b'><a href=to><a href=bad>"),
        ANSWER("/to", "302 \xff\r\nLocation: //o/\"\xff\r\nContent-Type: \"\\\xff", ""),
        { "/bad", .raw = "\x1b[2J\"HTTP/1.1 200\r\n\r\n", .closes = true },
        { .path = NULL }
    };

    start(rows);
    options.retries = 0;
    EXPECT_INT(crawl_from("http://h/"), 0);
    expect_files(7, 6, "\"title\":\"\\u001b]0;x\\u0007 \\\"\\\\\\ufffd\"",
                 "GET /%E4%B8%AD HTTP");
}

static void kinds_of_pages(void)
{
    static const struct answer rows[] = {
        ANSWER("/", NULL,
               "<title>Home</title><a href=1><a href=2><a href=3><a href=4><a "
               "href=5><a href=1>"),
        ANSWER("/1", "404 No\r\nContent-Type: text/html", "gone"),
        ANSWER("/2", "302 Found\r\nLocation: /6", ""),
        { "/3", .raw = "", .closes = true },
        { "/4", .raw = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel",
          .closes = true },
        { "/5", .latency = NEVER },
        ANSWER("/6", "200 OK", "six"),
        { .path = NULL }
    };

    start(rows);
    options.retries = 1;
    options.concurrency = options.per_host = 3;
    EXPECT_INT(crawl_from("http://h/"), 0);
    expect_files(
        7, 5,
        "{\"url\":\"http://h/6\",\"status\":200,\"depth\":1,\"from\":\"http://h/2\","
        "\"type\":null,\"bytes\":3,\"title\":null,\"links\":0,\"attempts\":1,",
        "\r\nWARC-Truncated: disconnect\r\n");
}

static void cut_by_time(void)
{
    static const struct answer rows[] = {
        { "/", .raw = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel" },
        { .path = NULL }
    };

    start(rows);
    options.retries = 0;
    EXPECT_INT(crawl_from("http://h/"), 0);
    expect_files(1, 1,
                 "\"status\":200,\"depth\":0,\"from\":null,\"type\":null,\"bytes\":3,",
                 "\r\nWARC-Truncated: time\r\n");
}

/* Only the last attempt is kept: one line and one exchange for a page. */
static void several_attempts(void)
{
    static const struct answer rows[] = { { "/", .head = "503 Busy", .body = "b",
                                            .times = 2 },
                                          { "/", .body = "fine" },
                                          { .path = NULL } };

    start(rows);
    EXPECT_INT(crawl_from("http://h/"), 0);
    expect_files(1, 1, "\"attempts\":3,", "\r\n\r\nfine\r\n\r\n");
}

/* robots.txt is not a page. */
static void robots(void)
{
    static const struct answer rows[] = { ANSWER("/robots.txt", "200 OK",
                                                 "User-agent: *\nDisallow: /private\n"),
                                          ANSWER("/", NULL, "<a href=private>"),
                                          { .path = NULL } };

    start(rows);
    options.robots = true;
    EXPECT_INT(crawl_from("http://h/"), 0);
    expect_files(1, 1, "\"links\":1,", "GET / HTTP/1.1\r\n");
}

static void digests(void)
{
    static const struct answer rows[] = { ANSWER("/", NULL, "abc"), { .path = NULL } };

    start(rows);
    options.digests = true;
    EXPECT_INT(crawl_from("http://h/"), 0);
    expect_files(1, 1, "\"bytes\":3,",
                 "\r\nWARC-Payload-Digest: sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5\r\n");
}

static void stopped_in_the_middle(void)
{
    static const struct answer rows[] = {
        ANSWER("/", NULL, "<a href=1>"),
        { "/1", .raw = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel" },
        { .path = NULL }
    };
    struct task task;

    start(rows);
    open_crawl("http://h/");
    loop_create_task(&runner.loop, &task, crawl_run(&crawl_frame, &crawl));
    wait(1);
    crawl_stop(&crawl, true);
    EXPECT_INT(loop_run_until_complete(&runner.loop, &task), 0);
    expect_files(1, 1, "\"url\":\"http://h/\"", "GET / HTTP");
}

/* The readers above must detect errors. */
static void readers(void)
{
    static const char good[] =
        "WARC/1.1\r\nWARC-Type: x\r\nContent-Length: 2\r\n\r\nhi\r\n\r\n";

    EXPECT(past_string("\"a\\n\\u00e9\"") != NULL && past_string("\"a\\x\"") == NULL &&
           past_string("\"\x1b\"") == NULL && past_string("\"\\u00g0\"") == NULL);
    EXPECT(past_value("0,") != NULL && past_value("07") == NULL &&
           past_value("-") == NULL);
    EXPECT(lines("{\"url\":\"a\"}\n") == -1 && lines("") == 0);
    EXPECT_INT(records(good, sizeof good - 1, "x"), 1);
    EXPECT_INT(records(good, sizeof good - 2, "x"), -1);
}

CHECK_MAIN({ "hostile titles, URLs, fields", hostile_texts },
           { "all kinds of pages", kinds_of_pages }, { "cut by time", cut_by_time },
           { "several attempts, one record", several_attempts },
           { "robots.txt is no page", robots }, { "digests when asked for", digests },
           { "stopped in the middle", stopped_in_the_middle },
           { "the readers of this check", readers })
