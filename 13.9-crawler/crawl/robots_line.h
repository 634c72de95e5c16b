/*
 * robots_line.h - what robots.c needs to read a robots.txt: its lines and its paths.
 *
 * Internal to robots.c; implemented in shelf/robots_line.c.
 */
#ifndef ROBOTS_LINE_H
#define ROBOTS_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* A part of the input. */
struct robots_span {
    const char *at;
    size_t n;
};

enum robots_field {
    FIELD_UNKNOWN,
    FIELD_AGENT,
    FIELD_ALLOW,
    FIELD_DISALLOW,
    FIELD_DELAY
};

/* Takes the next line off the input and says which field it is; its value comes without
 * comment and blanks. A forgotten colon is forgiven when the line has exactly two words.
 * Returns false at the end of the input. RFC 9309, 2.2. */
bool robots_next_field(struct robots_span *in, enum robots_field *field,
                       struct robots_span *value);

/* Is s this word, upper and lower case being equal? */
bool robots_same(struct robots_span s, const char *word);

/* A number of seconds, digits with an optional fraction: at most ROBOTS_DELAY, and 0 for
 * anything else. */
double robots_seconds(struct robots_span s);

/* Writes `in` in the one form in which paths and patterns are compared (2.2.2, 2.2.3),
 * at most 3 x in.n bytes, and returns how many. Special in a pattern are '*' and a '$'
 * at its end; everywhere else they are escaped, so that they match themselves and their
 * escapes. */
size_t robots_normalise(char *out, struct robots_span in, bool pattern);

#endif
