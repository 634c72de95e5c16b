/*
 * address.h - the address that a socket connects to, and what is special about it.
 *
 *     if (address_from_text(&address, "127.0.0.1", 80) && address_special(&address)) ...
 *
 * Next: sock.h.
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

struct address { /* IPv4 or IPv6 with its port, or a Unix socket */
    union {
        struct sockaddr any;
        struct sockaddr_in in4;
        struct sockaddr_in6 in6;
        struct sockaddr_un un;
    };
};

enum { ADDRESS_TEXT_MAX = 128 }; /* bytes that hold a path or "[IPv6]:port", and a NUL */

/* Sets `address` to the numeric IPv4 or IPv6 address that `host` spells, with `port`,
 * and returns true. Returns false when `host` is a name. Calls no resolver, like
 * asyncio's _ipaddr_info(). */
bool address_from_text(struct address *address, const char *host, unsigned port);

/* Sets `address` to the Unix socket at `path` and returns true. Returns false when the
 * path is empty or too long. */
bool address_from_path(struct address *address, const char *path);

/* Writes "127.0.0.1:80", "[::1]:80" or the path of a Unix socket to `text`, and
 * returns `text`. */
const char *address_text(const struct address *address, char text[ADDRESS_TEXT_MAX]);

/* Returns the length in bytes that connect() and bind() take for this address. */
socklen_t address_size(const struct address *address);

/* Returns a short constant string that says why an IP address is special by the IANA
 * special-purpose address registries (RFC 6890): "loopback", "private", "link-local", ...
 * Returns NULL for an ordinary public address, and for a Unix socket, because no name
 * resolves to one. A name from the network can resolve to 127.0.0.1, a router, or a
 * cloud's metadata service. The text of a URL does not show this, so a program must check
 * the address that it is about to connect to. An IPv4 address inside an IPv6 address
 * (mapped, NAT64, 6to4) is judged as an IPv4 address. The function is stricter than the
 * registries: it treats a whole block as special when most of the block is, and treats
 * all IPv6 space that is not allocated (RFC 4291 2.4) as special. */
const char *address_special(const struct address *address);

#endif
