/*
 * 13.6-message-vectors.c - the response parser against other people's and our own rows.
 *
 * Usage: 13.6-message-vectors [folder]. Levels: `must` and `strict` have to agree in all
 * columns, the kind of an error included; of `choice` either answer is legal, so it is
 * only counted. Every row is fed whole, byte by byte and at each single split.
 */
#include "13.6-message-check.h"

enum { COLUMNS = 15 };

struct row {
    char *at[COLUMNS];
    size_t n[COLUMNS];
};

static bool split_row(struct row *row, char *line)
{
    for (int i = 0; i < COLUMNS; i++) {
        char *tab = line + strcspn(line, "\t\n");
        bool last = *tab != '\t';

        *tab = '\0';
        row->at[i] = line;
        row->n[i] = tsv_unescape(line);
        line = tab + 1;
        if (last)
            return i == COLUMNS - 1;
    }
    return false;
}

static bool agrees(const struct row *row, const struct verdict *v)
{
    static const char *const kinds[] = { "none", "length", "chunked", "close" };

    if (strcmp(v->result, row->at[5]) != 0)
        return false;
    if (strcmp(v->result, "OK") != 0)
        return true;
    return v->status == atoi(row->at[6]) && v->fields == atoi(row->at[7]) &&
           v->payload == row->n[8] && memcmp(v->body, row->at[8], row->n[8]) == 0 &&
           v->trailers == atoi(row->at[9]) && v->interim == atoi(row->at[10]) &&
           strcmp(kinds[v->kind], row->at[11]) == 0 &&
           v->reuse == (strcmp(row->at[12], "yes") == 0) &&
           v->left == (size_t)atoi(row->at[13]);
}

struct count {
    int rows, agreed, uncut; /* uncut: the verdict does not depend on the cuts */
};

static void check_row(const struct row *row, struct count *count)
{
    struct input in = { row->at[4], row->n[4], row->at[2],
                        strcmp(row->at[3], "eof") == 0 };
    char *body = malloc(in.n + 1);
    struct verdict v = run_cut(&in, 0, in.n, body);
    bool agreed = agrees(row, &v), uncut = run_all_cuts(&in, &v);

    count->rows++;
    count->agreed += agreed;
    count->uncut += uncut;
    if (!agreed || !uncut)
        printf("# %s (%s): expected %s, got %s%s\n", row->at[0], row->at[1], row->at[5],
               v.result, uncut ? "" : ", depends on the cuts");
    free(body);
}

static void report(const char *level, struct count count, bool all)
{
    char name[120];

    snprintf(name, sizeof name, "level %s: %d of %d rows agree, %d in every cut", level,
             count.agreed, count.rows, count.uncut);
    tap(count.uncut == count.rows && (!all || count.agreed == count.rows), name);
}

int main(int argc, char **argv)
{
    static struct count must, strict, choice;
    char path[4096];
    FILE *file;
    char *line = NULL;
    size_t room = 0;
    bool good = true;

    snprintf(path, sizeof path, "%s/http-responses.tsv", argc > 1 ? argv[1] : "");
    file = fopen(path, "r");
    if (file == NULL) {
        printf("# skipped: no vectors\n1..0\n");
        return 0;
    }
    while (getline(&line, &room, file) >= 0) {
        struct row row;

        if (line[0] == '#')
            continue;
        if (!split_row(&row, line))
            good = false;
        else
            check_row(&row, row.at[1][0] == 'm'   ? &must
                            : row.at[1][0] == 's' ? &strict
                                                  : &choice);
    }
    free(line);
    fclose(file);
    tap(good && must.rows > 0, "every row has 15 fields");
    report("must", must, true);
    report("strict", strict, true);
    report("choice", choice, false);
    return tap_end();
}
