/*
 * field-vectors.c - values of fields, and text for terminals and JSON, against our
 * own rows.
 */
#include "fields.h"
#include "text.h"
#include "vectors.h"

static enum judged retry_after_row(struct tsv *row)
{
    struct span value = { tsv_wall(row->at[0], row->n[0]), row->n[0] };
    double got = field_retry_after(&value, 784111777), want;
    char text[32];

    want = strcmp(row->at[1], "INVALID") == 0 ? -1
           : strcmp(row->at[1], "CAP") == 0   ? RETRY_AFTER_MAX
                                              : strtod(row->at[1], NULL);
    if (want > RETRY_AFTER_MAX)
        want = RETRY_AFTER_MAX;
    snprintf(text, sizeof text, "%.0f", got);
    return judged(got == want, row->at[0], row->at[1], text);
}

static enum judged content_type_row(struct tsv *row)
{
    struct span value = { tsv_wall(row->at[0], row->n[0]), row->n[0] };
    char type[256], charset[256], got[600];
    bool found;

    field_media_type(type, sizeof type, &value);
    if (type[0] == '\0')
        strcpy(type, "INVALID");
    found = field_charset(charset, sizeof charset, &value);
    if (!found)
        strcpy(charset, "-");
    snprintf(got, sizeof got, "%s %s", type, charset);
    return judged(strcmp(type, row->at[1]) == 0 && strcmp(charset, row->at[2]) == 0,
                  row->at[0], row->at[1], got);
}

static enum judged text_row(struct tsv *row,
                            void write(struct text *, const void *, size_t))
{
    struct text t = { 0 };
    enum judged answer;

    write(&t, tsv_wall(row->at[0], row->n[0]), row->n[0]);
    answer =
        judged(t.error == 0 && t.n == row->n[1] && memcmp(t.at, row->at[1], t.n) == 0,
               row->at[1], "this", "other bytes");
    text_free(&t);
    return answer;
}

static enum judged terminal_row(struct tsv *row)
{
    return text_row(row, terminal_safe);
}

static enum judged json_row(struct tsv *row)
{
    return text_row(row, json_string);
}

int main(int argc, char **argv)
{
    static const struct vector_file files[] = {
        { "retry-after", retry_after_row, "" },
        { "content-type", content_type_row, "" },
        { "terminal-safe", terminal_row, "" },
        { "json-strings", json_row, "" },
    };

    return vectors_main(argc, argv, files, sizeof files / sizeof *files);
}
