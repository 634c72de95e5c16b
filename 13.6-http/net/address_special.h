/*
 * address_special.h - is an address one that a stranger may send us to?
 *
 * A name from the network may stand for 127.0.0.1, a router, or a cloud's metadata
 * service. Only the address that is about to be connected to can tell, never the text of
 * a URL. Next: address_special.c.
 */
#ifndef ADDRESS_SPECIAL_H
#define ADDRESS_SPECIAL_H

#include "address.h"

/* What is special about an IP address by the IANA special-purpose address registries (RFC
 * 6890), in one or two words: "loopback", "private", "link-local", ...; a constant. NULL: it
 * is an ordinary public one. An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) is
 * judged as itself. Stricter than the registries: a whole block is special when most of it
 * is, and so is all of IPv6 that is not given out (RFC 4291 2.4). NULL for a Unix socket,
 * which no name leads to. */
const char *address_special(const struct address *address);

#endif
