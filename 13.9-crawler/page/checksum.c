/* checksum.c - see checksum.h. */
#include "checksum.h"

enum { ADLER_PRIME = 65521, ADLER_RUN = 5552 }; /* so many bytes fit into 32 bits */

void crc32_init(struct crc32 *crc)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t sum = i;

        for (int bit = 0; bit < 8; bit++)
            sum = (sum & 1) != 0 ? sum >> 1 ^ 0xedb88320u : sum >> 1;
        crc->table[0][i] = sum;
    }
    for (int k = 1; k < 4; k++)
        for (int i = 0; i < 256; i++) {
            uint32_t sum = crc->table[k - 1][i];

            crc->table[k][i] = sum >> 8 ^ crc->table[0][sum & 0xff];
        }
}

/* Four bytes at a time: each is looked up in the table of its distance. */
uint32_t crc32_add(const struct crc32 *crc, uint32_t sum, const void *bytes, size_t n)
{
    const unsigned char *s = bytes;

    sum = ~sum;
    for (; n >= 4; n -= 4, s += 4) {
        sum ^= s[0] | (uint32_t)s[1] << 8 | (uint32_t)s[2] << 16 | (uint32_t)s[3] << 24;
        sum = crc->table[3][sum & 0xff] ^ crc->table[2][sum >> 8 & 0xff] ^
              crc->table[1][sum >> 16 & 0xff] ^ crc->table[0][sum >> 24];
    }
    for (; n > 0; n--)
        sum = sum >> 8 ^ crc->table[0][(sum ^ *s++) & 0xff];
    return ~sum;
}

uint32_t adler32_add(uint32_t sum, const void *bytes, size_t n)
{
    const unsigned char *s = bytes;
    uint32_t a = sum & 0xffff, b = sum >> 16;

    while (n > 0) {
        const unsigned char *end = s + (n < ADLER_RUN ? n : ADLER_RUN);

        n -= (size_t)(end - s);
        while (s < end) {
            a += *s++;
            b += a;
        }
        a %= ADLER_PRIME;
        b %= ADLER_PRIME;
    }
    return b << 16 | a;
}
