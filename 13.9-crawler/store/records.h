/*
 * records.h - what the store's lines and records say; store.c only moves their bytes.
 *
 * Everything is appended to a struct text, whose error tells of missing memory.
 * Sections are those of the WARC 1.1 standard. Implemented in shelf/records.c.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include "store.h"

/* A seed for record ids that no other crawl has: from clock and process id, never 0. */
uint64_t records_seed(void);

/* May this URL stand in a header field? Not empty, printable ASCII and no space. */
bool records_url(const char *url);

/* The line of pages.jsonl, with its line feed. */
void records_page(struct text *line, const struct page_record *page);

/* The whole warcinfo record (6.2) that begins the archive `name`. Ids advance *seed. */
void records_info(struct text *record, uint64_t *seed, time_t date, const char *name);

/* The heads of both records (6.3, 6.4) with the empty line; the blocks follow them.
 * Uses up the digests of x->response. */
void records_exchange(struct text *response, struct text *request, uint64_t *seed,
                      const struct exchange *x);

#endif
