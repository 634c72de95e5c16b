/*
 * links-vectors.c - checks of the link scanner with vectors from outside:
 * links-vectors [folder of vectors]
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "entities.h"
#include "link_scan.h"

/* Undo the vectors' escapes in place; returns the length. */
static size_t unescape(char *s)
{
    static const char letters[] = "nrt\\", bytes[] = "\n\r\t\\";
    char *to = s;

    for (char *from = s; *from != '\0'; from++) {
        const char *letter = from[0] == '\\' ? strchr(letters, from[1]) : NULL;

        if (*from != '\\') {
            *to++ = *from;
            continue;
        }
        from++;
        if (letter != NULL) {
            *to++ = bytes[letter - letters];
        } else if (*from == 'x') {
            char hex[3] = { from[1], from[2], '\0' };

            *to++ = (char)strtol(hex, NULL, 16);
            from += 2;
        }
    }
    *to = '\0';
    return (size_t)(to - s);
}

/* Are the finds of this kind, without duplicates, the vector's list in the same order? */
static int finds_are(const struct log *log, enum link_kind kind, char *list)
{
    static struct log seen;
    char *item = strcmp(list, "-") == 0 ? NULL : strtok(list, " ");

    seen.n = 0;
    for (size_t at = 0, n; at < log->n; at += n) {
        size_t i = 0;

        n = strlen(log->text + at) + 1;
        while (i < seen.n && strcmp(seen.text + i, log->text + at) != 0)
            i += strlen(seen.text + i) + 1;
        if (log->text[at] != 'A' + (char)kind || i < seen.n)
            continue;
        memcpy(seen.text + seen.n, log->text + at, n);
        seen.n += n;
        if (item == NULL || unescape(item) + 2 != n ||
            strcmp(item, log->text + at + 1) != 0)
            return 0;
        item = strtok(NULL, " ");
    }
    return item == NULL;
}

static int html_row(char **field)
{
    static struct log log;

    return scan_all_ways(&log, field[2], unescape(field[2])) &&
           finds_are(&log, LINK_BASE, field[3]) && finds_are(&log, LINK_A, field[4]);
}

static int entity_row(char **field)
{
    char out[64], *name = fence - strlen(field[0]) - 1;
    size_t n = strlen(field[0]) + 1, want_n = unescape(field[1]);

    name[0] = '&';
    memcpy(name + 1, field[0], n - 1);
    return entities_decode(name, n, false, out, sizeof out) == want_n &&
           memcmp(out, field[1], want_n) == 0 &&
           entities_decode(name, n, true, out, sizeof out) == want_n &&
           memcmp(out, field[1], want_n) == 0;
}

/* Check each row; those whose second field is "tree" need a tree builder and may fail. */
static void vectors(const char *folder, const char *file, int (*check)(char **field))
{
    char path[4096], *line = NULL, *field[5];
    size_t size = 0;
    int rows[2] = { 0, 0 }, good[2] = { 0, 0 };
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, file);
    f = fopen(path, "r");
    while (f != NULL && getline(&line, &size, f) > 0) {
        int tree, passed, i = 0;

        if (line[0] == '#')
            continue;
        line[strcspn(line, "\n")] = '\0';
        for (char *p = line; p != NULL && i < 5; i++) {
            field[i] = p;
            p = strchr(p, '\t');
            if (p != NULL)
                *p++ = '\0';
        }
        tree = strcmp(field[1], "tree") == 0;
        passed = check(field);
        rows[tree]++;
        good[tree] += passed;
        if (!passed)
            printf("# %s %s\n", field[0], tree ? "needs a tree" : "failed");
    }
    printf("# %s: %d of %d, of class tree %d of %d\n", file, good[0], rows[0], good[1],
           rows[1]);
    ok(rows[0] > 0 && good[0] == rows[0], file);
    free(line);
    if (f != NULL)
        fclose(f);
}

int main(int argc, char **argv)
{
    raise_fence();
    if (argc > 1) {
        vectors(argv[1], "html-links.tsv", html_row);
        vectors(argv[1], "entities.tsv", entity_row);
    } else {
        printf("# skipped: no vectors\n");
    }
    printf("1..%d\n", tests);
    return failures != 0;
}
