/*
 * sample_pages.h - the table of the sample site's pages, except the numbered ones, which
 * sample_site.c makes. Read next: sample_pages.c.
 */
#ifndef SAMPLE_PAGES_H
#define SAMPLE_PAGES_H

#include <stdbool.h>
#include <stddef.h>

/* In a body or a Location these stand for "http://127.0.0.1:PORT" and for ":PORT". */
#define SAMPLE_BASE "\1"
#define SAMPLE_PORT "\2"

struct sample_page {
    const char *target;   /* path and query, as a crawler has to request them */
    int status;           /* the last answer's, when they differ */
    const char *body;     /* with the links; NULL: only a link to the home page */
    const char *type;     /* NULL: text/html */
    const char *location; /* the target of a redirect, or NULL */
    double delay;         /* seconds before the answer */
    size_t fill;          /* bytes of text between body and tail */
    const char *tail;
    bool chunked, close; /* how the body ends; both false: by its length */
    bool busy;           /* 503 at the first request */
    bool unlisted;       /* not a page: robots.txt */
};

extern const struct sample_page sample_pages[];
extern const size_t sample_page_count;

#endif
