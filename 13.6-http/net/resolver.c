/* resolver.c - the table of names, and how a loop gets and loses it. Next: resolve.c. */
#include "resolver.h"

#include <stdlib.h>
#include <string.h>

/* ---- the table ---- */

static unsigned hash_of(const char *host, unsigned port)
{
    unsigned hash = 2166136261u ^ port; /* FNV-1a */

    for (; *host != '\0'; host++)
        hash = (hash ^ (unsigned char)*host) * 16777619u;
    return hash;
}

/* An address has a port in it, so a name is known with its port. */
static struct name **place_of(struct resolver *r, const char *host, unsigned port)
{
    struct name **at = &r->bucket[hash_of(host, port) & r->mask];

    while (*at != NULL && ((*at)->port != port || strcmp((*at)->host, host) != 0))
        at = &(*at)->next;
    return at;
}

void resolver_forget(struct name *name)
{
    struct resolver *r = name->resolver;
    struct name **at = place_of(r, name->host, name->port);

    *at = name->next;
    r->all_n--;
    if (name->age.next != NULL)
        r->kept_n--;
    ring_remove(&name->age);
    free(name->flight);
    free(name->address);
    free(name);
}

struct name *resolver_add(struct resolver *r, const char *host, unsigned port)
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

void resolver_call_off(struct name *name)
{
    struct flight *flight = name->flight;

    future_remove_done_callback(&flight->run.future, &flight->done);
    handle_cancel(&flight->done);
    future_cancel(&flight->run.future, NULL);
    resolver_forget(name);
}

struct name *resolver_find(struct resolver *r, const char *host, unsigned port)
{
    return *place_of(r, host, port);
}

void resolver_touch(struct name *name)
{
    ring_remove(&name->age);
    ring_append(&name->resolver->kept, &name->age);
}

void resolver_keep(struct name *name, double ttl)
{
    struct resolver *r = name->resolver;

    name->expires = loop_time(r->loop) + ttl;
    ring_append(&r->kept, &name->age);
    r->kept_n++;
    if (!(ttl > 0))
        resolver_forget(name);
    while (r->kept_n > r->settings.capacity)
        resolver_forget(container_of(r->kept.next, struct name, age));
}

/* ---- a loop's resolver ---- */

/* Who waits has no loop any more, and must not hear of it. */
static void resolver_close(struct closer *closer)
{
    struct resolver *r = container_of(closer, struct resolver, closer);

    for (unsigned i = 0; i <= r->mask; i++)
        while (r->bucket[i] != NULL)
            if (r->bucket[i]->flight != NULL)
                resolver_call_off(r->bucket[i]);
            else
                resolver_forget(r->bucket[i]);
    executor_leave(r->ex);
    free(r);
}

struct resolver *resolver_of(struct loop *loop)
{
    for (struct link *at = loop->closers.next; at != &loop->closers; at = at->next) {
        struct closer *closer = container_of(at, struct closer, link);

        if (closer->close == resolver_close)
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
    (*ex)->on_heap = true; /* executor_leave() sees to it that it is freed */
    if (err != 0)
        free(*ex);
    return err;
}

int resolver_make(struct loop *loop, struct resolver **made)
{
    unsigned buckets = 16;
    struct resolver *r;
    int err = loop_open_inbox(loop); /* before us, so that it closes behind us */

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
    r->closer.close = resolver_close;
    loop_on_close(loop, &r->closer);
    *made = r;
    return 0;
}

int names_kept(struct loop *loop)
{
    struct resolver *r = resolver_of(loop);

    return r != NULL ? r->all_n : 0;
}
