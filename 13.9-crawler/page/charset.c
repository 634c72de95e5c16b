/*
 * charset.c - the names of encodings (WHATWG Encoding, 4.2), and the marks that pages begin
 * with. Next: prescan.c.
 *
 * x-user-defined, which maps bytes to code points of no meaning, is read as HTML has it in
 * <meta>: as windows-1252.
 */
#include "charset.h"

#include <string.h>

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

static struct span trim(struct span s)
{
    static const char space[] = "\t\n\f\r ";

    while (s.n > 0 && memchr(space, s.at[0], 5) != NULL)
        s = (struct span){ s.at + 1, s.n - 1 };
    while (s.n > 0 && memchr(space, s.at[s.n - 1], 5) != NULL)
        s.n--;
    return s;
}

/* Is it one of these words? */
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
