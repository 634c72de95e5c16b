/*
 * store_fixture.h - shared by the checks of store.h: a new folder, writing an exchange,
 * and an independent reader of records.
 */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include "store.h"

#include <errno.h>

#include "tsv.h"

#define BIG (1024 * 1024 + 77) /* bytes of a spooled body */

static char base[1024]; /* the new folder */
static const char ok_head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";

struct bytes {
    char *at;
    size_t n;
};

static const char *in_base(const char *name)
{
    static char path[4][2048];
    static int next;

    next = (next + 1) % 4;
    snprintf(path[next], sizeof path[next], "%s/%s", base, name);
    return path[next];
}

/* Returns the whole file, with a NUL behind. Exits when the file is missing. */
static inline struct bytes load(const char *name)
{
    FILE *f = fopen(in_base(name), "rb");
    struct bytes b = { NULL, 0 };
    long size;

    if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0)
        exit(2);
    rewind(f);
    b.at = malloc((size_t)size + 1);
    b.n = fread(b.at, 1, (size_t)size, f);
    b.at[b.n] = '\0';
    fclose(f);
    return b;
}

static inline time_t fixed_now(void)
{
    return 1700000000; /* 2023-11-14T22:13:20Z */
}

static inline bool begin(struct store *s, const char *name, bool digests)
{
    *s = (struct store){ .seed = 42, .now = fixed_now, .digests = digests };
    return store_open(s, in_base(name)) == 0;
}

struct record {
    char *head, *block; /* point into the file's bytes */
    size_t n;           /* bytes of the block */
};

/* Returns the value of a field of the head, or NULL. The text stays valid for 15 more
 * calls. */
static const char *field(const struct record *r, const char *name)
{
    static char value[16][512];
    static int next;
    char start[64], first = *r->block, *at;
    size_t n;

    snprintf(start, sizeof start, "\r\n%s: ", name);
    *r->block = '\0'; /* so that the search ends with the head */
    at = strstr(r->head, start);
    *r->block = first;
    if (at == NULL)
        return NULL;
    at += strlen(start);
    n = strcspn(at, "\r");
    next = (next + 1) % 16;
    snprintf(value[next], sizeof value[next], "%.*s", (int)n, at);
    return value[next];
}

static inline bool digest_is(const char *bytes, size_t n, const char *expected)
{
    char label[SHA1_LABEL];
    struct sha1 s;

    sha1_start(&s);
    sha1_add(&s, bytes, n);
    sha1_label(&s, label);
    return expected != NULL && strcmp(label, expected) == 0;
}

/* Reads the record at *at and moves *at behind it. Returns false when the record is
 * malformed. */
static inline bool next_record(const struct bytes *file, size_t *at, struct record *r)
{
    const char *length, *digest;
    char *end;

    r->head = file->at + *at;
    if (strncmp(r->head, "WARC/1.1\r\n", 10) != 0)
        return false;
    end = strstr(r->head, "\r\n\r\n");
    if (end == NULL)
        return false;
    r->block = end + 4;
    length = field(r, "Content-Length");
    r->n = length == NULL ? 0 : (size_t)strtoull(length, NULL, 10);
    if (length == NULL || file->n - (size_t)(r->block - file->at) < r->n + 4)
        return false;
    *at = (size_t)(r->block - file->at) + r->n + 4;
    digest = field(r, "WARC-Block-Digest");
    return memcmp(r->block + r->n, "\r\n\r\n", 4) == 0 &&
           (digest == NULL || digest_is(r->block, r->n, digest));
}

/* Returns the number of records when one follows the other to the end of the file, else
 * -1. */
static inline int chain(const struct bytes *file)
{
    struct record r;
    size_t at = 0;
    int count = 0;

    while (at < file->n) {
        if (!next_record(file, &at, &r))
            return -1;
        count++;
    }
    return count;
}

/* Stores one exchange. Its response is `head` and a body of `n` bytes, which arrives in
 * pieces of `piece` bytes. */
static inline int exchange(struct store *s, const char *url, const char *head,
                           const char *body, size_t n, size_t piece,
                           const char *truncated)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    struct warc_message m;
    struct exchange x = { url, request, sizeof request - 1, &m, truncated };
    int error;

    warc_begin(s, &m);
    error = warc_add(s, &m, head, strlen(head));
    for (size_t at = 0; at < n && error == 0; at += piece) {
        size_t k = n - at < piece ? n - at : piece;

        error = warc_add(s, &m, tsv_wall(body + at, k), k);
        warc_payload(&m, body + at, k);
    }
    if (error == 0)
        error = store_exchange(s, &x);
    warc_free(&m);
    warc_free(&m);
    return error;
}

static inline char *big_body(void)
{
    static char body[BIG];
    static bool made;

    for (size_t i = 0; i < BIG && !made; i++)
        body[i] = (char)(i * 2654435761u >> 11);
    made = true;
    return body;
}

/* Makes the folder `base`; remove_base() removes it with its contents. */
static inline void make_base(void)
{
    const char *tmp = getenv("TMPDIR");

    snprintf(base, sizeof base, "%s/store-check.XXXXXX", tmp != NULL ? tmp : "/tmp");
    if (mkdtemp(base) == NULL)
        exit(2);
}

static inline void remove_base(void)
{
    char command[2048];

    snprintf(command, sizeof command, "rm -rf '%s'", base);
    if (system(command) != 0)
        exit(2);
}

#endif
