/*
 * unpacking.h - shared by the checks of inflate.h: unpacks an input, in pieces that end
 * at an unreadable page, and compares two results.
 */
#ifndef UNPACKING_H
#define UNPACKING_H

#include "inflate.h"
#include "tsv.h"

struct unpacked {
    char *at; /* the output; freed by the next unpack() */
    size_t n, room;
    const char *why; /* the error, or NULL */
};

static inline void unpacked_add(void *arg, const char *bytes, size_t n)
{
    struct unpacked *u = arg;

    if (u->n + n > u->room) {
        u->room = 2 * (u->n + n);
        u->at = realloc(u->at, u->room);
    }
    memcpy(u->at + u->n, bytes, n);
    u->n += n;
}

static inline enum inflate_kind kind_of(const char *name)
{
    static const char *const names[] = { "raw", "zlib", "gzip", "deflate" };
    int i = 0;

    while (i < 3 && strcmp(names[i], name) != 0)
        i++;
    return (enum inflate_kind)i;
}

static struct inflate inflating;

/* Unpacks the input in pieces: the first has `first` bytes, the others have `step`. */
static inline void unpack(struct unpacked *u, const char *kind, const char *bytes,
                          size_t n, size_t first, size_t step)
{
    u->n = 0;
    inflate_init(&inflating, kind_of(kind), (uint64_t)1 << 30, unpacked_add, u);
    for (size_t at = 0, size = first; at < n || at == 0; at += size, size = step) {
        size = size < n - at ? size : n - at;
        inflate_feed(&inflating, tsv_wall(bytes + at, size), size);
        if (size == n - at)
            break;
    }
    u->why = inflate_end(&inflating);
}

static inline bool same_words(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static inline bool same_unpacked(const struct unpacked *a, const struct unpacked *b)
{
    return a->n == b->n && (a->n == 0 || memcmp(a->at, b->at, a->n) == 0) &&
           same_words(a->why, b->why);
}

#endif
