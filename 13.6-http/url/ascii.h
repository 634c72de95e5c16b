/*
 * ascii.h - classifies and converts ASCII characters, in the same way in every locale.
 *
 *     if (ascii_hex_digit(text[0]) >= 0) ...
 *     to[i] = ascii_lower(from[i]);
 *
 * <ctype.h> depends on the locale: in a Turkish one, the lower case of I is another
 * letter. Next: utf8.h.
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

/* Returns a letter in lower case and any other byte unchanged. */
static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Returns the value of a hexadecimal digit in either case, 0 to 15, or -1 for any other
 * byte. */
static inline int ascii_hex_digit(char c)
{
    char letter = ascii_lower(c);

    if (ascii_is_digit(c))
        return c - '0';
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* Returns the hexadecimal digit of the low four bits of `value`, in upper case as RFC
 * 3986 2.1 recommends. */
static inline char ascii_upper_hex(unsigned value)
{
    return "0123456789ABCDEF"[value & 15];
}

#endif
