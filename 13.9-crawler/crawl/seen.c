/* seen.c - open addressing with linear probing; grows at two thirds. */
#include "seen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 4096 };

/* Eight bytes at a time, multiplied and folded. */
uint64_t seen_fingerprint(uint64_t seed, const char *text, size_t n)
{
    uint64_t h = seed ^ (n * 0x9e3779b97f4a7c15u), word;

    while (n > 0) {
        size_t part = n < sizeof word ? n : sizeof word;

        word = 0;
        memcpy(&word, text, part);
        h = (h ^ word) * 0xd6e8feb86659fd93u;
        h ^= h >> 32;
        text += part;
        n -= part;
    }
    h *= 0xd6e8feb86659fd93u;
    h ^= h >> 29;
    return h != 0 ? h : 1;
}

/* Where the fingerprint stands, or the empty place where it would. */
static uint64_t *find(uint64_t *seen, size_t room, uint64_t key)
{
    size_t i = (size_t)key & (room - 1);

    while (seen[i] != 0 && seen[i] != key)
        i = (i + 1) & (room - 1);
    return &seen[i];
}

static int grow(struct frontier *f)
{
    size_t room = f->seen_room == 0 ? FIRST_ROOM : f->seen_room * 2;
    uint64_t *seen = calloc(room, sizeof *seen);

    if (seen == NULL)
        return ENOMEM;
    for (size_t i = 0; i < f->seen_room; i++)
        if (f->seen[i] != 0)
            *find(seen, room, f->seen[i]) = f->seen[i];
    free(f->seen);
    f->seen = seen;
    f->seen_room = room;
    return 0;
}

int seen_add(struct frontier *f, const struct url *url)
{
    static struct url key; /* the loop has one thread */
    struct span text;
    uint64_t mark, *place;

    if (f->seen_count * 3 >= f->seen_room * 2 && grow(f) != 0)
        return ENOMEM;
    url_assign(&key, url);
    url_normalize(&key);
    text = url_page(&key);
    mark = seen_fingerprint(f->seed, text.at, text.n);
    place = find(f->seen, f->seen_room, mark);
    if (*place == mark)
        return EEXIST;
    *place = mark;
    f->seen_count++;
    return 0;
}
