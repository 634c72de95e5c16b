/*
 * inflate.c - checks of inflate.h: the bounds, many streams in pieces, and, given a
 * file of inflate.py, what zlib says: inflate [FILE]
 */
#include "packed_body.h"
#include "unpacking.h"

static struct unpacked whole, cut;

/* ---- bounds ---- */

/* Unpack in pieces of `step` without keeping the output; returns its length. */
static size_t counted;

static void count(void *arg, const char *bytes, size_t n)
{
    (void)arg;
    counted += bytes != NULL ? n : 0;
}

static const char *bounded(const unsigned char *bytes, size_t n, size_t step,
                           uint64_t limit, unsigned ratio)
{
    counted = 0;
    inflate_init(&inflating, INFLATE_GZIP, limit, count, NULL);
    inflating.ratio = ratio != 0 ? ratio : inflating.ratio;
    for (size_t at = 0; at < n; at += step)
        if (inflate_feed(&inflating, bytes + at, step < n - at ? step : n - at) != NULL)
            break;
    return inflate_end(&inflating);
}

static void bounds(void)
{
    static unsigned char bomb[PACK_BOMB];
    size_t n = pack_bomb(bomb), steps[] = { PACK_BOMB, 1, 7, 1000 }, out = 0;
    bool dense = true, big = true, least = true, most = true;

    for (int i = 0; i < 4; i++) {
        const char *why = bounded(bomb, n, steps[i], 1 << 24, 0);

        /* the head allows some output: (24 + n / 1032) * 1000 reaches n at 780,000 */
        out = i == 0 ? counted : out;
        dense = dense && why != NULL && strncmp(why, "too-dense: ", 11) == 0 &&
                counted == out && counted < 850000;
        why = bounded(bomb, n, steps[i], 1000003, 2000);
        big = big && why != NULL && strncmp(why, "too-large: ", 11) == 0 &&
              counted == 1000003;
        why = bounded(bomb, n, steps[i], 1 << 30, 1032);
        least = least && why != NULL && strncmp(why, "truncated: ", 11) == 0 &&
                counted > 100000000;
        why = bounded(bomb, n, steps[i], 0, 0);
        most = most && why != NULL && counted == 0;
    }
    tap(dense, "a bomb of 100 MB ends before 1 MB, at one place however it is cut");
    tap(big, "not a byte more than the limit comes out");
    tap(least, "the ratio can be set: deflate's own utmost is allowed");
    tap(most, "a limit of nothing");
}

/* Output of exactly the limit is no error. */
static void exact_limit(void)
{
    static const unsigned char stored[] = { 0x1f, 0x8b, 8,    0,   0,    0,    0,
                                            0,    0,    0xff, 1,   3,    0,    0xfc,
                                            0xff, 'a',  'b',  'c', 0xc2, 0x41, 0x24,
                                            0x35, 3,    0,    0,   0 };

    tap(bounded(stored, sizeof stored, 1, 3, 0) == NULL && counted == 3, "just enough");
    tap(bounded(stored, sizeof stored, 1, 2, 0) != NULL && counted == 2, "one too many");
}

/* ---- zlib's answers ---- */

static bool agrees(const char *verdict, const struct unpacked *wanted)
{
    const char *why = whole.why;

    if (strcmp(verdict, "bad") == 0) /* near the end it may still need more bits */
        return why != NULL && strncmp(why, "too-", 4) != 0;
    if (whole.n != wanted->n ||
        (whole.n > 0 && memcmp(whole.at, wanted->at, whole.n) != 0))
        return false;
    return strcmp(verdict, "ok") == 0
               ? why == NULL
               : why != NULL && strncmp(why, "truncated: ", 11) == 0;
}

static bool live_case(const char *kind, const char *verdict, const char *in, size_t n,
                      const struct unpacked *wanted)
{
    static const size_t steps[] = { 1, 257 };

    unpack(&whole, kind, in, n, n, n);
    if (!agrees(verdict, wanted))
        return false;
    for (int i = 0; i < 2; i++) {
        unpack(&cut, kind, in, n, 1, steps[i]);
        if (!same_unpacked(&whole, &cut))
            return false;
    }
    return true;
}

static void live(const char *path)
{
    FILE *file = fopen(path, "r");
    char kind[16], name[64], verdict[16];
    size_t n, out_n;
    int count[2] = { 0, 0 };

    while (file != NULL &&
           fscanf(file, "%15s %63s %15s %zu %zu", kind, name, verdict, &n, &out_n) == 5 &&
           fgetc(file) == '\n') {
        char *in = malloc(n + 1);
        struct unpacked wanted = { malloc(out_n + 1), out_n, 0, NULL };
        bool right = fread(in, 1, n, file) == n &&
                     fread(wanted.at, 1, out_n, file) == out_n &&
                     live_case(kind, verdict, in, n, &wanted);

        count[right]++;
        if (!right)
            printf("# %s %s: zlib says %s, we say %s\n", kind, name, verdict,
                   whole.why != NULL ? whole.why : "ok");
        free(in);
        free(wanted.at);
    }
    if (file != NULL)
        fclose(file);
    printf("# %d of %d agree with zlib\n", count[1], count[0] + count[1]);
    tap(count[0] == 0 && count[1] > 1000, "streams of Python's zlib");
}

int main(int argc, char **argv)
{
    bounds();
    exact_limit();
    if (argc > 1)
        live(argv[1]);
    free(whole.at);
    free(cut.at);
    return tap_end();
}
