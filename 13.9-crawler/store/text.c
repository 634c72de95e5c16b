/*
 * text.c - a growing buffer, JSON strings, and text for a terminal. Both writers walk
 * over the input with utf8_decode() and copy unchanged parts in long runs. Next:
 * store.c.
 */
#include "text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

enum { PRINT_ROOM = 128 }; /* bytes that text_printf() tries first */

/* Makes room for n more bytes, by doubling, so that adding stays linear. */
static bool grow(struct text *t, size_t n)
{
    size_t room = t->room < 64 ? 64 : t->room;
    char *at;

    if (t->error != 0)
        return false;
    if (n <= t->room - t->n)
        return true;
    while (room - t->n < n && room <= SIZE_MAX / 2)
        room *= 2;
    at = room - t->n < n ? NULL : realloc(t->at, room);
    if (at == NULL) {
        t->error = ENOMEM;
        return false;
    }
    t->at = at;
    t->room = room;
    return true;
}

void text_add(struct text *t, const void *bytes, size_t n)
{
    if (n == 0 || !grow(t, n))
        return;
    memcpy(t->at + t->n, bytes, n);
    t->n += n;
}

void text_string(struct text *t, const char *string)
{
    text_add(t, string, strlen(string));
}

void text_number(struct text *t, uint64_t number)
{
    char digits[20], *at = digits + sizeof digits; /* of 2^64 - 1 */

    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text_add(t, at, (size_t)(digits + sizeof digits - at));
}

/* Formats into the free room, and once more when that was too small. */
void text_printf(struct text *t, const char *format, ...)
{
    va_list list, again;
    size_t room;
    int n;

    if (!grow(t, PRINT_ROOM))
        return;
    room = t->room - t->n;
    va_start(list, format);
    va_copy(again, list);
    n = vsnprintf(t->at + t->n, room, format, list);
    if (n >= 0 && (size_t)n >= room && grow(t, (size_t)n + 1))
        vsnprintf(t->at + t->n, (size_t)n + 1, format, again);
    if (n >= 0 && t->error == 0)
        t->n += (size_t)n;
    else if (n < 0)
        t->error = EINVAL;
    va_end(again);
    va_end(list);
}

void text_free(struct text *t)
{
    free(t->at);
    *t = (struct text){ 0 };
}

/* Appends a code point that must be escaped in a JSON string. */
static void json_escape(struct text *t, uint32_t code)
{
    static const char plain[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
    const char *found = code < 0x80 && code != 0 ? strchr(plain, (int)code) : NULL;

    if (code == UTF8_MALFORMED)
        code = UTF8_REPLACEMENT;
    if (found != NULL)
        text_printf(t, "\\%c", letter[found - plain]);
    else if (code < 0x10000)
        text_printf(t, "\\u%04x", (unsigned)code);
    else /* a surrogate pair, RFC 8259, section 7 */
        text_printf(t, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (code >> 10)),
                    (unsigned)(0xdc00 + (code & 0x3ff)));
}

void json_string(struct text *t, const void *bytes, size_t n)
{
    const char *s = bytes;
    size_t at = 0, run = 0; /* s[run .. at) waits to be added unchanged */
    uint32_t code;

    text_add(t, "\"", 1);
    while (at < n) {
        size_t took = utf8_decode(s + at, n - at, &code);

        if (code < 0x20 || code > 0x7e || code == '"' || code == '\\') {
            text_add(t, s + run, at - run);
            json_escape(t, code);
            run = at + took;
        }
        at += took;
    }
    if (at > run)
        text_add(t, s + run, at - run);
    text_add(t, "\"", 1);
}

/* Returns true for a code point that a terminal interprets or does not show: Unicode's
 * Cc, its direction marks (UAX 9), the invisible default ignorable code points, and
 * UTF8_MALFORMED. The ranges are in rising order. */
static bool is_hidden(uint32_t code)
{
    static const uint32_t ranges[][2] = {
        { 0x00, 0x1f },       { 0x7f, 0x9f },       { 0xad, 0xad },
        { 0x34f, 0x34f },     { 0x61c, 0x61c },     { 0x115f, 0x1160 },
        { 0x17b4, 0x17b5 },   { 0x180b, 0x180f },   { 0x200b, 0x200f },
        { 0x2028, 0x202e },   { 0x2060, 0x206f },   { 0x3164, 0x3164 },
        { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },   { 0xfff0, 0xfffb },
        { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff }, { UTF8_MALFORMED, UTF8_MALFORMED },
    };
    size_t i = 0;

    while (code > ranges[i][1])
        i++;
    return code >= ranges[i][0];
}

void terminal_safe(struct text *t, const void *bytes, size_t n)
{
    const char *s = bytes;
    size_t at = 0, took;
    uint32_t code;

    for (; at < n; at += took) {
        took = utf8_decode(s + at, n - at, &code);
        if (code == '\\')
            text_add(t, "\\\\", 2);
        else if (!is_hidden(code))
            text_add(t, s + at, took);
        else
            for (size_t i = 0; i < took; i++)
                text_printf(t, "\\x%02x", (unsigned char)s[at + i]);
    }
}
