/*
 * store.c - checks of store.h: the records of a small crawl, with digests and without,
 * read back by an independent reader; refused input; two runs that are equal byte for
 * byte.
 *
 * Prints TAP. Works in a new folder below TMPDIR or /tmp. Next: store-full.c.
 */
#include "store_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

static const char fake[] =
    "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 9\r\n\r\nfake page\r\n\r\n";

static bool digests; /* whether the checked crawl adds digests */

static const char *beneath(const char *folder, const char *name)
{
    static char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static bool write_small_crawl(const char *name)
{
    static const struct page_record first = {
        .url = "http://h/",
        .status = 200,
        .type = "text/html",
        .bytes = 12,
        .title = "a\x1b[2J\"\xc3\xa9\xff",
        .title_n = 9,
        .links = 3,
        .attempts = 1,
        .ms = 17,
    };
    static const struct page_record second = {
        .url = "http://h/gone",
        .depth = 1,
        .from = "http://h/",
        .attempts = 3,
        .error = "timeout\n",
        .redirect = "http://h/x",
    };
    struct store s;
    bool fine = begin(&s, name, digests);

    fine = fine && exchange(&s, "http://h/", ok_head, fake, strlen(fake), 7, NULL) == 0;
    fine = fine && store_page(&s, &first) == 0;
    fine =
        fine && exchange(&s, "http://h/big", ok_head, big_body(), BIG, 4096, NULL) == 0;
    fine = fine &&
           exchange(&s, "http://h/huge", ok_head, big_body(), BIG, BIG, "length") == 0;
    fine = fine && exchange(&s, "http://h/empty", ok_head, "", 0, 1, NULL) == 0;
    fine = fine && store_page(&s, &second) == 0;
    return store_close(&s) == 0 && store_close(&s) == 0 && store_failed_on(&s) == NULL &&
           fine;
}

static void check_lines(const char *name)
{
    static const char expected[] =
        "{\"url\":\"http://h/\",\"status\":200,\"depth\":0,\"from\":null,\"type\":\"text/"
        "html\","
        "\"bytes\":12,\"title\":\"a\\u001b[2J\\\"\\u00e9\\ufffd\",\"links\":3,"
        "\"attempts\":1,"
        "\"ms\":17,\"error\":null}\n"
        "{\"url\":\"http://h/gone\",\"status\":0,\"depth\":1,\"from\":\"http://h/\","
        "\"type\":null,\"bytes\":0,\"title\":null,\"links\":0,\"attempts\":3,\"ms\":0,"
        "\"error\":\"timeout\\n\",\"redirect\":\"http://h/x\"}\n";
    struct bytes file = load(beneath(name, "pages.jsonl"));

    if (!tap(strcmp(file.at, expected) == 0, "pages.jsonl, keys in order"))
        printf("# expected %s# got %s", expected, file.at);
    free(file.at);
}

/* Either all of its digests are present, or none. (next_record() compares block
 * digests.) */
static bool labels_are(const struct record *response, const struct record *request,
                       const char *body, size_t n)
{
    const char *payload = field(response, "WARC-Payload-Digest");

    return (field(response, "WARC-Block-Digest") != NULL) == digests &&
           (field(request, "WARC-Block-Digest") != NULL) == digests &&
           (digests ? digest_is(body, n, payload) : payload == NULL);
}

/* A response record and the request record that follows it. */
static bool check_pair(const struct bytes *file, size_t *at, const char *url,
                       const char *body, size_t n, const char *truncated)
{
    struct record r, q;
    size_t head = strlen(ok_head);
    const char *why, *id;

    if (!next_record(file, at, &r) || !next_record(file, at, &q))
        return false;
    why = field(&r, "WARC-Truncated");
    id = field(&r, "WARC-Record-ID");
    return strcmp(field(&r, "WARC-Type"), "response") == 0 &&
           strcmp(field(&q, "WARC-Type"), "request") == 0 && strlen(id) == 47 &&
           strcmp(field(&q, "WARC-Concurrent-To"), id) == 0 &&
           strcmp(field(&q, "WARC-Record-ID"), id) != 0 &&
           strcmp(field(&r, "WARC-Target-URI"), url) == 0 &&
           strcmp(field(&r, "WARC-Date"), "2023-11-14T22:13:20Z") == 0 &&
           strcmp(field(&r, "Content-Type"), "application/http;msgtype=response") == 0 &&
           labels_are(&r, &q, body, n) && r.n == head + n &&
           memcmp(r.block, ok_head, head) == 0 && memcmp(r.block + head, body, n) == 0 &&
           (truncated == NULL ? why == NULL : strcmp(why, truncated) == 0);
}

static void check_warc(const char *name)
{
    struct bytes file = load(beneath(name, "crawl.warc"));
    struct record info;
    size_t at = 0;

    tap(chain(&file) == 9, "crawl.warc: nine records chain to the end");
    tap(next_record(&file, &at, &info) &&
            strcmp(field(&info, "WARC-Type"), "warcinfo") == 0 &&
            strcmp(field(&info, "WARC-Filename"), "crawl.warc") == 0,
        "warcinfo comes first");
    tap(check_pair(&file, &at, "http://h/", fake, strlen(fake), NULL),
        "a body that holds a record");
    tap(check_pair(&file, &at, "http://h/big", big_body(), BIG, NULL), "a spooled body");
    tap(check_pair(&file, &at, "http://h/huge", big_body(), BIG, "length"),
        "a body in one piece, truncated");
    tap(check_pair(&file, &at, "http://h/empty", "", 0, NULL) && at == file.n, "no body");
    free(file.at);
}

static void equal_runs(void)
{
    struct bytes a = load("small/crawl.warc"), b;
    struct stat st;

    tap(write_small_crawl("again"), "the same crawl again");
    b = load("again/crawl.warc");
    tap(a.n == b.n && memcmp(a.at, b.at, a.n) == 0,
        "equal seed and clock give equal bytes");
    tap(stat(in_base("small/spool.tmp"), &st) != 0 && errno == ENOENT,
        "no spool is left");
    free(a.at);
    free(b.at);
}

static void refusals(void)
{
    struct store s, zero = { 0 };
    struct stat st;

    tap(!begin(&s, "small", false) && s.error == ENOTEMPTY &&
            store_close(&s) == ENOTEMPTY,
        "a folder that is not empty");
    tap(!begin(&s, "no/folder", false) && s.error == ENOENT, "a folder without parent");
    tap(!begin(&s, "small/pages.jsonl", false) && s.error == ENOTDIR,
        "a file is no folder");
    mkdir(in_base("empty"), 0700);
    tap(begin(&s, "empty", false), "an empty folder");
    tap(exchange(&s, "http://h/a b", ok_head, "", 0, 1, NULL) == EINVAL &&
            exchange(&s, "http://h/\r\nX: y", ok_head, "", 0, 1, NULL) == EINVAL &&
            exchange(&s, "", ok_head, "", 0, 1, NULL) == EINVAL && s.error == 0,
        "a URL that would break a field");
    tap(store_close(&s) == 0, "the store went on");
    tap(store_close(&zero) == 0 && fcntl(0, F_GETFD) >= 0,
        "closing what was never opened");
    tap(stat(in_base("empty/crawl.warc"), &st) == 0 && st.st_size > 0,
        "a crawl without pages");
}

/* The whole crawl, with digests or without. */
static void small_crawl(const char *name, bool with_digests)
{
    digests = with_digests;
    printf("# digests: %s\n", digests ? "yes" : "no");
    tap(write_small_crawl(name), "a small crawl is written");
    check_lines(name);
    check_warc(name);
}

int main(void)
{
    make_base();
    small_crawl("labelled", true);
    small_crawl("small", false);
    equal_runs();
    refusals();
    remove_base();
    return tap_end();
}
