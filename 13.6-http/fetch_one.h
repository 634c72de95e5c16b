/*
 * fetch_one.h - build/fetch's work: one URL after the other. Next: fetch_one.c.
 */
#ifndef FETCH_ONE_H
#define FETCH_ONE_H

#include "client.h"
#include "clocks.h"
#include "connect.h"
#include "fetch_options.h"

struct fetch {
    struct coro co, once; /* all URLs; one of them */
    const struct fetch_options *options;
    int status; /* what main() will return */
    /* the present one */
    struct url url;
    char request[URL_MAX + FIELDS_MAX + 512];
    size_t request_n;
    double asked; /* loop time at which the request was sent */
    unsigned long long bytes;
    FILE *out;       /* NULL: not opened yet */
    bool file_error; /* the error is the file's, not the network's */
    /* the connection, which the next one may use */
    struct stream stream;
    struct host_addresses host; /* where it leads */
    bool kept;                  /* it has carried an exchange, and may carry another */
    /* what it awaits */
    struct http_patience limits;
    struct http_clocks clocks;
    struct async_resolve resolve;
    struct open_connection open;
    struct http_exchange exchange;
    struct http_read read;
};

/* Ask for self->url by self->request and write what comes. Raises what the network says,
 * or the file: then self->file_error is set. */
struct coro *fetch_one(struct fetch *self);

#endif
