/*
 * content.c - checks of content.h: packing in layers, which input is refused and why, and
 * texts of many charsets; each whole, byte by byte and cut at each place. Next: decode.c.
 */
#define _GNU_SOURCE /* mallinfo2() */
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "check.h"
#include "content.h"
#include "packed_body.h"
#include "tsv.h"

static struct content content;
static struct http_head head;
static char got[1 << 17];
static size_t got_n, got_all;
static const char *only_at; /* output must point into this block, if it is not NULL */

static void take(void *arg, const char *bytes, size_t n)
{
    (void)arg;
    EXPECT(only_at == NULL || bytes >= only_at);
    got_all += n;
    n = n < sizeof got - got_n ? n : sizeof got - got_n;
    memcpy(got + got_n, bytes, n);
    got_n += n;
}

static void head_with(const char *coding, const char *type)
{
    const char *const names[] = { "Content-Encoding", "Content-Type" };
    const char *const values[] = { coding, type };

    http_head_init(&head);
    for (int i = 0; i < 2; i++)
        if (values[i] != NULL)
            head.fields[head.count++] =
                (struct http_field){ { names[i], strlen(names[i]) },
                                     { values[i], strlen(values[i]) } };
}

static const char *decode(const void *bytes, size_t n, size_t first, size_t step,
                          uint64_t limit, bool is_text)
{
    got_n = got_all = 0;
    EXPECT_INT(content_begin(&content, &head, is_text, limit, take, NULL), 0);
    for (size_t at = 0, size = first; at < n; at += size, size = step) {
        size = size < n - at ? size : n - at;
        content_feed(&content, tsv_wall((const char *)bytes + at, size), size);
    }
    content_end(&content, true);
    return content.why != NULL ? content.why : "";
}

/* In every cut: the output is this text, and the reason is of this kind. */
static void expect(const void *bytes, size_t n, const char *text, const char *why)
{
    size_t text_n = strlen(text), steps = n < 2000 ? n : 2;

    for (size_t i = 0; i <= steps; i++) {
        const char *says =
            decode(bytes, n, i == 0 ? n : i, i == 1 ? 1 : n, 1 << 20, true);

        EXPECT_INT(
            strncmp(says, why, strlen(why)) == 0 && (*why != '\0' || *says == '\0'), 1);
        if (got_n != text_n || memcmp(got, text, text_n) != 0)
            check_fail(__FILE__, __LINE__, "cut at %zu: \"%.*s\", not \"%s\" (%s)", i,
                       (int)got_n, got, text, says);
        if (check_failed)
            return;
    }
}

/* ---- packing ---- */

static const char page[] = "<a href=x>\xc3\xa9</a>";
enum { PAGE = sizeof page - 1 };

static void codings(void)
{
    char one[200], two[300];
    size_t n = pack_gzip(one, page, PAGE);

    head_with("gzip", "text/html");
    expect(one, n, page, "");
    EXPECT_STR(content.coding, "gzip");
    EXPECT_STR(content.charset, "utf-8");
    head_with("X-GZIP", NULL);
    expect(one, n, page, "");
    head_with("identity", NULL);
    expect(page, PAGE, page, "");
    EXPECT_STR(content.coding, "");
    head_with("deflate", NULL);
    expect(one, pack_zlib(one, page, PAGE), page, "");
    expect(one, pack_raw(one, page, PAGE), page, "");
    head_with("deflate, gzip", NULL);
    expect(two, pack_gzip(two, one, pack_zlib(one, page, PAGE)), page, "");
    EXPECT_STR(content.coding, "deflate, gzip");
    head_with("gzip", NULL);
    expect("", 0, "", "");
}

static void refused(void)
{
    char one[200], two[300], three[400];
    size_t n = pack_gzip(one, page, PAGE);

    head_with("gzip", NULL);
    expect(page, PAGE, "", "bad-gzip: it does not begin");
    expect(one, n - 1, page, "truncated: ");
    expect(one, 7, "", "truncated: ");
    one[n] = 'x';
    expect(one, n + 1, page, "bad-gzip: bytes follow");
    one[n - 8] ^= 1;
    expect(one, n, page, "bad-gzip: the check sum");
    n = pack_gzip(one, page, PAGE);
    n = pack_gzip(two, one, n);
    n = pack_gzip(three, two, n);
    head_with("gzip, gzip", NULL);
    EXPECT_STR(decode(three, n, 1, 1, 1 << 20, false), "");
    EXPECT(got_n > 0 && memcmp(got, one, got_n) == 0); /* one layer remains */
    head_with("gzip, gzip, gzip", NULL);
    expect(three, n, "", "too-many-codings: ");
    head_with("br", NULL);
    expect(page, PAGE, "", "unknown-coding: ");
    EXPECT_STR(content.coding, "br");
    head_with("zstd, gzip", NULL);
    expect(three, n, "", "unknown-coding: ");
    head_with("gzip, deflate", NULL);
    expect(one, pack_zlib(one, page, PAGE), "", "bad-gzip: it does not begin");
}

/* Each limit holds for each layer. */
static void bombs(void)
{
    static unsigned char bomb[PACK_BOMB], twice[2 * PACK_BOMB];
    size_t n = pack_bomb(bomb), all;
    const char *why;

    head_with("gzip", NULL);
    for (size_t step = 1; step <= PACK_BOMB; step *= 10) {
        why = decode(bomb, n, step, step, 16 << 20, true);
        EXPECT(strncmp(why, "too-dense: ", 11) == 0);
        EXPECT(got_all > 65536 && got_all < 850000);
        why = decode(bomb, n, step, step, 100000, true);
        EXPECT(strncmp(why, "too-large: ", 11) == 0);
        EXPECT_INT(got_all, 100000);
    }
    head_with("gzip, gzip", NULL);
    n = pack_gzip(twice, bomb, 60000);
    why = decode(twice, n, n, n, 16 << 20, true);
    all = got_all;
    EXPECT(strncmp(why, "too-dense: ", 11) == 0);
    EXPECT(all < 850000);
    why = decode(twice, n, 1, 1, 16 << 20, true);
    EXPECT(strncmp(why, "too-dense: ", 11) == 0);
    EXPECT_INT(got_all, all);
}

/* Two layers are two blocks, which the next body uses again; nothing else is
 * allocated. */
static void memory(void)
{
#ifdef __GLIBC__
    static unsigned char bomb[PACK_BOMB];
    size_t n = pack_bomb(bomb), before, after;

    content_free(&content);
    before = mallinfo2().uordblks; /* 0 under a sanitizer or valgrind */
    head_with("gzip, gzip", NULL);
    decode(bomb, n, 1000, 1000, 16 << 20, true);
    after = mallinfo2().uordblks;
    decode(bomb, n, 1, 1, 16 << 20, true);
    EXPECT_INT(mallinfo2().uordblks, after);
    EXPECT(after - before < 2 * sizeof(struct inflate) + 1000);
#endif
    content_free(&content);
    content_free(&content);
}

/* Unpacked UTF-8: the output is the input, piece by piece. */
static void no_copy(void)
{
    char *wall = tsv_wall(page, PAGE);

    head_with(NULL, "text/html; charset=utf-8");
    content_begin(&content, &head, true, 100, take, NULL);
    got_n = 0;
    only_at = wall;
    content_feed(&content, wall, PAGE);
    EXPECT_INT(got_n, PAGE);
    content_end(&content, true);
    EXPECT_INT(got_n, PAGE);
    only_at = NULL;
}

/* ---- text ---- */

static void text(const char *type, const char *bytes, const char *wanted,
                 const char *name)
{
    head_with(NULL, type);
    expect(bytes, strlen(bytes), wanted, "");
    EXPECT_STR(content.charset, name);
    if (check_failed)
        printf("# %s\n", type);
}

static bool knows(const char *name)
{
    iconv_t cd = iconv_open("UTF-8", name);

    if (cd == (iconv_t)-1) {
        printf("# skipped: %s, which this libc's iconv() does not know\n", name);
        return false;
    }
    iconv_close(cd);
    return true;
}

#define HTML(charset) "text/html; charset=" charset

static void tables(void)
{
    text(HTML("windows-1251"), "a \xcf\xf0\xe8\xe2\xe5\xf2!", "a Привет!",
         "windows-1251");
    text(HTML("KOI8-R"), "\xf0\xd2\xc9\xd7\xc5\xd4", "Привет", "koi8-r");
    text(HTML("\"iso-8859-2\""), "\xb1\xe6", "ąć", "iso-8859-2");
    text(HTML("latin1"), "\x80 \xe9\x9f", "€ éŸ", "windows-1252");
    text(HTML("greek"), "\xe1", "α", "iso-8859-7");
    text(HTML("866"), "\x80", "А", "ibm866");
    if (knows("MACINTOSH"))
        text(HTML("mac"), "\x8e", "é", "macintosh");
}

static void multibyte(void)
{
    text(HTML("Shift_JIS"), "<a href=\"\x93\xfa\x96\x7b\">\x83\x5c \xb1~\\",
         "<a href=\"日本\">ソ ｱ~\\", "shift_jis");
    text(HTML("EUC-JP"), "x\xc6\xfc\xcb\xdc\x8e\xb1", "x日本ｱ", "euc-jp");
    text(HTML("ISO-2022-JP"), "a\x1b$BF|K\\\x1b(Bb", "a日本b", "iso-2022-jp");
    text(HTML("gb2312"), "\xd6\xd0\xce\xc4 a", "中文 a", "gbk");
#ifdef __GLIBC__
    text(HTML("gb18030"), "\x94\x39\xfc\x36", "😀", "gb18030");
#else
    puts("# skipped: four bytes of gb18030, which musl 1.2 reads wrongly");
#endif
    text(HTML("big5"), "\xa4\xa4\xa4\xe5", "中文", "big5");
    text(HTML("euc-kr"), "\xc7\xd1\xb1\xdb", "한글", "euc-kr");
    if (knows("UTF-16LE"))
        text(HTML("utf-16"), "a", "\xef\xbf\xbd", "utf-16le");
}

static void utf_16(void)
{
    static const char le[] = "\xff\xfe<\0\x2d\x4e>\0=\xd8\0\xde",
                      be[] = "\xfe\xff\0<\x4e\x2d";

    head_with(NULL, HTML("koi8-r")); /* the mark overrides the field */
    expect(le, sizeof le - 1, "<中>😀", "");
    EXPECT_STR(content.charset, "utf-16le");
    expect(be, sizeof be - 1, "<中", "");
    EXPECT_STR(content.charset, "utf-16be");
}

#define BAD "\xef\xbf\xbd"

static void malformed(void)
{
    text(HTML("Shift_JIS"), "a\x93", "a" BAD, "shift_jis");
    text(HTML("EUC-JP"), "\xc6<b>", BAD "<b>", "euc-jp");
    text(HTML("EUC-JP"), "\xff\xc6\xfc", BAD "日", "euc-jp");
    text(HTML("gbk"), "\xd6\xd0\x81", "中" BAD, "gbk");
    text(HTML("utf-8"), "a\xff", "a\xff",
         "utf-8"); /* json_string() and others handle it */
    text(HTML("replacement"), "<a href=x>", BAD, "replacement");
}

static void undeclared(void)
{
    text("text/html", "plain", "plain", "windows-1252");
    text("text/html", "\xe9t\xe9", "été", "windows-1252");
    text("text/html", "a \xe4\xb8\xad \xff", "a 中 \xff", "utf-8");
    text("text/html", "a \xe4\xb8", "a ä¸", "windows-1252");
    text("text/html", "\xf0\x9f\x98\x80", "😀", "utf-8");
    text("text/html", "\xc0\xaf", "À¯", "windows-1252");
    text("text/html; charset=nonesuch", "<meta charset=koi8-r>\xf0",
         "<meta charset=koi8-r>П", "koi8-r");
    text("text/html", "\xef\xbb\xbf<meta charset=koi8-r>", "<meta charset=koi8-r>",
         "utf-8");
}

/* A long page: iconv()'s output fills its buffer many times. */
static void long_text(void)
{
    static char in[60000];
    const char *why;

    head_with(NULL, HTML("windows-1251"));
    memset(in, 0xcf, sizeof in);
    for (size_t step = 1; step <= sizeof in; step = step * 37 + 1) {
        why = decode(in, sizeof in, step, step, 100, true);
        EXPECT_STR(why, "");
        EXPECT_INT(got_n, 2 * sizeof in);
        for (size_t i = 0; i < got_n && !check_failed; i += 2)
            EXPECT(memcmp(got + i, "П", 2) == 0);
    }
}

/* robots.txt and other bodies: bytes, unchanged. */
static void no_text(void)
{
    head_with(NULL, HTML("windows-1251"));
    decode("\xcf\xff", 2, 1, 1, 100, false);
    EXPECT(got_n == 2 && memcmp(got, "\xcf\xff", 2) == 0);
    EXPECT(content.charset == NULL);
}

CHECK_MAIN({ "gzip, deflate with and without zlib, both", codings },
           { "what is refused, and why", refused }, { "bombs", bombs },
           { "two blocks, whatever comes", memory }, { "no copy of UTF-8", no_copy },
           { "one byte a character", tables }, { "several bytes a character", multibyte },
           { "UTF-16", utf_16 }, { "malformed text", malformed },
           { "text that nobody declared", undeclared }, { "a long text", long_text },
           { "bytes that are no text", no_text })
