/* address.c - converts addresses, and judges them by two tables. Next: sock.h. */
#include "address.h"

#include <arpa/inet.h>
#include <stdint.h>
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

/* ---- special-purpose addresses ---- */

static uint64_t number(const uint8_t *bytes, int n)
{
    uint64_t value = 0;

    for (int i = 0; i < n; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* The iana-ipv4-special-registry, multicast (RFC 5771) and the 6to4 relays (RFC 7526). */
static const char *special4(uint32_t address)
{
    static const struct {
        uint32_t prefix;
        int bits;
        const char *why;
    } blocks[] = {
        { 0x00000000, 8, "this network" },   { 0x0a000000, 8, "private" },
        { 0x64400000, 10, "shared" },        { 0x7f000000, 8, "loopback" },
        { 0xa9fe0000, 16, "link-local" },    { 0xac100000, 12, "private" },
        { 0xc0000000, 24, "for protocols" }, { 0xc0000200, 24, "documentation" },
        { 0xc0586300, 24, "a 6to4 relay" },  { 0xc0a80000, 16, "private" },
        { 0xc6120000, 15, "benchmarking" },  { 0xc6336400, 24, "documentation" },
        { 0xcb007100, 24, "documentation" }, { 0xe0000000, 4, "multicast" },
        { 0xf0000000, 4, "reserved" },
    };

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if ((address ^ blocks[i].prefix) >> (32 - blocks[i].bits) == 0)
            return blocks[i].why;
    return NULL;
}

/* The iana-ipv6-special-registry, by the upper 64 bits of the address. Blocks within
 * 2000::/3 come first. Space outside 2000::/3 is not allocated. */
static const char *special6(uint64_t half)
{
    static const struct {
        uint64_t prefix;
        int bits;
        const char *why;
    } blocks[] = {
        { 0x2001000000000000, 32, "Teredo" },
        { 0x2001000000000000, 23, "for protocols" },
        { 0x20010db800000000, 32, "documentation" },
        { 0x3fff000000000000, 20, "documentation" },
        { 0xfc00000000000000, 7, "private" },
        { 0xfe80000000000000, 10, "link-local" },
        { 0xfec0000000000000, 10, "site-local" },
        { 0xff00000000000000, 8, "multicast" },
        { 0x0100000000000000, 48, "discard-only" },
        { 0x0064ff9b00010000, 48, "local NAT64" },
        { 0x5f00000000000000, 16, "segment routing" },
    };

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if ((half ^ blocks[i].prefix) >> (64 - blocks[i].bits) == 0)
            return blocks[i].why;
    return half >> 61 == 1 ? NULL : "reserved";
}

/* Returns the offset of an IPv4 address within an IPv6 address (RFC 4291 2.5.5.2, RFC
 * 6052 2.1, RFC 3056 2), or -1 when there is none. */
static int embedded4(const uint8_t *bytes)
{
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
    static const uint8_t nat64[12] = { 0, 0x64, 0xff, 0x9b };

    if (memcmp(bytes, mapped, 12) == 0 || memcmp(bytes, nat64, 12) == 0)
        return 12;
    return bytes[0] == 0x20 && bytes[1] == 0x02 ? 2 : -1;
}

const char *address_special(const struct address *address)
{
    const uint8_t *six = address->in6.sin6_addr.s6_addr;
    int at;

    switch (address->any.sa_family) {
    case AF_UNIX:
        return NULL;
    case AF_INET:
        return special4(ntohl(address->in4.sin_addr.s_addr));
    case AF_INET6:
        break;
    default:
        return "of no known family";
    }
    at = embedded4(six);
    if (at >= 0)
        return special4((uint32_t)number(six + at, 4));
    if (number(six, 8) == 0 && number(six + 8, 8) <= 1)
        return six[15] == 1 ? "loopback" : "unspecified";
    return special6(number(six, 8));
}
