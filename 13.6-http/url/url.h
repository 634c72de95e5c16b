/*
 * url.h - parses, resolves, splits and compares absolute http and https URLs.
 *
 *     if (url_parse(&u, text, n, base) == 0)
 *         connect_to(url_host_name(&u), u.port);
 *
 * Text from a page or a user becomes the serialised form that browsers use (WHATWG URL
 * standard), so equal URLs are equal bytes. No function allocates memory. Each takes time
 * linear in its input. Next: url_host.h.
 */
#ifndef URL_H
#define URL_H

#include <stdbool.h>

#include "span.h"

enum { URL_MAX = 8000 }; /* bytes of a serialised URL, as RFC 9110 4.1 recommends */

/* All numbers except `port` are offsets into text. The parts of the URL stand in text in
 * the order of the fields, without gaps. */
struct url {
    unsigned short host;     /* first byte of the host, after user:password@ */
    unsigned short host_end; /* end of the host; ":port" follows unless default */
    unsigned short path;     /* the '/' that begins every path */
    unsigned short query;    /* the '?'; equal to fragment when there is no query */
    unsigned short fragment; /* the '#'; equal to end when there is no fragment */
    unsigned short end;      /* the NUL, thus the length of text */
    unsigned short port;     /* port to connect to, even if it is the default */
    /* the URL (WHATWG href): bytes 0x21 to 0x7e, then NUL; the last field, so that
     * url_assign() can omit the unused bytes */
    char text[URL_MAX + 1];
};

/* Copies `from` to `to`, except for the unused bytes after the end of its text. */
void url_assign(struct url *to, const struct url *from);

/*
 * Implements the basic URL parser (WHATWG URL 4.4) for http and https. Reads n bytes of
 * text (not NULL; any bytes, decoded as UTF-8) and resolves them against base, a parsed
 * URL other than u. A NULL base means that text must be absolute. Hosts must be ASCII:
 * a name in another script must come in its xn-- form, which is not validated. The parser
 * differs from today's standard in one point: it does not escape '^' in a path. The
 * standard has required this escape since 2024.
 * Returns 0, or an errno value: EINVAL when text is malformed, or is relative and base is
 * NULL; EPROTONOSUPPORT when the scheme is another; ENAMETOOLONG when the result exceeds
 * URL_MAX bytes, even if a later ".." would have shortened it. After an error the
 * contents of u are undefined.
 */
int url_parse(struct url *u, const char *text, size_t n, const struct url *base);

/*
 * Normalizes u by RFC 3986 6.2.2 into the key under which a crawler stores the page. In
 * path and query, it decodes the escapes of letters, digits and - . _ ~ and writes the
 * other escapes with upper-case hex digits. It removes the fragment. url_parse() has
 * already normalized case, port and dot segments.
 */
void url_normalize(struct url *u);

bool url_is_https(const struct url *u);

/* Returns true when text contains a user name or a password. */
bool url_has_userinfo(const struct url *u);

/* Returns true when scheme, host and port are equal (WHATWG HTML 7.1.1 "same origin"). */
bool url_same_origin(const struct url *a, const struct url *b);

/* Each of these returns a part of u->text, which is valid as long as u is. */
struct span url_host_name(const struct url *u);  /* name to look up; IPv6 without [] */
struct span url_host_field(const struct url *u); /* "host[:port]", RFC 9110 7.2 */
struct span url_target(const struct url *u);     /* path and query, RFC 9112 3.2.1 */
struct span url_page(const struct url *u);       /* text without the fragment */

#endif
