/*
 * demo_site.h - the eight pages that the section's program crawls: a cycle, a redirect, a
 * page that is refused once, one that is not there, a slow one, and one that robots.txt
 * forbids. Implemented in shelf/demo_site.c.
 */
#ifndef DEMO_SITE_H
#define DEMO_SITE_H

#include "server.h"

struct demo_site {
    struct server server;
    char folder[64], path[80]; /* where its Unix socket is */
    int refusals;              /* how often /d has been refused */
};

/* Serve the site at a Unix socket in a temporary folder: bytes through it arrive at once,
 * so that virtual time is exact. 0 or an errno value. */
int demo_site_start(struct demo_site *site, struct loop *loop);

/* Close it and remove the folder. */
void demo_site_stop(struct demo_site *site);

#endif
