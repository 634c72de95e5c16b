/*
 * address.h - where a socket connects to: an IP address and a port. Next: sock.h.
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

enum { ADDRESS_TEXT_MAX = 128 }; /* room for a path, or "[IPv6]:port" */

/* The numeric address that `host` spells, with `port`: true; a name: false. Needs no
 * resolver, as asyncio's _ipaddr_info. */
bool address_from_text(struct address *address, const char *host, unsigned port);

/* The Unix socket at `path`: true; false when the path is too long for one. */
bool address_from_path(struct address *address, const char *path);

/* "127.0.0.1:80" or "[::1]:80", or the path, in `text`. */
const char *address_text(const struct address *address, char text[ADDRESS_TEXT_MAX]);

/* How many bytes of it the system's calls want to hear of. */
socklen_t address_size(const struct address *address);

/* What is special about an IP address by the IANA special-purpose address registries (RFC
 * 6890), in one or two words: "loopback", "private", "link-local", ...; a constant. NULL: it
 * is an ordinary public one. An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) is
 * judged as itself. Stricter than the registries: a whole block is special when most of it
 * is, and so is all of IPv6 that is not given out (RFC 4291 2.4). NULL for a Unix socket,
 * which no name leads to. */
const char *address_special(const struct address *address);

#endif
