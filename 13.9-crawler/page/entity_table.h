/* entity_table.h - the named character references of WHATWG HTML 13.5, for entities.c. */
#ifndef ENTITY_TABLE_H
#define ENTITY_TABLE_H

#define ENTITY_NAME 32    /* the longest name has 31 letters */
#define ENTITY_COUNT 2125 /* 2231 in the standard, which lists the bare ones twice */

struct entity {
    char name[ENTITY_NAME]; /* without "&" and ";" */
    char utf8[7];           /* what it stands for: one or two characters */
    char bare;              /* 1: it may stand without ";" */
};

/* Sorted by name, as strcmp sorts. */
extern const struct entity entity_table[ENTITY_COUNT];

#endif
