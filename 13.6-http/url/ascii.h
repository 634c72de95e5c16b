/*
 * ascii.h - letters and digits, whatever the locale says.
 *
 *     if (ascii_hex_digit(text[0]) >= 0) ...
 *     to[i] = ascii_lower(from[i]);
 *
 * <ctype.h> asks the locale, and a Turkish one has another lower-case I. Next: utf8.h.
 */
#ifndef ASCII_H
#define ASCII_H

#include <stdbool.h>

static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool ascii_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The letter in lower case; any other byte as it is. */
static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The value of a hexadecimal digit in either case, 0 to 15; -1 for any other byte. */
static inline int ascii_hex_digit(char c)
{
    char letter = ascii_lower(c);

    if (ascii_is_digit(c))
        return c - '0';
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* The digit that stands for a value from 0 to 15, as RFC 3986 2.1 prefers it. */
static inline char ascii_upper_hex(unsigned value)
{
    return "0123456789ABCDEF"[value & 15];
}

#endif
