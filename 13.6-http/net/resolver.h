/*
 * resolver.h - a loop's resolver, for resolver.c and resolve.c only.
 *
 * A loop has one: a hash table of names, and an executor. A name is either kept, and then
 * it stands in the line of those that were asked for least lately; or it is under way,
 * and then those who wait for it stand in line at it. The loop finds its resolver among
 * its closers, and so does the end of the loop. Next: resolver.c.
 */
#ifndef RESOLVER_H
#define RESOLVER_H

#include "resolve.h"

struct flight { /* a lookup that is under way */
    struct name *name;
    struct link waiters; /* struct async_resolve */
    struct run_in_executor run;
    struct handle done; /* called when it has ended */
    struct host_addresses answer;
};

struct name {
    struct resolver *resolver;
    struct name *next; /* in its bucket */
    unsigned port;
    struct link age;       /* its place among resolver->kept */
    struct flight *flight; /* owned; NULL: it is kept */
    double expires;        /* in loop time */
    int error;             /* AIO_NAME, or 0 and there are addresses */
    int count;
    struct address *address; /* owned */
    char host[];
};

struct resolver {
    struct closer closer;
    struct loop *loop;
    struct executor *ex; /* its last thread frees it, so it is apart */
    struct names_settings settings;
    struct link kept; /* struct name, the least recently used first */
    int kept_n, all_n;
    unsigned mask; /* buckets, less one */
    struct name *bucket[];
};

/* The loop's resolver; NULL: it has none. */
struct resolver *resolver_of(struct loop *loop);

/* Make the loop's resolver. 0; ENOMEM; or what loop_open_inbox() and executor_init()
 * say. */
int resolver_make(struct loop *loop, struct resolver **made);

/* The name, or NULL. */
struct name *resolver_find(struct resolver *r, const char *host, unsigned port);

/* A name that is not there, neither kept nor under way as yet. NULL: no memory. */
struct name *resolver_add(struct resolver *r, const char *host, unsigned port);

/* What is known of it is good for `ttl` seconds from now on, 0: it is forgotten; and so
 * is who was asked for least lately, when there are too many. */
void resolver_keep(struct name *name, double ttl);

/* It was asked for. */
void resolver_touch(struct name *name);

/* Drop it, with its flight, if any. */
void resolver_forget(struct name *name);

/* Nobody waits for it any more: let the thread go, and forget it. */
void resolver_call_off(struct name *name);

#endif
