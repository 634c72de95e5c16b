/*
 * inflate-vectors.c - small streams, valid and invalid, and their output: each whole,
 * byte by byte, and cut at each place. Next: inflate.c.
 */
#include "unpacking.h"
#include "vectors.h"

/* Columns: name, kind, input, output, and why it ends or "-". */
static enum judged row(struct tsv *row)
{
    static struct unpacked whole, cut;
    const char *in = row->at[2], *why = strcmp(row->at[4], "-") == 0 ? NULL : row->at[4];
    size_t n = row->n[2];
    struct unpacked wanted = { row->at[3], row->n[3], 0, why };

    unpack(&whole, row->at[1], in, n, n, n);
    if (!same_unpacked(&whole, &wanted))
        return judged(false, row->at[0], row->at[4], whole.why != NULL ? whole.why : "-");
    unpack(&cut, row->at[1], in, n, 1, 1);
    if (!same_unpacked(&cut, &wanted))
        return judged(false, row->at[0], "the same byte by byte", "another");
    for (size_t first = 0; first <= n; first++) {
        unpack(&cut, row->at[1], in, n, first, n);
        if (!same_unpacked(&cut, &wanted))
            return judged(false, row->at[0], "the same in two pieces", "another");
    }
    return AGREES;
}

int main(int argc, char **argv)
{
    static const struct vector_file files[] = {
        { "inflate", row, ", also byte by byte and at each cut" },
    };

    return vectors_main(argc, argv, files, sizeof files / sizeof *files);
}
