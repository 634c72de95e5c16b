/*
 * url-hostile.c - checks of the URL parser: limits of length, 70 kB of nonsense, random
 * pieces. Prints TAP. Each result is also checked by url_soundness.h.
 */
#include "url_soundness.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int parse(struct url *u, const char *text, const struct url *base)
{
    return url_at_wall(u, text, strlen(text), base);
}

/* Lengths around the limit, in each part: URL_MAX bytes are accepted, one more is not. */
static void limits(void)
{
    static const char *const before[] = { "http://h/", "http://h/?", "http://h/#",
                                          "http://", "http://h/b/../" };
    static char text[URL_MAX + 32];
    struct url u, base;

    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        size_t n = strlen(before[i]);

        memset(text, 'a', sizeof text);
        memcpy(text, before[i], n);
        for (size_t room = URL_MAX - 3; room <= URL_MAX + 3; room++) {
            size_t len = room + (i == 4 ? 5 : 0) - (i == 3);
            int err = url_at_wall(&u, text, len, NULL);

            url_check(room > URL_MAX ? err == ENAMETOOLONG : err == 0 && u.end == room,
                      "limit", before[i], "", err == 0 ? "fits" : "too long");
        }
    }
    text[URL_MAX - 1] = '\xff';
    url_check(url_at_wall(&u, text, URL_MAX, NULL) == ENAMETOOLONG, "escape", "", "", "");
    memset(text, 'a', sizeof text);
    memcpy(text, "http://h/", 9);
    url_check(url_at_wall(&base, text, URL_MAX, NULL) == 0, "base", "", "", "");
    url_check(parse(&u, "x", &base) == 0 && parse(&u, "", &base) == 0, "short", "", "",
              "");
    url_check(parse(&u, "#", &base) == ENAMETOOLONG, "one more", "", "", "");
    url_finish("limits of length");
}

/* 70 kB of the same few bytes after each kind of start. None may crash or take long. */
static void long_input(void)
{
    static const char *const starts[] = {
        "",          "a",         "http:",      "http://",    "http://h",
        "http://h:", "http://h/", "http://h/?", "http://h/#", "http://[",
        "http://u:", "//",        "?",          "http://0x"
    };
    static const char *const fills[] = { "a",       "/",  "\\",   "../",      "a/../",
                                         "%2e%2e/", "@",  ":",    "\t",       " ",
                                         "#",       "?",  "%",    "[",        "0",
                                         ".",       "1.", "\xff", "\xf0\x9f", "\xc3\xa9",
                                         "f::" };
    static char text[70000];
    struct url base, u;

    parse(&base, "http://b/c/d?e#f", NULL);
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        for (size_t j = 0; j < sizeof fills / sizeof *fills; j++) {
            size_t n = strlen(starts[i]), fill = strlen(fills[j]);
            int err;

            memcpy(text, starts[i], n);
            for (; n < sizeof text; n++)
                text[n] = fills[j][n % fill];
            err = url_at_wall(&u, text, n, &base);
            url_check(err == 0 || err == EINVAL || err == ENAMETOOLONG ||
                          err == EPROTONOSUPPORT,
                      "long", starts[i], fills[j], "another error");
        }
    url_finish("70 kB of the same");
}

/* Significant pieces in random order, sometimes with random bytes, NUL included. */
static void random_input(void)
{
    static const char *const pieces[] = {
        "http:", "https:",   "/",        "//",   "\\", "@",    ":",     "?",
        "#",     "[",        "]",        "::",   ".",  "..",   "%2e",   "%",
        "%00",   "%41",      "0x7f",     "08",   "1",  "256",  "h",     "\t",
        " ",     "\xc3\xa9", "\xe2\x82", "ftp:", "'",  "xn--", "65536", "ffff"
    };
    struct url u, base;
    unsigned long seed = 1;

    parse(&base, "https://u:p@b:8/c/d?e#f", NULL);
    for (int round = 0; round < 200000; round++) {
        char text[256];
        size_t n = 0;

        for (int left = round % 12; left >= 0; left--) {
            const char *piece;

            seed = (seed * 1103515245 + 12345) & 0x7fffffff;
            piece = pieces[(seed >> 8) % (sizeof pieces / sizeof *pieces)];
            memcpy(text + n, piece, strlen(piece));
            n += strlen(piece);
            if ((seed >> 20) % 8 == 0)
                text[n++] = (char)(seed >> 12);
        }
        url_at_wall(&u, text, n, round % 2 ? &base : NULL);
    }
    url_finish("200000 random inputs");
}

int main(void)
{
    url_wall();
    limits();
    long_input();
    random_input();
    return url_exit();
}
