/*
 * url_host.c - the host of a URL: a name, an IPv4 number in any spelling, or [IPv6].
 *
 * One machine must have one spelling, or a crawler fetches pages twice, and a filter for
 * addresses is passed by http://0x7f.1/. So each form that a browser takes for an address
 * becomes the usual one here. Adds to url.c the host parser of WHATWG URL 3.5, without
 * the tables that turn other scripts into xn-- names. Read next: url_ipv6.c.
 */
#include "url.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

/* The byte as a host name has it, in lower case, or 0 when it is forbidden there. */
/* clang-format off */
static const char name_byte[128] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, '!', '"', 0, '$', 0, '&', '\'', '(', ')', '*', '+', ',', '-', '.', 0,
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 0, ';', 0, '=', 0, 0,
    0, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 0, 0, 0, 0, '_',
    '`', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '{', 0, '}', '~', 0,
};
/* clang-format on */

/* The value of a digit in bases up to 16, or 16 when it is none. */
static unsigned digit(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 16;
}

/*
 * The IPv4 number parser: 0x and 0 in front mean hexadecimal and octal, 0x alone is zero.
 * Values above 32 bits stop growing, so they stay too large. Returns -1 for no number.
 */
static int64_t ipv4_number(const char *s, size_t n)
{
    unsigned base = 10;
    int64_t value = 0;
    size_t i = 0;

    if (n == 0)
        return -1;
    if (n >= 2 && s[0] == '0') {
        base = s[1] == 'x' ? 16 : 8;
        i = base == 16 ? 2 : 1;
    }
    for (; i < n; i++) {
        if (digit(s[i]) >= base)
            return -1;
        if (value <= UINT32_MAX)
            value = value * base + digit(s[i]);
    }
    return value;
}

/* "Ends in a number": then the host is an IPv4 address or nothing. */
static int ends_in_number(const char *host, size_t n)
{
    size_t start;
    int digits = 1;

    if (n > 0 && host[n - 1] == '.')
        n--;
    for (start = n; start > 0 && host[start - 1] != '.'; start--)
        digits = digits && digit(host[start - 1]) < 10;
    return n > start && (digits || ipv4_number(host + start, n - start) >= 0);
}

static size_t put_decimal(char *out, uint32_t byte)
{
    size_t n = 0;

    if (byte >= 100)
        out[n++] = (char)('0' + byte / 100);
    if (byte >= 10)
        out[n++] = (char)('0' + byte / 10 % 10);
    out[n++] = (char)('0' + byte % 10);
    return n;
}

/* The IPv4 parser and serializer: the last number fills all bytes that are left. */
static size_t ipv4_canonical(char out[48], const char *host, size_t n)
{
    uint32_t address = 0;
    size_t len = 0, parts = 0, start = 0;

    if (host[n - 1] == '.')
        n--;
    for (size_t i = 0; i <= n; i++) {
        int64_t value, limit;

        if (i < n && host[i] != '.')
            continue;
        if (parts == 4)
            return 0;
        value = ipv4_number(host + start, i - start);
        limit = i < n ? 256 : (int64_t)1 << (32 - 8 * parts);
        if (value < 0 || value >= limit)
            return 0;
        address |= (uint32_t)value << (i < n ? 24 - 8 * parts : 0);
        parts++;
        start = i + 1;
    }
    for (int shift = 24; shift >= 0; shift -= 8) {
        len += put_decimal(out + len, address >> shift & 255);
        if (shift > 0)
            out[len++] = '.';
    }
    return len;
}

/* Percent-decodes a name in place and makes it lower case. 0 for a forbidden byte. */
static size_t clean_name(char *host, size_t n)
{
    size_t len = 0;

    for (size_t i = 0; i < n; i++) {
        unsigned c = (unsigned char)host[i];

        if (c == '%' && n - i > 2 && digit(host[i + 1]) < 16 && digit(host[i + 2]) < 16) {
            c = digit(host[i + 1]) * 16 + digit(host[i + 2]);
            i += 2;
        }
        if (c >= 128 || name_byte[c] == 0)
            return 0;
        host[len++] = name_byte[c];
    }
    return len;
}

int url_canonical_host(char *host, size_t *n, size_t room)
{
    char address[48];
    size_t len;

    if (*n > 0 && host[0] == '[') {
        if (host[*n - 1] != ']')
            return EINVAL;
        len = url_canonical_ipv6(address, host + 1, *n - 2);
    } else {
        *n = clean_name(host, *n);
        if (*n == 0)
            return EINVAL;
        if (!ends_in_number(host, *n))
            return 0;
        len = ipv4_canonical(address, host, *n);
    }
    if (len == 0)
        return EINVAL;
    if (len > room)
        return ENAMETOOLONG;
    memcpy(host, address, len);
    *n = len;
    return 0;
}
