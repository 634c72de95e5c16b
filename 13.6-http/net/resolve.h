/*
 * resolve.h - from a host's name to its addresses, off the loop.
 *
 * The system's resolver blocks, so it runs in threads: in those of an executor of its
 * own, for who waits for a thread of a busy pool would take that for a slow name server.
 * Answers are kept for a while, the same name is looked up once however many ask, and
 * both are the loop's and end with it. Next: connect.h.
 */
#ifndef RESOLVE_H
#define RESOLVE_H

#include "address.h"
#include "run_in_executor.h"
#include "waiters.h"

enum { HOST_MAX = 253, ADDRESSES_MAX = 16 };

struct host_addresses {
    char host[HOST_MAX + 1];
    unsigned port;
    int count;                             /* 0: not known yet */
    struct address address[ADDRESSES_MAX]; /* in the resolver's order */
};

/* What looks names up, in a thread: fills address[] and count for host and port. 0 or an
 * error, AIO_NAME for a name that has no address. getaddrinfo() by default; a check may
 * put another in its place before the first lookup. */
extern int (*names_lookup)(struct host_addresses *addresses);

/* Read when a loop looks up its first name. */
struct names_settings {
    int threads; /* names that are looked up at a time */
    int capacity; /* names whose addresses are kept; beyond, the least recently used goes */
    double
        ttl; /* seconds for which they are: the system does not say how long it may be */
    double
        negative_ttl; /* the same for AIO_NAME; 0: not kept, so that a retry asks anew */
};

#define NAMES_DEFAULT                                                     \
    {                                                                     \
        .threads = 16, .capacity = 4096, .ttl = 60.0, .negative_ttl = 0.0 \
    }

extern struct names_settings names_settings;

struct name;

/* loop.getaddrinfo(): fill `addresses`, whose host and port are set. A numeric host and
 * one that is kept cost no pass and no thread. A cancel leaves others that wait for the
 * name alone; the last one takes the lookup with it. Raises AIO_NAME, ENOMEM, or what
 * the executor says. */
struct async_resolve {
    struct coro co;
    struct host_addresses *addresses; /* the caller's; result */
    struct name *name;                /* what it waits for, NULL: nothing */
    struct waiter waiter;
};
struct coro *async_resolve(struct async_resolve *self, struct host_addresses *addresses);

/* Drops the cached addresses of a name, so that the next async_resolve() asks the system again.
 * Does nothing when the name is not cached or its lookup is under way. Call it on the loop's
 * thread only. */
void resolve_forget(struct loop *loop, const char *host, unsigned port);

/* How many names the loop keeps, those included that are being looked up. */
int names_kept(struct loop *loop);

#endif
