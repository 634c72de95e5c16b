/* address.c - addresses as text and as the system wants them. */
#include "address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

bool address_from_text(struct address *address, const char *host, unsigned port)
{
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, host, &address->in4.sin_addr) == 1) {
        address->in4.sin_family = AF_INET;
        address->in4.sin_port = htons((in_port_t)port);
        return true;
    }
    if (inet_pton(AF_INET6, host, &address->in6.sin6_addr) == 1) {
        address->in6.sin6_family = AF_INET6;
        address->in6.sin6_port = htons((in_port_t)port);
        return true;
    }
    return false;
}

bool address_from_path(struct address *address, const char *path)
{
    size_t n = strlen(path);

    memset(address, 0, sizeof *address);
    if (n == 0 || n >= sizeof address->un.sun_path)
        return false;
    address->un.sun_family = AF_UNIX;
    memcpy(address->un.sun_path, path, n);
    return true;
}

socklen_t address_size(const struct address *address)
{
    switch (address->any.sa_family) {
    case AF_INET:
        return sizeof address->in4;
    case AF_INET6:
        return sizeof address->in6;
    default:
        return sizeof address->un;
    }
}

const char *address_text(const struct address *address, char text[ADDRESS_TEXT_MAX])
{
    bool six = address->any.sa_family == AF_INET6;
    const void *bytes = six ? (const void *)&address->in6.sin6_addr
                            : (const void *)&address->in4.sin_addr;
    char host[INET6_ADDRSTRLEN] = "";

    if (address->any.sa_family == AF_UNIX) {
        snprintf(text, ADDRESS_TEXT_MAX, "%s", address->un.sun_path);
        return text;
    }
    inet_ntop(address->any.sa_family, bytes, host, sizeof host);
    snprintf(text, ADDRESS_TEXT_MAX, six ? "[%s]:%u" : "%s:%u", host,
             (unsigned)ntohs(six ? address->in6.sin6_port : address->in4.sin_port));
    return text;
}
