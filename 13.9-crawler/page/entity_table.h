/*
 * entity_table.h - the named character references of WHATWG HTML 13.5, for entities.c.
 *
 *     if (strcmp(entity_table[i].name, "amp") == 0)
 *         return entity_table[i].utf8;
 *
 * Next: entities.h.
 */
#ifndef ENTITY_TABLE_H
#define ENTITY_TABLE_H

#define ENTITY_NAME 32    /* the longest name has 31 letters */
#define ENTITY_COUNT 2125 /* the standard lists 2231: each bare name twice */

struct entity {
    char name[ENTITY_NAME]; /* without "&" and ";" */
    char utf8[7];           /* its one or two characters */
    char bare;              /* 1: a reference to it needs no ";" */
};

/* Sorted by name, as strcmp sorts. */
extern const struct entity entity_table[ENTITY_COUNT];

#endif
