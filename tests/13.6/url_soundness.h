/*
 * url_soundness.h - shared by the checks of the URL parser: TAP lines, properties of
 * every parsed URL, and input that ends at an unreadable page.
 */
#ifndef URL_SOUNDNESS_H
#define URL_SOUNDNESS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "url.h"

enum { ROOM = 1 << 17 }; /* the longest input, in bytes */

static char *wall;          /* the first byte of the unreadable page */
static int tests, failures; /* TAP lines */
static int checks, bad;     /* within one TAP line */

/* Counts a check; prints a remark when it fails. */
static inline void url_check(int right, const char *what, const char *input,
                             const char *expected, const char *got)
{
    checks++;
    if (right)
        return;
    bad++;
    printf("# %s: %.200s\n# expected %.200s got %.200s\n", what, input, expected, got);
}

/* Prints the TAP line for the checks since the previous line. url_exit() prints the
 * plan. */
static inline void url_finish(const char *name)
{
    tests++;
    failures += bad > 0;
    printf("%s %d - %s: %d of %d\n", bad > 0 ? "not ok" : "ok", tests, name, checks - bad,
           checks);
    checks = bad = 0;
}

/* Maps an unreadable page with ROOM readable bytes before it. */
static inline void url_wall(void)
{
    int fd = fileno(tmpfile());
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *map;

    if (ftruncate(fd, (off_t)(ROOM + page)) != 0)
        exit(2);
    map = mmap(NULL, ROOM + page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED || mprotect(map + ROOM, page, PROT_NONE) != 0)
        exit(2);
    wall = map + ROOM;
}

/* Returns 1 when the URL has the properties of every parsed URL, whatever its source. */
static inline int is_sound(const struct url *u)
{
    for (size_t i = 0; i < u->end; i++)
        if (u->text[i] <= ' ' || u->text[i] >= 0x7f)
            return 0;
    return u->end <= URL_MAX && strlen(u->text) == u->end && u->host >= 7 &&
           u->host < u->host_end && u->host_end <= u->path && u->path < u->query &&
           u->query <= u->fragment && u->fragment <= u->end && u->text[u->path] == '/' &&
           (u->query == u->fragment || u->text[u->query] == '?') &&
           (u->fragment == u->end || u->text[u->fragment] == '#');
}

static inline int is_same(const struct url *a, const struct url *b)
{
    return strcmp(a->text, b->text) == 0 && a->host == b->host &&
           a->host_end == b->host_end && a->path == b->path && a->query == b->query &&
           a->fragment == b->fragment && a->end == b->end && a->port == b->port;
}

/* Checks that the text of a URL, parsed again, gives the same URL. The same must be true
 * of its key, which url_normalize() makes for the crawler. */
static inline void check_sound(const struct url *u)
{
    struct url again, key;

    url_check(is_sound(u), "sound", u->text, "yes", "no");
    url_check(url_parse(&again, u->text, u->end, NULL) == 0 && is_same(&again, u),
              "reparsed", u->text, u->text, again.text);
    url_normalize(&again);
    url_check(url_parse(&key, again.text, again.end, NULL) == 0 && is_same(&key, &again),
              "key reparsed", u->text, again.text, key.text);
    url_normalize(&key);
    url_check(is_same(&key, &again), "key of key", u->text, again.text, key.text);
}

/* Parses a copy of the text that ends at the unreadable page, and checks the result. */
static inline int url_at_wall(struct url *u, const char *text, size_t n,
                              const struct url *base)
{
    int err;

    memcpy(wall - n, text, n);
    memset(u->text, '1', sizeof u->text); /* stale bytes must not be read */
    err = url_parse(u, wall - n, n, base);
    if (err == 0)
        check_sound(u);
    return err;
}

static inline int url_exit(void)
{
    printf("1..%d\n", tests);
    return failures > 0;
}

#endif
