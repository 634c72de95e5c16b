/*
 * message-vectors.c - the response parser against other people's rows and our own.
 *
 * Levels: `must` and `strict` have to agree in all columns, including the kind of an
 * error. For `choice` either answer is legal, so it is not compared. Every row of every
 * level is fed whole, byte by byte and at each single split, and has to give the same
 * result each time.
 */
#include "parse_record.h"
#include "vectors.h"

enum { COLUMNS = 15 };

static bool agrees(const struct tsv *row, const struct verdict *v)
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

static enum judged response_row(struct tsv *row)
{
    struct input in = { row->at[4], row->n[4], row->at[2], strcmp(row->at[3], "eof") == 0,
                        NULL };
    bool choice = strcmp(row->at[1], "choice") == 0, agreed, uncut;
    struct verdict v;
    char *body;

    if (row->count != COLUMNS)
        return judged(false, row->at[0], "15 fields", "another number");
    body = malloc(in.n + 1);
    v = run_cut(&in, 0, in.n, body);
    agreed = agrees(row, &v);
    uncut = run_all_cuts(&in, &v);
    free(body);
    if (!uncut)
        return judged(false, row->at[0], "the same in every cut", "another verdict");
    return choice ? NOT_ASKED : judged(agreed, row->at[0], row->at[5], v.result);
}

int main(int argc, char **argv)
{
    static const struct vector_file files[] = {
        { "http-responses", response_row, " in every cut" },
    };

    return vectors_main(argc, argv, files, sizeof files / sizeof *files);
}
