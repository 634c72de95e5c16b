/*
 * store.c - decides which record goes into which file, and keeps the first failure.
 * Next: records.h.
 */
#include "store.h"

#include <errno.h>
#include <string.h>

#include "records.h"

/* Notes `error` unless there was one before. Returns the first failure, or 0. */
static int fail(struct store *s, const char *name, int error)
{
    if (s->error == 0 && error != 0) {
        s->error = error;
        s->failed_on = name;
    }
    return s->error;
}

static int put(struct store *s, struct file_out *f, const void *bytes, size_t n)
{
    return fail(s, f->name, file_put(f, bytes, n));
}

static int mark(struct store *s, struct file_out *f)
{
    return fail(s, f->name, file_mark(f));
}

static int put_text(struct store *s, struct file_out *f, const struct text *t)
{
    return t->error != 0 ? fail(s, f->name, t->error) : put(s, f, t->at, t->n);
}

static time_t real_now(void)
{
    return time(NULL);
}

static int begin_warc(struct store *s)
{
    struct text info = { 0 };

    records_info(&info, &s->seed, s->now(), s->warc.name);
    if (put_text(s, &s->warc, &info) == 0)
        mark(s, &s->warc);
    text_free(&info);
    return s->error;
}

int store_open(struct store *s, const char *dir)
{
    *s = (struct store){
        .seed = s->seed,
        .now = s->now != NULL ? s->now : real_now,
        .digests = s->digests,
    };
    s->pages.fd = s->warc.fd = -1;
    if (s->seed == 0)
        s->seed = records_seed();
    if (fail(s, dir, file_open_folder(&s->dir, dir)) == 0 &&
        fail(s, "pages.jsonl", file_create(&s->pages, s->dir, "pages.jsonl")) == 0 &&
        fail(s, "crawl.warc", file_create(&s->warc, s->dir, "crawl.warc")) == 0 &&
        begin_warc(s) == 0)
        return 0;
    file_remove(&s->pages, s->dir);
    file_remove(&s->warc, s->dir);
    return store_close(s);
}

int store_page(struct store *s, const struct page_record *page)
{
    struct text line = { 0 };

    if (s->error != 0)
        return s->error;
    records_page(&line, page);
    if (put_text(s, &s->pages, &line) == 0)
        mark(s, &s->pages);
    text_free(&line);
    return s->error;
}

void warc_begin(const struct store *s, struct warc_message *m)
{
    *m = (struct warc_message){ .date = s->now(), .digests = s->digests };
    sha1_start(&m->block);
    sha1_start(&m->payload);
}

int warc_add(struct store *s, struct warc_message *m, const void *bytes, size_t n)
{
    if (s->error != 0)
        return s->error;
    if (m->digests)
        sha1_add(&m->block, bytes, n);
    return fail(s, "spool.tmp", file_spool_add(&m->bytes, s->dir, bytes, n));
}

void warc_payload(struct warc_message *m, const void *bytes, size_t n)
{
    if (m->digests)
        sha1_add(&m->payload, bytes, n);
}

void warc_free(struct warc_message *m)
{
    file_spool_free(&m->bytes);
}

static int put_message(struct store *s, const struct warc_message *m)
{
    bool reading = false;
    int error = file_spool_put(&m->bytes, &s->warc, &reading);

    return fail(s, reading ? "spool.tmp" : s->warc.name, error);
}

int store_exchange(struct store *s, const struct exchange *x)
{
    static const char end[] = "\r\n\r\n"; /* WARC 1.1, 4: after each block */
    struct text response = { 0 }, request = { 0 };
    struct file_out *f = &s->warc;

    if (s->error != 0)
        return s->error;
    if (!records_url(x->url))
        return EINVAL;
    records_exchange(&response, &request, &s->seed, x);
    if (put_text(s, f, &response) == 0 && put_message(s, x->response) == 0 &&
        put(s, f, end, 4) == 0 && mark(s, f) == 0 && put_text(s, f, &request) == 0 &&
        put(s, f, x->request, x->request_n) == 0 && put(s, f, end, 4) == 0)
        mark(s, f);
    text_free(&response);
    text_free(&request);
    if (s->error != 0)
        file_abandon(f, s->error);
    return s->error;
}

const char *store_failed_on(const struct store *s)
{
    return s->failed_on;
}

int store_close(struct store *s)
{
    if (s->dir == NULL)
        return s->error;
    fail(s, s->warc.name, file_close(&s->warc));
    fail(s, s->pages.name, file_close(&s->pages));
    fail(s, "the folder", file_close_folder(s->dir));
    s->dir = NULL;
    return s->error;
}
