/*
 * url_host.h - the host of a URL: a name, an IPv4 address in any notation, or [IPv6].
 *
 *     err = url_canonical_host(text + start, &n, room);
 *
 * Only url.c uses it. The functions keep no state. Next: url_encode.h.
 */
#ifndef URL_HOST_H
#define URL_HOST_H

#include <stddef.h>

/*
 * Implements the host parser of WHATWG URL 3.5. Replaces the *n bytes at host (with [] or
 * escapes, as in a URL) by their serialised form and updates *n. The buffer at host has
 * `room` bytes. Returns 0, or an errno value: EINVAL when the host is not valid;
 * ENAMETOOLONG when the new form does not fit.
 */
int url_canonical_host(char *host, size_t *n, size_t room);

/*
 * Implements the IPv6 parser and serializer of WHATWG URL 3.5. Reads n bytes at s,
 * without [], and writes the address with [] around it and without a NUL. Returns its
 * length, or 0 when s is not an IPv6 address.
 */
size_t url_canonical_ipv6(char out[48], const char *s, size_t n);

#endif
