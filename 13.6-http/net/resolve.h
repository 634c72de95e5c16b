/*
 * resolve.h - resolves a host's name to its addresses without blocking the loop.
 *
 *     AWAIT(async_resolve(&self->resolve, &self->addresses));
 *
 * The system's resolver blocks, so it runs in threads. The threads belong to an executor
 * that does nothing else: in a shared pool, a wait for a busy thread would look like a
 * slow name server. Answers are cached for a while, and concurrent requests for a name
 * share one lookup. Cache and executor belong to the loop. loop_close() ends them, and
 * does not wait for a lookup. Next: connect.h.
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
    int count;                             /* 0: not resolved yet */
    struct address address[ADDRESSES_MAX]; /* in the resolver's order */
};

/* Looks a name up: sets address[] and count for host and port. It is called in a thread.
 * Returns 0 or an error, AIO_NAME when the name has no address. The default calls
 * getaddrinfo(). A check can replace it before the first lookup. */
extern int (*names_lookup)(struct host_addresses *addresses);

/* The settings, which a loop copies at its first lookup. */
struct names_settings {
    int threads;  /* concurrent lookups */
    int capacity; /* cached names; the least recently used is dropped */
    double ttl;   /* seconds in the cache, as the system does not report the real TTL */
    double negative_ttl; /* the same for AIO_NAME; 0: not cached, so a retry asks again */
};

#define NAMES_DEFAULT                                                     \
    {                                                                     \
        .threads = 16, .capacity = 4096, .ttl = 60.0, .negative_ttl = 0.0 \
    }

extern struct names_settings names_settings;

/* loop.getaddrinfo(): fills `addresses`, whose host and port the caller has set. A
 * numeric or cached host takes no pass of the loop and no thread. A cancelled task
 * stops waiting, but the lookup goes on, because a thread cannot be interrupted: its
 * answer is for other tasks that wait, or for the cache. So a name whose server is
 * dead occupies one thread, however often it is asked for. Raises AIO_NAME, ENOMEM, or
 * another error of names_lookup(), of loop_open_inbox() or of the executor. */
struct async_resolve {
    struct coro co;
    struct host_addresses *addresses; /* owned by the caller; result */
    struct waiter waiter;
};
struct coro *async_resolve(struct async_resolve *self, struct host_addresses *addresses);

/* Drops the cached addresses of a name, so that the next async_resolve() asks the
 * system again. Does nothing when the name is not cached or its lookup is under way.
 * Call it on the loop's thread only. */
void resolve_forget(struct loop *loop, const char *host, unsigned port);

/* Returns the number of names that the loop knows: the cached ones and those under
 * lookup. */
int names_kept(struct loop *loop);

#endif
