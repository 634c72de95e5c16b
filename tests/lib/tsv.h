/*
 * tsv.h - shared by the small test programs: TAP lines, rows of vectors, input that ends
 * at an unreadable page.
 *
 * A vector file has a first line that begins with '#', then one row per line, with the
 * fields separated by tabs. Escapes are \\ \n \r \t \xHH, and \e is an empty field.
 */
#ifndef TSV_H
#define TSV_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TSV_FIELDS = 16 };

struct tsv {
    FILE *file;
    char *line;           /* the row, unescaped in place */
    size_t room;          /* bytes allocated for `line` */
    int count;            /* number of fields in the row */
    char *at[TSV_FIELDS]; /* the fields; each ends with a NUL and may contain more */
    size_t n[TSV_FIELDS]; /* their lengths, without the NUL at the end */
};

static int tap_number, tap_failures;

static inline bool tap(bool fine, const char *name)
{
    printf("%sok %d - %s\n", fine ? "" : "not ", ++tap_number, name);
    tap_failures += !fine;
    return fine;
}

static inline int tap_end(void)
{
    printf("1..%d\n", tap_number);
    return tap_failures > 0;
}

static inline int tsv_hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static inline size_t tsv_unescape(char *s)
{
    char *out = s;
    const char *in = s;

    while (*in != '\0') {
        if (*in != '\\') {
            *out++ = *in++;
        } else if (in[1] == 'x') {
            *out++ = (char)(tsv_hex(in[2]) << 4 | tsv_hex(in[3]));
            in += 4;
        } else {
            if (in[1] != 'e')
                *out++ = (char)(in[1] == 'n'   ? '\n'
                                : in[1] == 'r' ? '\r'
                                : in[1] == 't' ? '\t'
                                               : in[1]);
            in += 2;
        }
    }
    *out = '\0';
    return (size_t)(out - s);
}

/* Opens a file of vectors. Prints a remark and returns false when the file is missing. */
static inline bool tsv_open(struct tsv *t, const char *folder, const char *name)
{
    char path[4096];

    *t = (struct tsv){ .count = 0 };
    if (folder != NULL) {
        snprintf(path, sizeof path, "%s/%s", folder, name);
        t->file = fopen(path, "r");
    }
    if (t->file == NULL)
        printf("# skipped: no vectors (%s)\n", name);
    return t->file != NULL;
}

/* Reads the next row. At the end of the file, releases everything and returns false. */
static inline bool tsv_next(struct tsv *t)
{
    do {
        ssize_t n = getline(&t->line, &t->room, t->file);

        if (n < 0) {
            fclose(t->file);
            free(t->line);
            return false;
        }
        t->line[n - (n > 0 && t->line[n - 1] == '\n')] = '\0';
    } while (t->line[0] == '#');
    t->count = 0;
    for (char *field = t->line, *tab; field != NULL && t->count < TSV_FIELDS;
         field = tab) {
        tab = strchr(field, '\t');
        if (tab != NULL)
            *tab++ = '\0';
        t->at[t->count] = field;
        t->n[t->count++] = tsv_unescape(field);
    }
    return true;
}

/* Returns a copy of n bytes that ends at an unreadable page, so that a read beyond them
 * crashes. The copy is valid until the next call. */
static inline char *tsv_wall(const void *bytes, size_t n)
{
    static char *map;
    static size_t size;
    size_t page = (size_t)sysconf(_SC_PAGESIZE), need = (n / page + 2) * page;

    if (need > size) {
        FILE *zero = fopen("/dev/zero", "r+");

        if (map != NULL)
            munmap(map, size);
        map = mmap(NULL, need, PROT_READ | PROT_WRITE, MAP_PRIVATE, fileno(zero), 0);
        fclose(zero);
        if (map == MAP_FAILED || mprotect(map + need - page, page, PROT_NONE) != 0)
            exit(2);
        size = need;
    }
    if (n > 0)
        memcpy(map + size - page - n, bytes, n);
    return map + size - page - n;
}

#endif
