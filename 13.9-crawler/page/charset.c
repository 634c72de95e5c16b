/*
 * charset.c - the names of encodings (WHATWG Encoding, 4.2), the byte order marks, and
 * the prescan, which finds the encoding that a page's first bytes declare (HTML 13.2.3.2,
 * and the XML declaration). The prescan is a small tokenizer of its own, as the standard
 * demands: the page cannot be read as HTML before its encoding is known. Next: convert.h.
 *
 * x-user-defined maps bytes to private code points. It is read as windows-1252, as HTML
 * demands for <meta>.
 */
#include "charset.h"

#include <stdbool.h>
#include <string.h>

#include "ascii.h"
#include "message.h"

/* clang-format off */
static const struct charset table[] = {
    { "utf-8", CHARSET_UTF_8, "",
      "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8" },
    { "windows-1252", CHARSET_1252, "",
      "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 "
      "iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii x-cp1252 "
      "x-user-defined" },
    { "ibm866", CHARSET_ASCII, "CP866",
      "866 cp866 csibm866" },
    { "iso-8859-2", CHARSET_ASCII, "ISO-8859-2",
      "csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 "
      "latin2" },
    { "iso-8859-3", CHARSET_ASCII, "ISO-8859-3",
      "csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 "
      "latin3" },
    { "iso-8859-4", CHARSET_ASCII, "ISO-8859-4",
      "csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 "
      "latin4" },
    { "iso-8859-5", CHARSET_ASCII, "ISO-8859-5",
      "csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 "
      "iso_8859-5:1988" },
    { "iso-8859-6", CHARSET_ASCII, "ISO-8859-6",
      "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 "
      "iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 "
      "iso_8859-6:1987" },
    { "iso-8859-7", CHARSET_ASCII, "ISO-8859-7",
      "csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 "
      "iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek" },
    { "iso-8859-8", CHARSET_ASCII, "ISO-8859-8",
      "csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 "
      "iso88598 iso_8859-8 iso_8859-8:1988 visual" },
    { "iso-8859-8-i", CHARSET_ASCII, "ISO-8859-8",
      "csiso88598i logical" },
    { "iso-8859-10", CHARSET_ASCII, "ISO-8859-10",
      "csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6" },
    { "iso-8859-13", CHARSET_ASCII, "ISO-8859-13",
      "iso8859-13 iso885913" },
    { "iso-8859-14", CHARSET_ASCII, "ISO-8859-14",
      "iso8859-14 iso885914" },
    { "iso-8859-15", CHARSET_ASCII, "ISO-8859-15",
      "csisolatin9 iso8859-15 iso885915 iso_8859-15 l9" },
    { "iso-8859-16", CHARSET_ASCII, "ISO-8859-16",
      "" },
    { "koi8-r", CHARSET_ASCII, "KOI8-R",
      "cskoi8r koi koi8 koi8_r" },
    { "koi8-u", CHARSET_ASCII, "KOI8-U",
      "koi8-ru" },
    { "macintosh", CHARSET_ASCII, "MACINTOSH",
      "csmacintosh mac x-mac-roman" },
    { "windows-874", CHARSET_ASCII, "CP874 TIS-620",
      "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620" },
    { "windows-1250", CHARSET_ASCII, "CP1250",
      "cp1250 x-cp1250" },
    { "windows-1251", CHARSET_ASCII, "CP1251",
      "cp1251 x-cp1251" },
    { "windows-1253", CHARSET_ASCII, "CP1253",
      "cp1253 x-cp1253" },
    { "windows-1254", CHARSET_ASCII, "CP1254",
      "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 "
      "iso_8859-9:1989 l5 latin5 x-cp1254" },
    { "windows-1255", CHARSET_ASCII, "CP1255",
      "cp1255 x-cp1255" },
    { "windows-1256", CHARSET_ASCII, "CP1256",
      "cp1256 x-cp1256" },
    { "windows-1257", CHARSET_ASCII, "CP1257",
      "cp1257 x-cp1257" },
    { "windows-1258", CHARSET_ASCII, "CP1258",
      "cp1258 x-cp1258" },
    { "x-mac-cyrillic", CHARSET_ASCII, "MAC-UK",
      "x-mac-ukrainian" },
    { "gbk", CHARSET_ASCII, "GB18030",
      "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58 x-gbk" },
    { "gb18030", CHARSET_ASCII, "GB18030",
      "" },
    { "big5", CHARSET_ASCII, "BIG5-HKSCS",
      "big5-hkscs cn-big5 csbig5 x-x-big5" },
    { "euc-jp", CHARSET_ASCII, "EUC-JP",
      "cseucpkdfmtjapanese x-euc-jp" },
    { "iso-2022-jp", CHARSET_OTHER, "ISO-2022-JP",
      "csiso2022jp" },
    { "shift_jis", CHARSET_ASCII, "CP932 SHIFT_JIS",
      "csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis" },
    { "euc-kr", CHARSET_ASCII, "CP949",
      "cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 "
      "ksc5601 ksc_5601 windows-949" },
    { "replacement", CHARSET_REPLACEMENT, "",
      "csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr" },
    { "utf-16be", CHARSET_OTHER, "UTF-16BE",
      "unicodefffe" },
    { "utf-16le", CHARSET_OTHER, "UTF-16LE",
      "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16" },
};
/* clang-format on */

const struct charset *const charset_utf_8 = &table[0];
const struct charset *const charset_windows_1252 = &table[1];

/* WHATWG Encoding, index windows-1252. A byte that has no character is a control. */
const uint16_t charset_1252_high[32] = {
    0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
    0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
    0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178,
};

/* The standard's ASCII white space. */
static bool is_space(char c)
{
    return c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

static struct span trim(struct span s)
{
    while (s.n > 0 && is_space(s.at[0]))
        s = (struct span){ s.at + 1, s.n - 1 };
    while (s.n > 0 && is_space(s.at[s.n - 1]))
        s.n--;
    return s;
}

/* Returns true when `word` is one of `words`. */
static bool among(const char *words, struct span word)
{
    while (*words != '\0') {
        struct span next = { words, strcspn(words, " ") };

        if (next.n == word.n && http_same_letters(next.at, word.at, word.n))
            return true;
        words += next.n + (words[next.n] == ' ');
    }
    return false;
}

const struct charset *charset_find(struct span label)
{
    label = trim(label);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (http_span_is(label, table[i].name) || among(table[i].labels, label))
            return &table[i];
    return NULL;
}

const struct charset *charset_of_bom(struct span bytes, size_t *skip)
{
    static const struct {
        struct span mark, name;
    } marks[] = {
        { { "\xef\xbb\xbf", 3 }, { "utf-8", 5 } },
        { { "\xfe\xff", 2 }, { "utf-16be", 8 } },
        { { "\xff\xfe", 2 }, { "utf-16le", 8 } },
    };

    for (size_t i = 0; i < 3; i++) {
        struct span mark = marks[i].mark;

        *skip = mark.n;
        if (bytes.n >= mark.n && memcmp(bytes.at, mark.at, mark.n) == 0)
            return charset_find(marks[i].name);
    }
    *skip = 0;
    return NULL;
}

/* ---- prescan: the declaration in the first bytes ---- */

struct attribute {
    struct span name, value;
};

/* The bytes that are not read yet. The prescan ends when none is left. */
struct scan {
    const char *at, *end;
};

static bool ends_name(char c)
{
    return is_space(c) || c == '=' || c == '/' || c == '>';
}

static void skip_space(struct scan *s, char other)
{
    while (s->at < s->end && (is_space(*s->at) || *s->at == other))
        s->at++;
}

static bool begins(const struct scan *s, const char *text)
{
    size_t n = strlen(text);

    return (size_t)(s->end - s->at) >= n && http_same_letters(s->at, text, n);
}

static bool skip_to(struct scan *s, char c)
{
    s->at = memchr(s->at, c, (size_t)(s->end - s->at));
    s->at = s->at != NULL ? s->at : s->end;
    return s->at < s->end;
}

/* "Get an attribute", steps 9 to 12: a value, in quotes or up to white space or ">". */
static void get_value(struct scan *s, struct span *value)
{
    const char *from = s->at;

    if (s->at < s->end && (*from == '"' || *from == '\'')) {
        s->at++;
        if (skip_to(s, *from))
            *value = (struct span){ from + 1, (size_t)(s->at++ - from - 1) };
        return;
    }
    while (s->at < s->end && !is_space(*s->at) && *s->at != '>')
        s->at++;
    *value = (struct span){ from, (size_t)(s->at - from) };
}

/* "Get an attribute". Returns false when there is no further one. */
static bool get_attribute(struct scan *s, struct attribute *a)
{
    const char *from;

    *a = (struct attribute){ { NULL, 0 }, { "", 0 } };
    skip_space(s, '/');
    from = s->at;
    if (s->at == s->end || *s->at == '>')
        return false;
    do
        s->at++;
    while (s->at < s->end && !ends_name(*s->at));
    a->name = (struct span){ from, (size_t)(s->at - from) };
    skip_space(s, ' ');
    if (s->at < s->end && *s->at == '=') {
        s->at++;
        skip_space(s, ' ');
        get_value(s, &a->value);
    }
    return s->at < s->end;
}

/* HTML 2.5.5, "extracting a character encoding from a meta element": charset=... */
static const struct charset *in_content(struct span content)
{
    struct scan s = { content.at, content.at + content.n };
    struct span label;

    for (;;) {
        while (s.at < s.end && !begins(&s, "charset"))
            s.at++;
        if (s.at == s.end)
            return NULL;
        s.at += strlen("charset");
        skip_space(&s, ' ');
        if (s.at < s.end && *s.at == '=')
            break;
    }
    s.at++;
    skip_space(&s, ' ');
    label.at = s.at;
    if (s.at < s.end && (*s.at == '"' || *s.at == '\'')) {
        label.at++;
        s.at++;
        if (!skip_to(&s, label.at[-1]))
            return NULL;
    } else {
        while (s.at < s.end && !is_space(*s.at) && *s.at != ';')
            s.at++;
    }
    label.n = (size_t)(s.at - label.at);
    return charset_find(label);
}

/* A declaration that was readable as ASCII cannot mean UTF-16. The standard replaces it
 * by UTF-8. */
static const struct charset *not_utf_16(const struct charset *charset)
{
    if (charset != NULL && strncmp(charset->name, "utf-16", 6) == 0)
        return charset_utf_8;
    return charset;
}

/* Reads the attributes of a <meta>. Returns the encoding that they declare, or NULL. Of
 * two attributes with the same name, the first counts. */
static const struct charset *meta(struct scan *s)
{
    static const char *const names[] = { "http-equiv", "content", "charset" };
    const struct charset *charset = NULL;
    bool pragma = false, need_pragma = false, seen[3] = { false, false, false };
    struct attribute a;

    while (get_attribute(s, &a)) {
        int i = 0;

        while (i < 3 && !http_span_is(a.name, names[i]))
            i++;
        if (i == 3 || seen[i])
            continue;
        seen[i] = true;
        if (i == 0) {
            pragma = http_span_is(a.value, "content-type");
        } else if (i == 2) {
            charset = charset_find(a.value);
            need_pragma = false;
        } else if (charset == NULL && !seen[2] && in_content(a.value) != NULL) {
            charset = in_content(a.value);
            need_pragma = true;
        }
    }
    return s->at == s->end || (need_pragma && !pragma) ? NULL : not_utf_16(charset);
}

/* Moves past the markup that begins with "<". Returns the encoding when it is a <meta>
 * that declares one, or NULL. */
static const struct charset *markup(struct scan *s)
{
    struct attribute ignored;
    const char *name = s->at + 1 + (s->end - s->at > 1 && s->at[1] == '/');

    if (begins(s, "<!--")) {
        s->at += 2; /* "<!-->" is a whole comment */
        while (s->at < s->end && !begins(s, "-->"))
            s->at++;
    } else if (begins(s, "<meta") && s->end - s->at > 5 &&
               (is_space(s->at[5]) || s->at[5] == '/')) {
        s->at += 5;
        return meta(s);
    } else if (name < s->end && ascii_is_letter(*name)) {
        while (s->at < s->end && !is_space(*s->at) && *s->at != '>')
            s->at++;
        while (get_attribute(s, &ignored))
            continue;
    } else if (begins(s, "<!") || begins(s, "</") || begins(s, "<?")) {
        skip_to(s, '>');
    }
    return NULL;
}

/* "Get an XML encoding": <?xml ... encoding="..."?> */
static const struct charset *xml_declaration(struct scan s)
{
    struct scan inside = s;
    char quote;

    if (!begins(&s, "<?xml") || !skip_to(&s, '>'))
        return NULL;
    inside.end = s.at;
    while (inside.at < inside.end && !begins(&inside, "encoding"))
        inside.at++;
    if (inside.at == inside.end)
        return NULL;
    inside.at += strlen("encoding");
    skip_space(&inside, ' ');
    if (inside.at == inside.end || *inside.at++ != '=')
        return NULL;
    skip_space(&inside, ' ');
    if (inside.at == inside.end || (*inside.at != '"' && *inside.at != '\''))
        return NULL;
    quote = *inside.at++;
    s.at = inside.at;
    if (!skip_to(&inside, quote))
        return NULL;
    return not_utf_16(charset_find((struct span){ s.at, (size_t)(inside.at - s.at) }));
}

const struct charset *charset_prescan(struct span bytes)
{
    struct scan s = { bytes.at, bytes.at + bytes.n }, begin = s;

    if (bytes.n >= 6 && memcmp(bytes.at, "<\0?\0x", 6) == 0)
        return charset_find((struct span){ "utf-16le", 8 });
    if (bytes.n >= 6 && memcmp(bytes.at, "\0<\0?\0x", 6) == 0)
        return charset_find((struct span){ "utf-16be", 8 });
    for (; skip_to(&s, '<'); s.at += s.at < s.end) {
        const struct charset *charset = markup(&s);

        if (charset != NULL)
            return charset;
        if (s.at == s.end)
            break;
    }
    return xml_declaration(begin);
}
