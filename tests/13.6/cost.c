/*
 * cost.c - one measured operation. Usage: cost WORK BYTES, under callgrind, which counts
 * the instructions inside measured() only. The list of WORK is below; 13.6.bats compares.
 */
#include "message_body.h"
#include "tsv.h"
#include "url.h"

/* A head as nginx sends it; the body follows. */
static const char nginx[] = "HTTP/1.1 200 OK\r\n"
                            "Server: nginx\r\n"
                            "Date: Tue, 25 Nov 2025 10:00:00 GMT\r\n"
                            "Content-Type: text/html\r\n"
                            "Content-Length: 612\r\n"
                            "Last-Modified: Tue, 11 Nov 2025 14:12:09 GMT\r\n"
                            "Connection: keep-alive\r\n"
                            "ETag: \"69134269-264\"\r\n"
                            "Accept-Ranges: bytes\r\n"
                            "\r\n";

static const struct http_limits wide = { .line = 100000000,
                                         .head = 100000000,
                                         .fields = HTTP_FIELDS_MAX };

struct work {
    char *bytes;
    size_t n;
};

static struct http_head head;
static struct http_body body;

/* `start`, then `part` again and again up to `n` bytes, then `end`. */
static struct work fill(const char *start, const char *part, const char *end, size_t n)
{
    size_t more = strlen(part), last = strlen(end);
    struct work work = { malloc(n + strlen(start) + more + last + 1), strlen(start) };

    strcpy(work.bytes, start);
    while (work.n + more + last <= n) {
        memcpy(work.bytes + work.n, part, more);
        work.n += more;
    }
    memcpy(work.bytes + work.n, end, last);
    work.n += last;
    return work;
}

/* A hundred fields: there is room for 128. */
static struct work long_head(size_t n)
{
    char *field = malloc(n / 100 + 20);
    struct work work;

    memset(field, 'v', n / 100);
    memcpy(field, "Field: ", 7);
    strcpy(field + n / 100 - 2, "\r\n");
    work = fill("HTTP/1.1 200 OK\r\n", field, "\r\n", n);
    free(field);
    return work;
}

static struct work prepare(const char *name, size_t n)
{
    struct http_head *h = &head;

    if (strcmp(name, "response") == 0)
        return fill("", nginx, "", sizeof nginx - 1);
    if (strcmp(name, "head") == 0)
        return long_head(n);
    if (strncmp(name, "chunks", 6) == 0) {
        http_head_init(h);
        http_parse_response(h, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                            47);
        http_framing(&body, h, "GET");
        return fill("", "5\r\nhello\r\n1f;x=\"y\"\r\n0123456789012345678901234567890\r\n",
                    "0\r\nA: b\r\n\r\n", n);
    }
    return fill("http://h/", strcmp(name, "url") == 0 ? "a/../" : "\t", "x?y#z", n);
}

/* Only the instructions in this function are counted. */
static bool measured(const char *name, struct work work)
{
    static struct url url;
    struct span data;
    size_t used;
    int got = 0;

    switch (*name) {
    case 'r': /* as a client does with the bytes of one recv() */
        http_head_init(&head);
        return http_parse_response(&head, work.bytes, work.n) == (ssize_t)work.n &&
               http_framing(&body, &head, "GET") == 0 && body.left == 612;
    case 'h':
        http_head_init(&head);
        head.limits = &wide;
        for (size_t i = 1; i <= work.n && got == 0; i++)
            got = (int)http_parse_response(&head, work.bytes, i);
        return got == (int)work.n;
    case 'c':
        for (size_t i = 0; i < work.n && got == 0; i++)
            got = http_body_read(&body, work.bytes + i, 1, &used, &data);
        return got == 1;
    default:
        return url_parse(&url, work.bytes, work.n, NULL) == 0;
    }
}

/* The call goes through a volatile pointer, so that the compiler cannot inline it. */
static bool (*volatile call_measured)(const char *, struct work) = measured;

int main(int argc, char **argv)
{
    struct work work;

    if (argc != 3)
        return 2;
    work = prepare(argv[1], strtoul(argv[2], NULL, 10));
    if (!call_measured(argv[1], work))
        return 1;
    printf("%zu bytes\n", work.n);
    free(work.bytes);
    return 0;
}
