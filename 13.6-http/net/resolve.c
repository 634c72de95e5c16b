/*
 * resolve.c - the system's resolver in threads, a cache of names, and their waiters.
 *
 * A loop has one resolver: a hash table of names and an executor. A name is either
 * cached, and then it is in the list `kept`; or its lookup is under way, and then the
 * lookup has a list of waiters. Read async_resolve_body() first. Next: connect.h.
 */
#include "resolve.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "span.h"

/* ---- the system's resolver ---- */

static int error_of(int eai)
{
    switch (eai) {
    case EAI_MEMORY:
        return ENOMEM;
    case EAI_SYSTEM:
        return errno != 0 ? errno : AIO_NAME;
    default:
        return AIO_NAME;
    }
}

static int system_lookup(struct host_addresses *a)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *list, *item;
    char port[8];
    int eai;

    snprintf(port, sizeof port, "%u", a->port);
    eai = getaddrinfo(a->host, port, &hints, &list);
    if (eai != 0)
        return error_of(eai);
    for (item = list; item != NULL && a->count < ADDRESSES_MAX; item = item->ai_next)
        if (item->ai_addrlen <= sizeof(struct address))
            memcpy(&a->address[a->count++], item->ai_addr, item->ai_addrlen);
    freeaddrinfo(list);
    return a->count > 0 ? 0 : AIO_NAME;
}

int (*names_lookup)(struct host_addresses *addresses) = system_lookup;

struct names_settings names_settings = NAMES_DEFAULT;

struct lookup { /* a lookup under way */
    struct name *name;
    struct waiters waiters; /* each in a struct async_resolve */
    struct run_in_executor run;
    struct handle done; /* called when the thread has finished */
    struct host_addresses answer;
};

struct name {
    struct resolver *resolver;
    struct name *next; /* next name in its bucket */
    unsigned port;
    struct link age;       /* its place in resolver->kept */
    struct lookup *lookup; /* owned; NULL: the name is cached */
    double expires;        /* expiry in loop time */
    int error;             /* AIO_NAME, or 0 when there are addresses */
    int count;
    struct address *address; /* owned */
    char host[];
};

struct resolver {
    struct closer closer;
    struct loop *loop;
    struct executor *ex; /* a block of its own, because its last thread frees it */
    struct names_settings settings;
    struct link kept; /* struct name, the least recently used first */
    int kept_n, all_n;
    unsigned mask; /* number of buckets - 1 */
    struct name *bucket[];
};

/* ---- the table ---- */

static size_t hash_of(const char *host, unsigned port)
{
    return (size_t)span_hash(SPAN_HASH ^ port, (struct span){ host, strlen(host) });
}

/* Returns the link to a name, or the NULL link where it would be. A socket address
 * includes its port, so host and port together identify a name. */
static struct name **find_slot(struct resolver *r, const char *host, unsigned port)
{
    struct name **at = &r->bucket[hash_of(host, port) & r->mask];

    while (*at != NULL && ((*at)->port != port || strcmp((*at)->host, host) != 0))
        at = &(*at)->next;
    return at;
}

/* Frees a name and its lookup, if there is one. */
static void forget_name(struct name *name)
{
    struct resolver *r = name->resolver;
    struct name **at = find_slot(r, name->host, name->port);

    *at = name->next;
    r->all_n--;
    if (name->age.next != NULL)
        r->kept_n--;
    ring_remove(&name->age);
    free(name->lookup);
    free(name->address);
    free(name);
}

/* Adds a name that is not in the table. Returns NULL when there is no memory. */
static struct name *add_name(struct resolver *r, const char *host, unsigned port)
{
    struct name **bucket = &r->bucket[hash_of(host, port) & r->mask];
    struct name *name = calloc(1, sizeof *name + strlen(host) + 1);

    if (name == NULL)
        return NULL;
    strcpy(name->host, host);
    name->resolver = r;
    name->port = port;
    name->next = *bucket;
    *bucket = name;
    r->all_n++;
    return name;
}

/* Cancels the lookup of a name without waking its waiters. */
static void cancel_lookup(struct name *name)
{
    struct lookup *lookup = name->lookup;

    future_remove_done_callback(&lookup->run.future, &lookup->done);
    handle_cancel(&lookup->done);
    future_cancel(&lookup->run.future, NULL);
    forget_name(name);
}

static struct name *find_name(struct resolver *r, const char *host, unsigned port)
{
    return *find_slot(r, host, port);
}

/* Makes a cached name the most recently used one. */
static void mark_used(struct name *name)
{
    ring_remove(&name->age);
    ring_append(&name->resolver->kept, &name->age);
}

/* Caches a name for `ttl` seconds; 0 forgets it. Drops the least recently used name when
 * there are too many. */
static void keep_name(struct name *name, double ttl)
{
    struct resolver *r = name->resolver;

    name->expires = loop_time(r->loop) + ttl;
    ring_append(&r->kept, &name->age);
    r->kept_n++;
    if (!(ttl > 0))
        forget_name(name);
    while (r->kept_n > r->settings.capacity)
        forget_name(container_of(r->kept.next, struct name, age));
}

/* ---- a loop's resolver ---- */

/* Waiters are not woken, because their loop has ended. */
static void close_resolver(struct closer *closer)
{
    struct resolver *r = container_of(closer, struct resolver, closer);

    for (unsigned i = 0; i <= r->mask; i++)
        while (r->bucket[i] != NULL)
            if (r->bucket[i]->lookup != NULL)
                cancel_lookup(r->bucket[i]);
            else
                forget_name(r->bucket[i]);
    executor_leave(r->ex);
    free(r);
}

/* Returns the loop's resolver, which is one of its closers, or NULL when it has none. */
static struct resolver *resolver_of(struct loop *loop)
{
    for (struct link *at = loop->closers.next; at != &loop->closers; at = at->next) {
        struct closer *closer = container_of(at, struct closer, link);

        if (closer->close == close_resolver)
            return container_of(closer, struct resolver, closer);
    }
    return NULL;
}

static int make_executor(struct executor **ex)
{
    int err;

    *ex = malloc(sizeof **ex);
    if (*ex == NULL)
        return ENOMEM;
    err = executor_init(*ex, names_settings.threads);
    (*ex)->on_heap = true; /* executor_leave() frees it */
    if (err != 0)
        free(*ex);
    return err;
}

/* Creates the loop's resolver. Returns 0, ENOMEM, or an error of loop_open_inbox() or
 * executor_init(). */
static int make_resolver(struct loop *loop, struct resolver **made)
{
    unsigned buckets = 16;
    struct resolver *r;
    int err =
        loop_open_inbox(loop); /* before this closer, so that the inbox closes after it */

    while (buckets < (unsigned)names_settings.capacity && buckets < 1u << 20)
        buckets *= 2;
    r = calloc(1, sizeof *r + buckets * sizeof r->bucket[0]);
    if (err == 0)
        err = r == NULL ? ENOMEM : make_executor(&r->ex);
    if (err != 0) {
        free(r);
        return err;
    }
    r->loop = loop;
    r->settings = names_settings;
    r->mask = buckets - 1;
    ring_init(&r->kept);
    r->closer.close = close_resolver;
    loop_on_close(loop, &r->closer);
    *made = r;
    return 0;
}

/* ---- lookups ---- */

static const struct future_kind name_kind = { .what = "a name",
                                              .cancel = future_end_cancelled };

static void copy_addresses(const struct name *name, struct host_addresses *to)
{
    to->count = name->count;
    if (name->count > 0)
        memcpy(to->address, name->address, (size_t)name->count * sizeof to->address[0]);
}

static int store_answer(struct name *name, const struct host_addresses *answer, int err)
{
    size_t size = (size_t)answer->count * sizeof answer->address[0];

    name->count = 0;
    if (err == 0 && answer->count == 0)
        err = AIO_NAME;
    if (err != 0)
        return err;
    name->address = malloc(size);
    if (name->address == NULL)
        return ENOMEM;
    memcpy(name->address, answer->address, size);
    name->count = answer->count;
    return 0;
}

static void on_lookup_done(struct handle *h)
{
    struct lookup *lookup = container_of(h, struct lookup, done);
    struct name *name = lookup->name;
    const struct names_settings *settings = &name->resolver->settings;
    struct waiter *waiter;
    int err = store_answer(name, &lookup->answer, future_error(&lookup->run.future));

    name->error = err;
    name->lookup = NULL;
    while ((waiter = waiters_take(&lookup->waiters)) != NULL) {
        copy_addresses(name,
                       container_of(waiter, struct async_resolve, waiter)->addresses);
        if (err != 0)
            future_set_exception(&waiter->future, err);
        else
            future_set_result(&waiter->future, NULL);
    }
    free(lookup);
    keep_name(name, err == 0          ? settings->ttl
                    : err == AIO_NAME ? settings->negative_ttl
                                      : 0);
}

static int lookup_in_thread(void *addresses)
{
    return names_lookup(addresses);
}

/* Starts a lookup of `name` in a thread. Returns 0 or an error, after which the caller
 * must forget the name. */
static int start_lookup(struct name *name)
{
    struct lookup *lookup = malloc(sizeof *lookup);
    int err = lookup != NULL ? 0 : ENOMEM;

    if (err == 0) {
        lookup->name = name;
        waiters_init(&lookup->waiters);
        handle_init(&lookup->done);
        strcpy(lookup->answer.host, name->host);
        lookup->answer.port = name->port;
        lookup->answer.count = 0;
        err = loop_run_in_executor(&lookup->run, name->resolver->ex, lookup_in_thread,
                                   &lookup->answer, sizeof lookup->answer)
                  ->error;
    }
    if (err == 0)
        err =
            future_add_done_callback(&lookup->run.future, &lookup->done, on_lookup_done);
    name->lookup = lookup;
    return err;
}

/* Finds a name that is cached and fresh, or whose lookup is under way; otherwise
 * starts its lookup. Returns 0 or an error. */
static int find_or_look_up(struct resolver *r, const struct host_addresses *a,
                           struct name **found)
{
    struct name *name = find_name(r, a->host, a->port);
    int err;

    if (name != NULL && name->lookup == NULL && loop_time(r->loop) >= name->expires) {
        forget_name(name);
        name = NULL;
    }
    *found = name;
    if (name != NULL)
        return 0;
    *found = name = add_name(r, a->host, a->port);
    if (name == NULL)
        return ENOMEM;
    err = start_lookup(name);
    if (err != 0)
        forget_name(name);
    return err;
}

/* Returns 0 after copying the cached addresses; or 0 after joining the waiters of
 * the name; or an error. */
static int start_waiting(struct async_resolve *self)
{
    struct loop *loop = get_running_loop();
    struct resolver *r = resolver_of(loop);
    struct name *name = NULL;
    int err = r != NULL ? 0 : make_resolver(loop, &r);

    if (err == 0)
        err = find_or_look_up(r, self->addresses, &name);
    if (err != 0)
        return err;
    if (name->lookup == NULL) {
        mark_used(name);
        copy_addresses(name, self->addresses);
        return name->error;
    }
    return waiters_join(&name->lookup->waiters, &self->waiter, &name_kind);
}

static co_status async_resolve_body(struct coro *co)
{
    struct async_resolve *self = co_self(co, struct async_resolve);
    struct host_addresses *a = self->addresses;
    int err;

    ASYNC (co) {
        a->count = 0;
        if (address_from_text(&a->address[0], a->host, a->port)) {
            a->count = 1;
            return co_done(co);
        }
        err = start_waiting(self);
        if (err != 0)
            return co_raise(co, err);
        if (self->waiter.link.next != NULL)
            AWAIT(&self->waiter.future);

    FINALLY:
        if (self->waiter.link.next != NULL) /* cancelled; the lookup goes on */
            waiter_leave(&self->waiter);
    }
    return co_done(co);
}

struct coro *async_resolve(struct async_resolve *self, struct host_addresses *addresses)
{
    self->addresses = addresses;
    self->waiter.link.next = NULL;
    return co_init(&self->co, async_resolve_body);
}

int names_kept(struct loop *loop)
{
    struct resolver *r = resolver_of(loop);

    return r != NULL ? r->all_n : 0;
}

void resolve_forget(struct loop *loop, const char *host, unsigned port)
{
    struct resolver *r = resolver_of(loop);
    struct name *name = r != NULL ? find_name(r, host, port) : NULL;

    if (name != NULL && name->lookup == NULL)
        forget_name(name);
}
