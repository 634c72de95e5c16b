/*
 * vectors.h - the main program of the checks that judge the rows of vector files.
 *
 * Usage of such a program: NAME FOLDER [FILE...]. A FILE is named without ".tsv". Without
 * any, the program judges all files that it knows. It prints a TAP line for each file,
 * with the numbers of rows and of rows that agree; tests/tools/vectors-check, which runs
 * these programs, parses that line. Read next: that script, and url-vectors.c.
 */
#ifndef VECTORS_H
#define VECTORS_H

#include "tsv.h"

enum judged { DISAGREES, AGREES, NOT_ASKED };

struct vector_file {
    const char *name;                      /* without ".tsv" */
    enum judged (*judge)(struct tsv *row); /* judges a row */
    const char *how;                       /* follows "N agree" in the TAP line, or "" */
};

/* Judges a row. Prints a remark when the result is not the expected one. */
static inline enum judged judged(bool right, const char *input, const char *expected,
                                 const char *got)
{
    if (!right)
        printf("# %.200s: expected %.200s, got %.200s\n", input, expected, got);
    return right ? AGREES : DISAGREES;
}

static inline void vectors_judge(const char *folder, const struct vector_file *file)
{
    int count[3] = { 0, 0, 0 }, rows;
    char name[256], not_asked[64] = "";
    struct tsv row;

    snprintf(name, sizeof name, "%s.tsv", file->name);
    if (!tsv_open(&row, folder, name))
        return;
    while (tsv_next(&row))
        count[file->judge(&row)]++;
    rows = count[AGREES] + count[DISAGREES];
    if (count[NOT_ASKED] > 0)
        snprintf(not_asked, sizeof not_asked, ", %d not asked", count[NOT_ASKED]);
    snprintf(name, sizeof name, "%s: %d rows, %d agree%s%s", file->name, rows,
             count[AGREES], file->how, not_asked);
    tap(rows > 0 && rows == count[AGREES], name);
}

static inline int vectors_main(int argc, char **argv, const struct vector_file *files,
                               size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool wanted = argc == 2;

        for (int a = 2; a < argc; a++)
            wanted = wanted || strcmp(argv[a], files[i].name) == 0;
        if (wanted)
            vectors_judge(argv[1], &files[i]);
    }
    return tap_end();
}

#endif
