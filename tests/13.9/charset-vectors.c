/*
 * charset-vectors.c - which encoding the first bytes of a page declare: each row by
 * charset_prescan() before an unreadable page, and by content.h whole, byte by byte and
 * cut at each place. Next: content.c.
 */
#include "content.h"
#include "vectors.h"

static size_t passed;

static void count(void *arg, const char *text, size_t n)
{
    (void)arg;
    passed += text != NULL ? n : 0;
}

/* The charset of a page in two pieces, or in pieces of one byte. */
static const char *in_pieces(const char *bytes, size_t n, size_t first, size_t step)
{
    static struct content content;
    static struct http_head head;

    content_begin(&content, &head, true, 1 << 20, count, NULL);
    for (size_t at = 0, size = first; at < n; at += size, size = step) {
        size = size < n - at ? size : n - at;
        content_feed(&content, tsv_wall(bytes + at, size), size);
    }
    content_end(&content, true);
    content_free(&content);
    return content.charset != NULL ? content.charset : "windows-1252";
}

static const char *at_once(const char *bytes, size_t n)
{
    struct span span = { tsv_wall(bytes, n), n };
    size_t skip;
    const struct charset *found = charset_of_bom(span, &skip);

    found = found != NULL ? found : charset_prescan(span);
    return found != NULL ? found->name : "windows-1252";
}

/* A page without a declaration is windows-1252 here, unless its bytes are valid UTF-8. */
static bool same(const char *name, const char *in_content)
{
    return strcmp(name, in_content) == 0 ||
           (strcmp(name, "windows-1252") == 0 && strcmp(in_content, "utf-8") == 0);
}

/* Columns: name, bytes, encoding, class ("late": only a full parse finds it). */
static enum judged row(struct tsv *row)
{
    const char *bytes = row->at[1], *wanted = row->at[2], *got;
    size_t n = row->n[1] < CONTENT_PRESCAN ? row->n[1] : CONTENT_PRESCAN;

    if (row->count > 3 && strcmp(row->at[3], "prescan") != 0)
        return NOT_ASKED;
    got = at_once(bytes, n);
    if (strcmp(got, wanted) != 0)
        return judged(false, row->at[0], wanted, got);
    if (!same(wanted, in_pieces(bytes, row->n[1], 1, 1)))
        return judged(false, row->at[0], "the same byte by byte", "another");
    for (size_t first = 0; first <= row->n[1]; first++) {
        got = in_pieces(bytes, row->n[1], first, row->n[1]);
        if (!same(wanted, got))
            return judged(false, row->at[0], wanted, got);
    }
    return AGREES;
}

int main(int argc, char **argv)
{
    static const struct vector_file files[] = {
        { "charset-prescan", row, ", also in pieces" },
        { "charset-own", row, ", also in pieces" },
    };

    return vectors_main(argc, argv, files, sizeof files / sizeof *files);
}
