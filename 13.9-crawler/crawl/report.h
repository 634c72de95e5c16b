/*
 * report.h - prints the tool's lines for people: progress, pages, errors, summary.
 *
 *     crawl.on_page = on_page; ... report_page(stderr, record);
 *     report_summary(stdout, &crawl);
 *
 * Text from the network or the command line is made safe for a terminal first: its
 * control bytes are escaped. Next: crawl.c.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "crawler.h"

/* Prints a line on stderr: "crawl: " and a text that is formatted as by printf() and made
 * safe for a terminal. A text of more than 1023 bytes is cut. */
void report_trouble(const char *format, ...);

/* Prints one line that replaces the previous one on a terminal: pages, queue, requests in
 * flight, errors, pages per second. */
void report_progress(FILE *terminal, const struct crawl *crawl);

/* Erases the line of report_progress(). */
void report_progress_end(FILE *terminal);

/* Prints one line for a page: status, bytes, URL, and the redirect's target or the
 * error. */
void report_page(FILE *out, const struct page_record *record);

/* Prints the summary: pages by status class, pages left out, bytes, seconds, the most
 * requests in flight, connections. */
void report_summary(FILE *out, const struct crawl *crawl);

#endif
