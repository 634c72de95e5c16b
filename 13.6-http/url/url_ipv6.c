/*
 * url_ipv6.c - IPv6 addresses in a URL: read every spelling, write the one of RFC 5952.
 *
 * Adds to url_host.c the part of the WHATWG host parser behind a '['. Zone names (%eth0)
 * are not part of a URL and are refused. Read next: url_parts.c.
 */
#include "url.h"

#include <stdint.h>
#include <string.h>

/* The value of a hex digit, or 16 when it is none. */
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

/* One piece of an IPv6 address: up to four hex digits. Returns how many there are. */
static size_t hex_piece(const char *s, size_t n, uint16_t *piece)
{
    size_t i = 0;

    for (*piece = 0; i < n && i < 4 && digit(s[i]) < 16; i++)
        *piece = (uint16_t)(*piece * 16 + digit(s[i]));
    return i;
}

/* The dotted end of an IPv6 address: four decimal bytes to the very end. 0 or -1. */
static int dotted_end(const char *s, size_t n, uint16_t pieces[2])
{
    size_t at = 0;

    for (int part = 0; part < 4; part++) {
        unsigned value = 0;
        size_t start = at;

        for (; at < n && digit(s[at]) < 10 && value <= 255; at++) {
            if (at > start && value == 0)
                return -1; /* a leading zero */
            value = value * 10 + digit(s[at]);
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
 * The IPv6 parser. *squeezed is the piece where "::" stood, or -1; returns the count of
 * pieces that are written out, or -1.
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

/* Moves the pieces behind "::" to the end and fills up with zeros. 0 or -1. */
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

/* The first longest run of two or more zeros: the serializer writes it as "::". */
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
                out[len++] = "0123456789abcdef"[pieces[i] >> shift & 15];
        if (i < 7)
            out[len++] = ':';
    }
    out[len++] = ']';
    return len;
}
