/*
 * records.h - makes the content of the store's lines and records; store.c writes it.
 *
 *     records_page(&line, page);
 *     if (line.error == 0) ...
 *
 * Everything is appended to a struct text, whose `error` is ENOMEM when memory is short.
 * Next: records.c.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include "store.h"

/* Returns a seed for record ids that no other crawl has, made from the clock and the
 * process id; never 0. */
uint64_t records_seed(void);

/* Returns true when the URL is allowed in a header field: printable ASCII without a
 * space, not empty. */
bool records_url(const char *url);

/* Appends a page's line of pages.jsonl, with its line feed. `line` must be empty. */
void records_page(struct text *line, const struct page_record *page);

/* Appends the whole warcinfo record (WARC 1.1, 6.2) that begins the archive `name`. The
 * record's id comes from *seed, which changes with each id. */
void records_info(struct text *record, uint64_t *seed, time_t date, const char *name);

/* Appends the heads of both records (WARC 1.1, 6.3 and 6.4) with the empty line after
 * each; the caller writes the blocks. Their ids come from *seed, too. Ends the digests of
 * x->response, which cannot be used again. */
void records_exchange(struct text *response, struct text *request, uint64_t *seed,
                      const struct exchange *x);

#endif
