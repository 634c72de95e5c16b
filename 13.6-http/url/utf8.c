/* utf8.c - decodes and encodes. The decoder checks the range of each byte, so it rejects
 * overlong sequences and surrogates. Next: url.h. */
#include "utf8.h"

size_t utf8_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead < 0xc2 || lead > 0xf4)
        return 0;
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* Four lead bytes narrow the range of the second byte. The excluded values would be
 * overlong, a surrogate, or above U+10FFFF. */
size_t utf8_decode(const char *text, size_t n, uint32_t *code)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t length = utf8_length(s[0]), i = 1;
    unsigned low = s[0] == 0xe0 ? 0xa0 : s[0] == 0xf0 ? 0x90 : 0x80;
    unsigned high = s[0] == 0xed ? 0x9f : s[0] == 0xf4 ? 0x8f : 0xbf;
    uint32_t value = length < 2 ? s[0] : s[0] & (0x7fu >> length);

    for (; i < length && i < n && s[i] >= low && s[i] <= high; i++) {
        value = value << 6 | (s[i] & 0x3fu);
        low = 0x80;
        high = 0xbf;
    }
    *code = i == length ? value : UTF8_MALFORMED;
    return i;
}

size_t utf8_encode(char to[4], uint32_t code)
{
    static const unsigned char leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    for (size_t i = n; i-- > 1; code >>= 6)
        to[i] = (char)(0x80 | (code & 0x3f));
    to[0] = (char)(leads[n] | code);
    return n;
}
