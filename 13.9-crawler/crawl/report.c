/* report.c - all text from the network passes through terminal_safe(). Next: crawl.c. */
#include "report.h"

#include <stdarg.h>
#include <string.h>

/* Returns the seconds since the crawl began, more than 0 so that rates are finite. */
static double seconds_since(const struct crawl *crawl)
{
    double seconds = loop_time(crawl->loop) - crawl->began;

    return seconds > 1e-6 ? seconds : 1e-6;
}

void report_trouble(const char *format, ...)
{
    char plain[1024];
    struct text line = { 0 };
    va_list args;

    va_start(args, format);
    vsnprintf(plain, sizeof plain, format, args);
    va_end(args);
    terminal_safe(&line, plain, strlen(plain));
    fprintf(stderr, "crawl: %.*s\n", (int)line.n, line.at);
    text_free(&line);
}

void report_progress(FILE *terminal, const struct crawl *crawl)
{
    const struct crawl_counts *n = &crawl->counts;

    fprintf(terminal,
            "\r%lu pages, %lu queued, %d in flight, %lu errors, %.0f pages/s%s\033[K",
            n->pages, (unsigned long)crawl->frontier.queued, n->in_flight,
            n->status[0] + n->status[4] + n->status[5],
            (double)n->pages / seconds_since(crawl),
            crawl->stopping ? " (stopping; once more to stop at once)" : "");
    fflush(terminal);
}

void report_progress_end(FILE *terminal)
{
    fputs("\r\033[K", terminal);
    fflush(terminal);
}

void report_page(FILE *out, const struct page_record *record)
{
    struct text line = { 0 };

    text_printf(&line, "%3d %8llu ", record->status, (unsigned long long)record->bytes);
    terminal_safe(&line, record->url, strlen(record->url));
    if (record->redirect != NULL) {
        text_printf(&line, " -> ");
        terminal_safe(&line, record->redirect, strlen(record->redirect));
    }
    if (record->error != NULL) {
        text_printf(&line, " (");
        terminal_safe(&line, record->error, strlen(record->error));
        text_printf(&line, ")");
    }
    text_printf(&line, "\n");
    fwrite(line.at, 1, line.n, out);
    text_free(&line);
}

/* Prints bytes in decimal units, for example "50.7 MB". */
static void print_bytes(FILE *out, unsigned long long bytes)
{
    static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB" };
    double value = (double)bytes;
    int unit = 0;

    while (value >= 1000 && unit < 4) {
        value /= 1000;
        unit++;
    }
    fprintf(out, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
}

void report_summary(FILE *out, const struct crawl *crawl)
{
    const struct crawl_counts *n = &crawl->counts;
    const struct connector *c = &crawl->connector;
    double seconds = seconds_since(crawl);

    fprintf(out, "pages        %lu", n->pages);
    for (int i = 2; i <= 5; i++)
        fprintf(out, "  %dxx %lu", i, n->status[i]);
    fprintf(out, "  failed %lu\n", n->status[0]);
    fprintf(out, "left out     %lu forbidden by robots.txt, %lu not reached\n",
            n->forbidden, (unsigned long)crawl->frontier.unfinished);
    fputs("bytes        ", out);
    print_bytes(out, n->bytes);
    fprintf(out, "\ntime         %.2f s, %.0f pages/s\n", seconds,
            (double)n->pages / seconds);
    fprintf(out, "in flight    %d at most, %lu retries\n", n->peak, n->retries);
    fprintf(out, "connections  %lu opened, %lu times reused, %lu found closed\n",
            c->opened, c->reused, c->stale);
}
