/*
 * links_parts.h - what links.c shares with its parts on the shelf: the states, the
 * classes of bytes, and the functions they call in one another. For nobody else.
 */
#ifndef LINKS_PARTS_H
#define LINKS_PARTS_H

#include "links.h"

#include <string.h>

/* States of the standard that differ only in the tokens they would emit are one here: a
 * DOCTYPE, CDATA and a bogus comment all end at the next ">". */
enum links_state {
    TEXT,
    TAG_OPEN,
    END_TAG_OPEN,
    TAG_NAME,
    BEFORE_NAME,
    ATTRIBUTE_NAME,
    AFTER_NAME,
    BEFORE_VALUE,
    VALUE,
    BANG,
    BANG_DASH,
    COMMENT,
    BOGUS,
    RAW,
    RAW_TAG /* from here on a tag is not a tag */
};

/* links->dashes: nothing, "-", "--", "--!"; and a comment just begun, begun with "-". */
enum { NONE, DASH, DASHES, DASHES_BANG, START, START_DASH };

/* links->raw; the numbers above these are the other raw text elements. */
enum { NOT_RAW, TITLE, SCRIPT, PLAINTEXT };

/* Classes of bytes: what may end a name or a value, what begins a tag's name, and the bit
 * that makes a letter lower case. A NUL has it too: as a space it equals no byte of a
 * known name. */
enum { SPACE = 1, SLASH = 2, GREATER = 4, EQUALS = 8, LETTER = 16, UPPER = 32 };
extern const unsigned char links_class[256];

static inline bool is(char c, int set)
{
    return (links_class[(unsigned char)c] & set) != 0;
}

static inline char lower(char c)
{
    return (char)(c | (links_class[(unsigned char)c] & UPPER));
}

/* Where c is in [p, end), or end. */
static inline const char *find(const char *p, const char *end, char c)
{
    const char *at = memchr(p, c, (size_t)(end - p));

    return at != NULL ? at : end;
}

/* Two names, compared at full width: one too long for it has no NUL and equals none. */
static inline bool same(const char *a, const char *b)
{
    return memcmp(a, b, LINKS_NAME) == 0;
}

/* links.c: build up links->name from [p, end) up to a byte of the set; returns where that
 * is. */
void links_name_start(struct links *links);
const char *links_name_add(struct links *links, const char *p, const char *end, int set);

/* shelf/wanted.c: a start tag's name, then one of its attributes' names is complete. The
 * latter sets `keeping` if the value is wanted: then comes keep, any number of times, and
 * value_done, also for an attribute without a value. The tag ends with report_tag. */
void links_want_tag(struct links *links);
void links_want_attribute(struct links *links);
void links_keep(struct links *links, const char *p, size_t n);
void links_value_done(struct links *links);
void links_report_tag(struct links *links);
void links_report_title(struct links *links);

/* shelf/rawtext.c: the number of a raw text element, or NOT_RAW; and the states from BANG
 * on: eats what it can of [p, end) and returns where it stopped. */
int links_raw_element(const char *name);
const char *links_no_tag(struct links *links, const char *p, const char *end);

#endif
