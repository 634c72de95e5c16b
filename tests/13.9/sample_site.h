/*
 * sample_site.h - a web site to crawl. The program generates it, knows which pages a
 * correct crawl of it fetches, and counts the requests.
 *
 * Read next: sample_pages.c, the table; sample_site.c.
 */
#ifndef SAMPLE_SITE_H
#define SAMPLE_SITE_H

#include "http_server.h"

enum {
    SAMPLE_NUMBERED = 200,   /* pages /p/0.html, /p/1.html, ... */
    SAMPLE_PAGES_MAX = 320,  /* all pages */
    SAMPLE_STRANGE_MAX = 64, /* unexpected targets, kept for the report */
    SAMPLE_TARGET_MAX = 128, /* bytes of a target with its NUL */
};

struct sample_strange {
    char target[SAMPLE_TARGET_MAX]; /* cut when it is longer */
    unsigned count;
};

struct sample_site {
    struct http_server http;
    char base[ADDRESS_TEXT_MAX + 8];   /* "http://127.0.0.1:PORT" */
    unsigned counts[SAMPLE_PAGES_MAX]; /* requests for each page */
    struct sample_strange strange[SAMPLE_STRANGE_MAX];
    int strange_count; /* entries used; when all are, the last one counts the rest */
};

/* Serves the site on a free port of 127.0.0.1, until http_server_close(&site->http).
 * Returns 0 or an errno value. */
int sample_site_start(struct sample_site *site, struct loop *loop);

/* Gets page `i`, counted from 0: its target and status, and in *listed whether a crawl
 * should fetch it (all pages but robots.txt). Returns false when there is no page `i`. */
bool sample_site_page(int i, char target[SAMPLE_TARGET_MAX], int *status, bool *listed);

#endif
