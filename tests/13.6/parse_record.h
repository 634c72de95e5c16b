/*
 * parse_record.h - runs a whole exchange, cut into pieces at any place, through the HTTP
 * parsers, and records all visible results, so that two runs can be compared.
 */
#ifndef PARSE_RECORD_H
#define PARSE_RECORD_H

#include "message_body.h"
#include "tsv.h"

struct input {
    const char *bytes;
    size_t n;
    const char *method; /* of the request that was sent; NULL: the bytes are a request */
    bool eof;           /* the peer closes after the bytes */
    const struct http_limits *limits; /* NULL: the defaults */
};

struct verdict {
    char result[80]; /* "OK", "MORE" or "ERROR:kind" */
    int status, fields, interim, trailers;
    enum http_kind kind;
    bool reuse;
    size_t left, head; /* bytes left over, bytes of the head */
    size_t payload;
    char *body; /* the caller's, with room for input.n bytes; or NULL */
};

struct run { /* the state between two arrivals */
    struct http_head head;
    struct http_body body;
    size_t at; /* bytes consumed */
    bool in_body;
    struct verdict v;
};

static inline bool run_error(struct run *r, const char *why)
{
    snprintf(r->v.result, sizeof r->v.result, "ERROR:%.*s", (int)strcspn(why, ":"), why);
    return false;
}

/* Parses what has arrived so far, the `n` bytes at `buf`. Returns false after an
 * error. */
static inline bool run_feed(struct run *r, const struct input *in, const char *buf,
                            size_t n)
{
    int done = 0;

    if (!r->in_body) {
        ssize_t got = in->method != NULL ? http_parse_response(&r->head, buf, n)
                                         : http_parse_request(&r->head, buf, n);

        if (got < 0)
            return run_error(r, r->head.why);
        if (got == 0)
            return true;
        r->at = r->v.head = (size_t)got;
        r->in_body = true;
        if (http_framing(&r->body, &r->head, in->method) != 0)
            return run_error(r, r->body.why);
        r->v.status = r->head.status;
        r->v.fields = r->head.count;
        r->v.interim = r->head.interim;
    }
    while (r->at < n && done == 0) {
        size_t used;
        struct span data;

        done = http_body_read(&r->body, buf + r->at, n - r->at, &used, &data);
        if (r->v.body != NULL && data.n > 0)
            memcpy(r->v.body + r->v.payload, data.at, data.n);
        r->v.payload += data.n;
        r->at += used;
    }
    return done >= 0 || run_error(r, r->body.why);
}

static inline void run_end(struct run *r, const struct input *in)
{
    bool bad = in->eof && r->in_body && http_body_eof(&r->body) != 0;

    if (bad || (in->eof && !r->in_body)) {
        run_error(r, bad ? r->body.why : "truncated");
        return;
    }
    if (!r->in_body || !http_body_done(&r->body)) {
        strcpy(r->v.result, "MORE");
        return;
    }
    strcpy(r->v.result, "OK");
    r->v.trailers = r->body.trailers;
    r->v.kind = r->body.kind;
    r->v.left = in->n - r->at;
    r->v.reuse = http_keep_alive(&r->body) && r->v.left == 0;
}

/* Parses the input. First only `first` bytes arrive, in a buffer that ends there. Then
 * all bytes are in a second buffer, which does not move, and `step` more of them arrive
 * at a time. */
static inline struct verdict run_cut(const struct input *in, size_t first, size_t step,
                                     char *body)
{
    static struct run r; /* static: it has 4 KiB of fields */
    bool more = true;
    const char *buf;

    r.in_body = false;
    r.at = 0;
    r.v = (struct verdict){ .body = body };
    http_head_init(&r.head);
    if (in->limits != NULL)
        r.head.limits = in->limits;
    if (first > 0)
        more = run_feed(&r, in, tsv_wall(in->bytes, first), first);
    buf = tsv_wall(in->bytes, in->n);
    for (size_t n = first; more && n < in->n;) {
        n = in->n - n > step ? n + step : in->n;
        more = run_feed(&r, in, buf, n);
    }
    if (more)
        run_end(&r, in);
    return r.v;
}

static inline bool verdict_equal(const struct verdict *a, const struct verdict *b)
{
    return strcmp(a->result, b->result) == 0 && a->status == b->status &&
           a->fields == b->fields && a->interim == b->interim &&
           a->trailers == b->trailers && a->kind == b->kind && a->reuse == b->reuse &&
           a->left == b->left && a->head == b->head && a->payload == b->payload &&
           (a->payload == 0 || memcmp(a->body, b->body, a->payload) == 0);
}

/* Returns true when the verdict is the same byte by byte and at each single split. The
 * middle of a long input is split at every 997th byte only. Prints the place of a
 * difference. */
static inline bool run_all_cuts(const struct input *in, const struct verdict *whole)
{
    char *body = malloc(in->n + 1);
    struct verdict v = run_cut(in, 0, 1, body);
    bool same = body != NULL && verdict_equal(whole, &v);

    for (size_t i = 1; same && i < in->n; i++) {
        if (i > 300 && i + 300 < in->n && i % 997 != 0)
            continue;
        v = run_cut(in, i, in->n, body);
        same = verdict_equal(whole, &v);
        if (!same)
            printf("# split at %zu: ", i);
    }
    if (!same)
        printf("# whole %s, cut %s\n", whole->result, v.result);
    free(body);
    return same;
}

/* Runs the input whole and in every cut. Returns true when all results are the expected
 * ones. */
static inline bool expect(const struct input *in, const char *result, bool reuse)
{
    char *body = malloc(in->n + 1);
    struct verdict v = run_cut(in, 0, in->n, body);
    bool fine = strcmp(v.result, result) == 0 && v.reuse == reuse;

    if (!fine)
        printf("# expected %s reuse %d, got %s reuse %d\n", result, reuse, v.result,
               v.reuse);
    fine = run_all_cuts(in, &v) && fine;
    free(body);
    return fine;
}

#endif
