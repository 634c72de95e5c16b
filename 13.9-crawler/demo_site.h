/*
 * demo_site.h - the server of the eight pages that the section's program crawls.
 *
 *     err = demo_site_start(&site, get_running_loop());
 *     ... a crawl of site.server.address ...
 *     demo_site_stop(&site);
 *
 * The pages contain a cycle, a redirect, a page that answers 503 once, a missing page, a
 * slow page, and a link to a page that robots.txt forbids. Next: main.c.
 */
#ifndef DEMO_SITE_H
#define DEMO_SITE_H

#include "server.h"

struct demo_site {
    struct server server;
    char folder[64], path[80]; /* the temporary folder, and the socket in it */
    int refusals;              /* requests for /d; the first one is refused */
};

/* Serves the site at a Unix socket in a temporary folder. Bytes sent through a Unix
 * socket arrive at once, so virtual time is exact. Returns 0 or an errno value. */
int demo_site_start(struct demo_site *site, struct loop *loop);

/* Closes the server and removes the folder. */
void demo_site_stop(struct demo_site *site);

#endif
