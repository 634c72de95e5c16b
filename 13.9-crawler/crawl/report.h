/* report.h - what the crawl says while it runs and when it is over. Next: crawl.c. */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "crawler.h"

/* A line on stderr, as printf() would write it behind "crawl: ", but fit for a terminal
 * whatever bytes are in it; at most a kilobyte. */
void report_trouble(const char *format, ...);

/* One line on a terminal, written over the one before: pages, queue, in flight, errors,
 * pages a second. */
void report_progress(FILE *terminal, const struct crawl *crawl);

/* Take that line away. */
void report_progress_end(FILE *terminal);

/* One line for a page that has been written down: status, bytes, URL, error or target. */
void report_page(FILE *out, const struct page_record *record);

/* The summary: pages by status class, bytes, seconds, requests in flight, connections. */
void report_summary(FILE *out, const struct crawl *crawl);

#endif
