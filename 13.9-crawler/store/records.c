/* records.c - a page as a JSON line, an exchange as WARC records. Next: store.c. */
#include "records.h"

#include <string.h>
#include <unistd.h>

enum { ID = 48 }; /* bytes of a record's id: a UUID in letters as a URN, with its NUL */

/* The splitmix64 generator: simple, and every seed is good. */
static uint64_t random_next(uint64_t *seed)
{
    uint64_t x = *seed += 0x9e3779b97f4a7c15u;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

uint64_t records_seed(void)
{
    struct timespec now = { 0, 0 };
    uint64_t seed;

    clock_gettime(CLOCK_REALTIME, &now);
    seed = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    seed = random_next(&seed) ^ (uint64_t)getpid();
    return seed != 0 ? seed : 1;
}

bool records_url(const char *url)
{
    const char *c = url;

    while (*c > 0x20 && *c < 0x7f)
        c++;
    return c > url && *c == '\0';
}

/* Appends the key before a value, with a comma unless it is the first one. */
static void key(struct text *t, const char *name)
{
    text_string(t, t->n > 1 ? ",\"" : "\"");
    text_string(t, name);
    text_string(t, "\":");
}

static void put_string(struct text *t, const char *name, const char *value, size_t n)
{
    key(t, name);
    if (value == NULL)
        text_string(t, "null");
    else
        json_string(t, value, n);
}

static void put_number(struct text *t, const char *name, uint64_t value)
{
    key(t, name);
    text_number(t, value);
}

static size_t length(const char *s)
{
    return s == NULL ? 0 : strlen(s);
}

void records_page(struct text *line, const struct page_record *page)
{
    text_add(line, "{", 1);
    put_string(line, "url", page->url, length(page->url));
    put_number(line, "status", (unsigned)page->status);
    put_number(line, "depth", (unsigned)page->depth);
    put_string(line, "from", page->from, length(page->from));
    put_string(line, "type", page->type, length(page->type));
    put_number(line, "bytes", page->bytes);
    put_string(line, "title", page->title, page->title_n);
    put_number(line, "links", page->links);
    put_number(line, "attempts", (unsigned)page->attempts);
    put_number(line, "ms", page->ms);
    put_string(line, "error", page->error, length(page->error));
    if (page->redirect != NULL)
        put_string(line, "redirect", page->redirect, length(page->redirect));
    if (page->encoding != NULL)
        put_string(line, "encoding", page->encoding, length(page->encoding));
    if (page->charset != NULL)
        put_string(line, "charset", page->charset, length(page->charset));
    text_add(line, "}\n", 2);
}

/* Makes a record's id, a random UUID of version 4 (RFC 9562, 5.4). */
static void make_id(uint64_t *seed, char id[ID])
{
    static const char digits[] = "0123456789abcdef";
    static const char shape[ID] = "<urn:uuid:xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx>";
    uint64_t bits = 0;
    int left = 0;

    for (int i = 0; i < ID; i++) {
        id[i] = shape[i];
        if (shape[i] != 'x' && shape[i] != 'y')
            continue;
        if (left == 0)
            bits = random_next(seed);
        id[i] = shape[i] == 'x' ? digits[bits & 15] : digits[8 + (bits & 3)];
        bits >>= 4;
        left = left == 0 ? 15 : left - 1;
    }
}

static void field(struct text *t, const char *name, const char *value)
{
    text_string(t, name);
    text_string(t, ": ");
    text_string(t, value);
    text_string(t, "\r\n");
}

/* Appends the fields at the beginning of every record (WARC 1.1, 5.2 to 5.4). */
static void begin(struct text *t, const char *type, const char *id, time_t date)
{
    char when[32] = "1970-01-01T00:00:00Z";
    struct tm utc;

    if (gmtime_r(&date, &utc) != NULL)
        strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc);
    text_string(t, "WARC/1.1\r\n");
    field(t, "WARC-Type", type);
    field(t, "WARC-Record-ID", id);
    field(t, "WARC-Date", when);
}

/* Appends the field of a digest (WARC 1.1, 5.8 and 5.9), and ends the digest. */
static void label(struct text *t, const char *name, struct sha1 *digest)
{
    char value[SHA1_LABEL];

    sha1_label(digest, value);
    field(t, name, value);
}

/* Appends the last fields (WARC 1.1, 5.5 and 5.6) and the empty line. */
static void end(struct text *t, const char *type, uint64_t n)
{
    field(t, "Content-Type", type);
    text_string(t, "Content-Length: ");
    text_number(t, n);
    text_string(t, "\r\n\r\n");
}

void records_info(struct text *record, uint64_t *seed, time_t date, const char *name)
{
    static const char block[] =
        "software: crawl\r\n"
        "format: WARC File Format 1.1\r\n"
        "conformsTo: "
        "http://iipc.github.io/warc-specifications/specifications/warc-format/"
        "warc-1.1/\r\n";
    char id[ID];

    make_id(seed, id);
    begin(record, "warcinfo", id, date);
    field(record, "WARC-Filename", name);
    end(record, "application/warc-fields", strlen(block));
    text_string(record, block);
    text_string(record, "\r\n\r\n");
}

void records_exchange(struct text *response, struct text *request, uint64_t *seed,
                      const struct exchange *x)
{
    struct warc_message *m = x->response;
    char id[ID], request_id[ID];
    struct sha1 digest;

    make_id(seed, id);
    make_id(seed, request_id);
    begin(response, "response", id, m->date);
    field(response, "WARC-Target-URI", x->url);
    if (x->truncated != NULL)
        field(response, "WARC-Truncated", x->truncated);
    if (m->digests) {
        label(response, "WARC-Payload-Digest", &m->payload);
        label(response, "WARC-Block-Digest", &m->block);
    }
    end(response, "application/http;msgtype=response",
        (uint64_t)m->bytes.size + m->bytes.tail.n);

    begin(request, "request", request_id, m->date);
    field(request, "WARC-Target-URI", x->url);
    field(request, "WARC-Concurrent-To", id);
    if (m->digests) {
        sha1_start(&digest);
        sha1_add(&digest, x->request, x->request_n);
        label(request, "WARC-Block-Digest", &digest);
    }
    end(request, "application/http;msgtype=request", x->request_n);
}
