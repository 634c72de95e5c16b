/*
 * inflate.c - fuzzes the unpacking of deflate, zlib and gzip.
 *
 * The first byte selects the format, the second the cuts, the third the limits; the rest
 * is the stream. Whole and in pieces, the output and the reason of the end are the same,
 * within the limits; the output lies in the window.
 */
#include <string.h>

#include "fuzz.h"
#include "inflate.h"

enum { LONGEST = 1 << 16 };

static struct inflate state;
static uint64_t sum; /* of the output: FNV-1a */
static uint64_t count;

static void take(void *arg, const char *bytes, size_t n)
{
    const char *window = (const char *)state.window;

    HOLDS(arg == &sum && n > 0);
    HOLDS(bytes >= window && bytes + n <= window + sizeof state.window);
    for (size_t i = 0; i < n; i++)
        sum = (sum ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    count += n;
}

static const char *unpack(const uint8_t *how, const uint8_t *data, size_t n, size_t first,
                          size_t step)
{
    static const uint64_t limits[] = { 0, 1, 100, 300, 1000, 1000, 3000, 140000 };
    static const unsigned ratios[] = { 1, 10, 1000, 1033 };
    uint64_t limit = limits[how[2] & 7];
    const char *why;

    sum = 0xcbf29ce484222325u;
    count = 0;
    inflate_init(&state, (enum inflate_kind)(how[0] & 3), limit, take, &sum);
    state.ratio = ratios[how[2] >> 3 & 3];
    for (size_t at = 0, size = first; at < n; at += size, size = step) {
        size = size < n - at ? size : n - at;
        if (inflate_feed(&state, data + at, size) != NULL)
            break;
    }
    why = inflate_end(&state);
    HOLDS(why == state.why && count == state.made && count <= limit);
    HOLDS(state.ratio > 1000 || count < 2 * INFLATE_WINDOW + 2 * INFLATE_SLACK ||
          count < (uint64_t)state.ratio * (n + 1) + 2 * INFLATE_WINDOW + INFLATE_SLACK);
    return why;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const char *why, *cut;
    uint64_t whole;

    if (n < 3 || n > LONGEST)
        return 0;
    why = unpack(data, data + 3, n - 3, n, n);
    whole = sum;
    cut = unpack(data, data + 3, n - 3, (data[1] & 15) + 1, (data[1] >> 4) + 1);
    HOLDS(sum == whole);
    HOLDS(why == cut || (why != NULL && cut != NULL && strcmp(why, cut) == 0));
    return 0;
}
