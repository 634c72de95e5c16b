/*
 * text.c - checks of text.h: growing, JSON strings, terminal text.
 *
 * Prints TAP. All input ends at an unreadable page. The vectors are in field-vectors.c.
 */
#include "text.h"

#include <errno.h>
#include <stdint.h>

#include "tsv.h"

static uint32_t next_random(void)
{
    static uint32_t x = 12345;

    x ^= x << 13;
    x ^= x >> 17;
    return x ^= x << 5;
}

/* Bytes that often form nearly valid UTF-8. */
static size_t noise(char *out, size_t room)
{
    static const unsigned char likely[] = { 0xc2, 0x80, 0xe0, 0xa0, 0xed, 0x9f,
                                            0xf0, 0x90, 0xf4, 0x8f, 0xbf, 0xe2,
                                            0x1b, 'a',  '\\', '"' };
    size_t n = next_random() % room;

    for (size_t i = 0; i < n; i++) {
        uint32_t r = next_random();

        out[i] = (char)(r & 0x100 ? likely[r % sizeof likely] : r & 0xff);
    }
    return n;
}

/* The literal is ASCII, and quotes and escapes are closed. */
static bool sound_json(const struct text *t)
{
    bool fine = t->n >= 2 && t->at[0] == '"' && t->at[t->n - 1] == '"';

    for (size_t i = 1; fine && i + 1 < t->n; i++) {
        fine = t->at[i] >= 0x20 && t->at[i] < 0x7f && t->at[i] != '"';
        i += t->at[i] == '\\';
        fine = fine && i + 1 < t->n;
    }
    return fine;
}

/* No control byte, no DEL, no C1 in UTF-8; decoding the escapes gives the input. */
static bool sound_terminal(const struct text *t, const char *in, size_t n)
{
    char back[256];
    size_t m;

    for (size_t i = 0; i < t->n; i++) {
        unsigned char c = (unsigned char)t->at[i];

        if (c < 0x20 || c == 0x7f)
            return false;
        if (c == 0xc2 && i + 1 < t->n && (unsigned char)t->at[i + 1] < 0xa0)
            return false;
    }
    if (t->n == 0 || t->n >= sizeof back)
        return t->n > 0 || n == 0;
    memcpy(back, t->at, t->n);
    back[t->n] = '\0';
    m = tsv_unescape(back);
    return m == n && memcmp(back, in, n) == 0;
}

static void random_input(void)
{
    bool json = true, terminal = true;

    for (int i = 0; i < 200000; i++) {
        struct text t = { 0 };
        char bytes[64], *in;
        size_t n = noise(bytes, sizeof bytes);

        in = tsv_wall(bytes, n);
        json_string(&t, in, n);
        json = json && sound_json(&t);
        text_free(&t);
        terminal_safe(&t, in, n);
        terminal = terminal && sound_terminal(&t, in, n);
        text_free(&t);
    }
    tap(json, "200000 random inputs: JSON is ASCII and closed");
    tap(terminal, "200000 random inputs: terminal text is safe and can be undone");
}

/* Each code point alone: JSON keeps it in its escapes, so none is treated as malformed;
 * hidden code points never reach a terminal. */
static void all_code_points(void)
{
    bool whole = true;

    for (uint32_t c = 0x80; c < 0x110000; c++) {
        char in[4], expected[16];
        struct text t = { 0 };
        size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

        if (c >= 0xd800 && c < 0xe000)
            continue;
        for (size_t i = n; --i > 0;)
            in[i] = (char)(0x80 | (c >> 6 * (n - 1 - i) & 0x3f));
        in[0] = (char)((0xf00u >> n & 0xff) | c >> 6 * (n - 1));
        if (c < 0x10000)
            snprintf(expected, sizeof expected, "\"\\u%04x\"", (unsigned)c);
        else
            snprintf(expected, sizeof expected, "\"\\u%04x\\u%04x\"",
                     (unsigned)(0xd800 + ((c - 0x10000) >> 10)),
                     (unsigned)(0xdc00 + ((c - 0x10000) & 0x3ff)));
        json_string(&t, in, n);
        whole = whole && t.n == strlen(expected) && memcmp(t.at, expected, t.n) == 0;
        text_free(&t);
    }
    tap(whole, "each code point becomes its own escape");
}

/* Just outside the ranges of Unicode's table 3-7: each byte is malformed on its own. */
static void just_outside(void)
{
    static const char *const bytes[] = { "\xc1\xbf",         "\xe0\x9f\xbf",
                                         "\xed\xa0\x80",     "\xf0\x8f\xbf\xbf",
                                         "\xf4\x90\x80\x80", "\xf5\x80" };
    bool fine = true;

    for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++) {
        struct text t = { 0 };

        json_string(&t, bytes[i], strlen(bytes[i]));
        fine = fine && t.n == 2 + 6 * strlen(bytes[i]) &&
               memcmp(t.at + 1, "\\ufffd", 6) == 0;
        text_free(&t);
    }
    tap(fine, "overlong, surrogate, too high: one U+FFFD for each byte");
}

static void growing(void)
{
    struct text t = { 0 };
    bool fine = true;

    for (int i = 0; i < 100000; i++)
        text_printf(&t, "%05d", i);
    for (int i = 0; i < 100000; i++) {
        char five[6];

        snprintf(five, sizeof five, "%05d", i);
        fine = fine && memcmp(t.at + 5 * i, five, 5) == 0;
    }
    tap(fine && t.n == 500000 && t.error == 0, "100000 additions");
    text_add(&t, "x", SIZE_MAX / 2 + 2);
    tap(t.error == ENOMEM && t.n == 500000, "a failure is kept, the text stays");
    text_add(&t, "x", 1);
    text_printf(&t, "x");
    tap(t.error == ENOMEM && t.n == 500000, "later additions are ignored");
    text_free(&t);
    tap(t.error == 0 && t.n == 0 && t.at == NULL, "freed is empty");
}

int main(void)
{
    random_input();
    all_code_points();
    just_outside();
    growing();
    return tap_end();
}
