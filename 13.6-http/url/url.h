/*
 * url.h - one absolute http or https URL: parse, resolve, take apart, compare.
 *
 * Text from a page or a user becomes the one serialised form that browsers use (WHATWG
 * URL standard), so what we request, store and compare is always the same bytes. No call
 * allocates; each takes time linear in its input. Read next: url.c, then url_encode.c.
 */
#ifndef URL_H
#define URL_H

#include <stdbool.h>

#include "span.h"

enum { URL_MAX = 8000 }; /* bytes of a serialised URL: what RFC 9110 4.1 asks for */

/* Offsets into text. The parts lie in this order; each ends where the next begins. */
struct url {
    unsigned short host;     /* first byte of the host, behind user:password@ */
    unsigned short host_end; /* behind the host; then ":port", if not the default */
    unsigned short path;     /* the '/' of the path, there is always one */
    unsigned short query;    /* the '?', or equal to fragment when there is no query */
    unsigned short fragment; /* the '#', or equal to end when there is no fragment */
    unsigned short end;      /* the NUL: the length of text */
    unsigned short port;     /* the port to connect to, also when it is the default */
    char text[URL_MAX +
              1]; /* the URL (WHATWG href), bytes 0x21 to 0x7e, then NUL; last, so that
                                a copy may leave out what is not in use */
};

/* Copy `from` to `to`, but not the kilobytes behind its end. */
void url_assign(struct url *to, const struct url *from);

/* The spans of the accessors below lie in the url and live as long. */

/*
 * WHATWG URL 4.4, the basic URL parser, for http and https only. Reads n bytes of text
 * (not NULL; any bytes, taken as UTF-8) and resolves them against base, or against
 * nothing when base is NULL. base must be a parsed URL other than u. Hosts must be ASCII:
 * names in other scripts are accepted in their xn-- form only, which is passed on
 * unchecked. One difference to the standard of today: '^' in a path stays as it is, as it
 * did until 2024. Returns 0; EINVAL malformed, or relative without a base;
 * EPROTONOSUPPORT another scheme; ENAMETOOLONG more than URL_MAX bytes, even if only
 * until a ".." would have removed some. After an error u holds nothing to rely on.
 */
int url_parse(struct url *u, const char *text, size_t n, const struct url *base);

/*
 * RFC 3986 6.2.2: turns u into the key under which a crawler remembers the page. In path
 * and query, escapes of letters, digits and - . _ ~ are decoded and the other escapes get
 * upper-case hex; the fragment goes. Case, port and dot segments are url_parse's work.
 */
void url_normalize(struct url *u);

bool url_is_https(const struct url *u);
bool url_has_userinfo(const struct url *u); /* a user name or a password is in text */

/* WHATWG HTML 7.1.1 "same origin": scheme, host and port are equal. */
bool url_same_origin(const struct url *a, const struct url *b);

struct span url_host_name(const struct url *u);  /* to look up: no [] around IPv6 */
struct span url_host_field(const struct url *u); /* RFC 9110 7.2, "host[:port]" */
struct span url_target(const struct url *u);     /* RFC 9112 3.2.1, path and query */
struct span url_page(const struct url *u);       /* text without the fragment */

/*
 * WHATWG URL 3.5, the host parser; in shelf/url_host.c. Rewrites the *n bytes at host (in
 * [] or with escapes, as a URL has them) to their serialised form and sets *n. There are
 * room bytes at host. Returns 0, EINVAL, or ENAMETOOLONG when the new form does not fit.
 */
int url_canonical_host(char *host, size_t *n, size_t room);

/*
 * WHATWG URL 3.5, the IPv6 parser and serializer; in shelf/url_ipv6.c. Writes the address
 * of n bytes at s with [] around it. Returns its length, or 0 when s is no IPv6 address.
 */
size_t url_canonical_ipv6(char out[48], const char *s, size_t n);

/*
 * RFC 3986 5.2 as written, for any scheme; in shelf/url_rfc3986.c. The lesson's plain
 * resolver, to compare with url_parse: it moves text about but decodes and checks
 * nothing. Writes the NUL-ended target into out (size bytes). Returns 0; EINVAL when base
 * has no scheme; ENAMETOOLONG when out is too small.
 */
int url_resolve_rfc3986(char *out, size_t size, const char *ref, const char *base);

#endif
