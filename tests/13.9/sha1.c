/*
 * sha1.c - checks of sha1.h: vectors, FIPS 180-4's long message, every cut.
 *
 * Usage: sha1 [folder of vectors]. Prints TAP.
 */
#include "sha1.h"

#include "tsv.h"

static void to_hex(const unsigned char digest[SHA1_DIGEST], char hex[2 * SHA1_DIGEST + 1])
{
    for (int i = 0; i < SHA1_DIGEST; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

/* One digest, taken in three pieces, compared in both forms. */
static bool check(const char *bytes, size_t n, size_t cut, size_t cut2, const char *hex,
                  const char *label)
{
    unsigned char digest[SHA1_DIGEST];
    char got[2 * SHA1_DIGEST + 1], got_label[SHA1_LABEL];
    struct sha1 s, again;

    sha1_start(&s);
    sha1_add(&s, bytes, cut);
    sha1_add(&s, bytes + cut, cut2 - cut);
    sha1_add(&s, bytes + cut2, n - cut2);
    again = s;
    sha1_finish(&s, digest);
    sha1_label(&again, got_label);
    to_hex(digest, got);
    if (strcmp(got, hex) == 0 && strcmp(got_label, label) == 0)
        return true;
    printf("# expected %s %s got %s %s\n", hex, label, got, got_label);
    return false;
}

static void vectors(const char *folder)
{
    struct tsv row;
    int rows = 0, right = 0;

    if (!tsv_open(&row, folder, "sha1-base32.tsv"))
        return;
    while (tsv_next(&row)) {
        const char *in = tsv_wall(row.at[0], row.n[0]);
        bool fine = true;

        for (size_t cut = 0; fine && cut <= row.n[0]; cut++)
            for (size_t cut2 = cut; fine && cut2 <= row.n[0]; cut2 += 1 + row.n[0] / 16)
                fine = check(in, row.n[0], cut, cut2, row.at[1], row.at[2]);
        rows++;
        right += fine;
    }
    printf("# sha1-base32.tsv: %d of %d\n", right, rows);
    tap(rows > 0 && right == rows, "sha1-base32.tsv, in three pieces at each cut");
}

int main(int argc, char **argv)
{
    static char million[1000000];
    memset(million, 'a', sizeof million);

    vectors(argc > 1 ? argv[1] : NULL);
    tap(check("abc", 3, 1, 2, "a9993e364706816aba3e25717850c26c9cd0d89d",
              "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"),
        "abc");
    tap(check(million, sizeof million, 77, 4711,
              "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
              "sha1:GSVJOPGUYTNKJ5Q65MV5XLJHGFSTIALP"),
        "a million a");
    return tap_end();
}
