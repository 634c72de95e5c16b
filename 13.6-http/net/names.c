/* names.c - what looks a name up: getaddrinfo(), which blocks. Next: resolve.c. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "resolve.h"

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

static int lookup(struct host_addresses *a)
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

int (*names_lookup)(struct host_addresses *addresses) = lookup;

struct names_settings names_settings = NAMES_DEFAULT;
