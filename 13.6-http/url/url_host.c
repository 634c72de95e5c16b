/*
 * url_host.c - writes every notation of a host in one form.
 *
 * A host needs one spelling. If it had several, a crawler would fetch pages twice, and a
 * URL such as http://0x7f.1/ would pass a filter of addresses. So each notation that a
 * browser reads as an address becomes the usual one here. The tables that turn other
 * scripts into xn-- names are left out. Next: url_encode.c.
 */
#include "url_host.h"
#include "ascii.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

/* Maps a byte to lower case, or to 0 when it is forbidden in a host name. */
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

/* ---- names and IPv4 ---- */

/*
 * Implements the IPv4 number parser. The prefix 0x means hexadecimal, and 0 means octal.
 * "0x" alone is zero. A value above 32 bits stops growing, so it never overflows and
 * stays too large. Returns -1 when s is not a number.
 */
static int64_t ipv4_number(const char *s, size_t n)
{
    int base = 10;
    int64_t value = 0;
    size_t i = 0;

    if (n == 0)
        return -1;
    if (n >= 2 && s[0] == '0') {
        base = s[1] == 'x' ? 16 : 8;
        i = base == 16 ? 2 : 1;
    }
    for (; i < n; i++) {
        int digit = ascii_hex_digit(s[i]);

        if (digit < 0 || digit >= base)
            return -1;
        if (value <= UINT32_MAX)
            value = value * base + digit;
    }
    return value;
}

/* Implements the standard's "ends in a number" checker: such a host must be IPv4. */
static int ends_in_number(const char *host, size_t n)
{
    size_t start;
    int digits = 1;

    if (n > 0 && host[n - 1] == '.')
        n--;
    for (start = n; start > 0 && host[start - 1] != '.'; start--)
        digits = digits && ascii_is_digit(host[start - 1]);
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

/* Implements the IPv4 parser and serializer. The last number fills the remaining bytes.
 * Returns the length written, or 0 when host is not an address. */
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

/* Percent-decodes a name in place and converts it to lower case. Returns its new length,
 * or 0 when it contains a forbidden byte. */
static size_t clean_name(char *host, size_t n)
{
    size_t len = 0;

    for (size_t i = 0; i < n; i++) {
        unsigned c = (unsigned char)host[i];

        if (c == '%' && n - i > 2 && ascii_hex_digit(host[i + 1]) >= 0 &&
            ascii_hex_digit(host[i + 2]) >= 0) {
            c = (unsigned)(ascii_hex_digit(host[i + 1]) * 16 +
                           ascii_hex_digit(host[i + 2]));
            i += 2;
        }
        if (c >= 128 || name_byte[c] == 0)
            return 0;
        host[len++] = name_byte[c];
    }
    return len;
}

/* ---- IPv6 (RFC 5952) ---- */

/* Zone names (%eth0) are not part of a URL and are rejected. */

/* Reads one piece of an IPv6 address, up to four hex digits. Returns their number. */
static size_t hex_piece(const char *s, size_t n, uint16_t *piece)
{
    size_t i = 0;

    for (*piece = 0; i < n && i < 4 && ascii_hex_digit(s[i]) >= 0; i++)
        *piece = (uint16_t)(*piece * 16 + ascii_hex_digit(s[i]));
    return i;
}

/* Reads four decimal numbers with dots between them, up to the end of an IPv6 address.
 * Returns 0 or -1. */
static int dotted_end(const char *s, size_t n, uint16_t pieces[2])
{
    size_t at = 0;

    for (int part = 0; part < 4; part++) {
        unsigned value = 0;
        size_t start = at;

        for (; at < n && ascii_is_digit(s[at]) && value <= 255; at++) {
            if (at > start && value == 0)
                return -1; /* a leading zero */
            value = value * 10 + (unsigned)(s[at] - '0');
        }
        if (at == start || value > 255)
            return -1;
        if (part < 3 && (at == n || s[at++] != '.'))
            return -1;
        pieces[part / 2] = (uint16_t)(pieces[part / 2] << 8 | value);
    }
    return at == n ? 0 : -1;
}

/*
 * Implements the loop of the IPv6 parser. Sets *squeezed to the index of the piece at
 * which "::" stood, or to -1. Returns the number of pieces in the text, or -1 when it is
 * no address.
 */
static int ipv6_pieces(const char *s, size_t n, uint16_t pieces[8], int *squeezed)
{
    size_t at = 0;
    int count = 0;

    *squeezed = -1;
    while (at < n) {
        size_t len;

        if (n - at >= 2 && s[at] == ':' && s[at + 1] == ':' && *squeezed < 0) {
            *squeezed = count;
            at += 2;
            continue;
        }
        if (count > 0 && *squeezed != count && s[at++] != ':')
            return -1;
        if (count == 8 || (len = hex_piece(s + at, n - at, &pieces[count])) == 0)
            return -1;
        if (at + len < n && s[at + len] == '.') {
            if (count > 6)
                return -1;
            pieces[count] = pieces[count + 1] = 0;
            return dotted_end(s + at, n - at, pieces + count) == 0 ? count + 2 : -1;
        }
        at += len;
        count++;
    }
    return count;
}

/* Reads an address: moves the pieces after "::" to the end and fills the gap with
 * zeros. Returns 0 or -1. */
static int ipv6_parse(const char *s, size_t n, uint16_t pieces[8])
{
    int squeezed, count = ipv6_pieces(s, n, pieces, &squeezed);
    size_t behind;

    if (count < 0 || (squeezed < 0 && count < 8) || (squeezed >= 0 && count > 7))
        return -1;
    if (squeezed < 0)
        return 0;
    behind = (size_t)(count - squeezed);
    memmove(pieces + 8 - behind, pieces + squeezed, behind * sizeof *pieces);
    memset(pieces + squeezed, 0, (size_t)(8 - count) * sizeof *pieces);
    return 0;
}

/* Returns the index of the first longest run of two or more zeros, which the serializer
 * writes as "::", or -1. */
static int longest_zeros(const uint16_t pieces[8], int *length)
{
    int best = -1;

    *length = 1;
    for (int i = 0, run = 0; i < 8; i++) {
        run = pieces[i] == 0 ? run + 1 : 0;
        if (run > *length) {
            *length = run;
            best = i - run + 1;
        }
    }
    return best;
}

size_t url_canonical_ipv6(char out[48], const char *s, size_t n)
{
    uint16_t pieces[8];
    size_t len = 0;
    int zeros, length;

    if (ipv6_parse(s, n, pieces) != 0)
        return 0;
    zeros = longest_zeros(pieces, &length);
    out[len++] = '[';
    for (int i = 0; i < 8; i++) {
        if (i == zeros) {
            out[len++] = ':';
            if (i == 0)
                out[len++] = ':';
            i += length - 1;
            continue;
        }
        for (int shift = 12; shift >= 0; shift -= 4)
            if (pieces[i] >> shift != 0 || shift == 0)
                out[len++] = ascii_lower(ascii_upper_hex(pieces[i] >> shift));
        if (i < 7)
            out[len++] = ':';
    }
    out[len++] = ']';
    return len;
}

/* ---- the host ---- */

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
