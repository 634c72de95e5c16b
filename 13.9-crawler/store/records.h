/*
 * records.h - makes the content of the store's lines and records; store.c writes it.
 *
 *     records_page(&line, page);
 *     if (line.error == 0) ...
 *
 * Everything is appended to a struct text, whose `error` reports missing memory. Section
 * numbers are those of the WARC 1.1 standard. Next: records.c.
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

/* Appends the line of pages.jsonl, with its line feed. */
void records_page(struct text *line, const struct page_record *page);

/* Appends the whole warcinfo record (6.2) that begins the archive `name`. Each id
 * advances *seed. */
void records_info(struct text *record, uint64_t *seed, time_t date, const char *name);

/* Appends the heads of both records (6.3, 6.4) with the empty line after each; the
 * caller writes the blocks. Uses up the digests of x->response. */
void records_exchange(struct text *response, struct text *request, uint64_t *seed,
                      const struct exchange *x);

#endif
