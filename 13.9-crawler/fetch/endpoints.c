/* endpoints.c - a hash table of hosts: those in use, and the latest of those that were. */
#include "endpoints.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void endpoints_init(struct connector *connector)
{
    for (int i = 0; i < CONNECTOR_BUCKETS; i++)
        ring_init(&connector->buckets[i]);
    ring_init(&connector->unused);
}

static void forget(struct connector *connector, struct endpoint *endpoint)
{
    connector->unused_count -= endpoint->unused.next != NULL;
    ring_remove(&endpoint->unused);
    ring_remove(&endpoint->in_bucket);
    free(endpoint);
}

void endpoints_free(struct connector *connector)
{
    for (int i = 0; i < CONNECTOR_BUCKETS; i++)
        while (!ring_empty(&connector->buckets[i]))
            forget(connector,
                   container_of(connector->buckets[i].next, struct endpoint, in_bucket));
}

/* FNV-1a. There are so few entries that no host can make a bucket long. */
static struct link *bucket_of(struct connector *connector, struct span host,
                              unsigned port)
{
    uint32_t hash = 2166136261u ^ port;

    for (size_t i = 0; i < host.n; i++)
        hash = (hash ^ (unsigned char)host.at[i]) * 16777619u;
    return &connector->buckets[(hash ^ hash >> 16) % CONNECTOR_BUCKETS];
}

static bool leads_to(const struct endpoint *endpoint, const struct url *url,
                     struct span host)
{
    const struct host_addresses *a = &endpoint->addresses;

    return a->port == url->port && endpoint->https == url_is_https(url) &&
           strlen(a->host) == host.n && memcmp(a->host, host.at, host.n) == 0;
}

static struct endpoint *new_endpoint(struct connector *connector, const struct url *url,
                                     struct span host)
{
    struct endpoint *endpoint = calloc(1, sizeof *endpoint);

    if (endpoint == NULL)
        return NULL;
    endpoint->https = url_is_https(url);
    memcpy(endpoint->addresses.host, host.at, host.n);
    endpoint->addresses.port = url->port;
    bounded_semaphore_init(&endpoint->places, connector->limit_per_host);
    ring_init(&endpoint->idle);
    return endpoint;
}

int endpoint_find(struct connector *connector, const struct url *url,
                  struct endpoint **endpoint)
{
    struct span host = url_host_name(url);
    struct link *bucket = bucket_of(connector, host, url->port);

    if (host.n > HOST_MAX)
        return AIO_NAME;
    for (struct link *l = bucket->next; l != bucket; l = l->next) {
        *endpoint = container_of(l, struct endpoint, in_bucket);
        if (leads_to(*endpoint, url, host))
            return 0;
    }
    *endpoint = new_endpoint(connector, url, host);
    if (*endpoint == NULL)
        return ENOMEM;
    ring_append(bucket, &(*endpoint)->in_bucket);
    return 0;
}

void endpoint_hold(struct connector *connector, struct endpoint *endpoint)
{
    endpoint->users++;
    connector->unused_count -= endpoint->unused.next != NULL;
    ring_remove(&endpoint->unused);
}

void endpoint_release(struct connector *connector, struct endpoint *endpoint)
{
    if (--endpoint->users > 0)
        return;
    ring_append(&connector->unused, &endpoint->unused);
    if (++connector->unused_count > CONNECTOR_UNUSED_MAX)
        forget(connector, container_of(connector->unused.next, struct endpoint, unused));
}

struct endpoint *connector_keep(struct connector *connector, const struct url *url)
{
    struct endpoint *endpoint;

    if (endpoint_find(connector, url, &endpoint) != 0)
        return NULL;
    endpoint_hold(connector, endpoint);
    return endpoint;
}
