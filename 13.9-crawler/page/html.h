/*
 * html.h - the tokenizer of WHATWG HTML 13.2.5, for links.c. It knows the states of
 * tags, comments and raw text, but not the names of tags.
 *
 *     while (p < end)
 *         p = html_tokenize(links, p, end);
 *
 * The tokenizer's state is in struct links. It calls the functions at the end of this
 * file: links.c implements them, and they decide which tags and attributes are kept.
 * Next: html.c.
 */
#ifndef HTML_H
#define HTML_H

#include <string.h>

#include "links.h"

/* One state here stands for those of the standard that differ only in the tokens that
 * they emit: a DOCTYPE, CDATA and a bogus comment all end at the next ">". The states
 * before BANG are those of text and tags; the others are those of comments and raw
 * text. */
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
    RAW_TAG
};

/* Values of links->dashes. DASH to DASHES_BANG: the last bytes of the comment or script
 * were "-", "--" or "--!". NONE: they were none of these. START: a comment has just
 * begun. START_DASH: a comment has begun with "-". */
enum { NONE, DASH, DASHES, DASHES_BANG, START, START_DASH };

/* Values of links->raw. Higher values are the other raw text elements. */
enum { NOT_RAW, TITLE, SCRIPT, PLAINTEXT };

/* Classes of bytes: the bytes that end a name or a value, the letters that begin a tag's
 * name, and the bytes that lower() changes. UPPER is also the bit that lower() sets to
 * make a letter lower case. A NUL has the class UPPER, too: lower() makes it a space, so
 * it cannot pass for one of the NULs that fill up a name. */
enum { SPACE = 1, SLASH = 2, GREATER = 4, EQUALS = 8, LETTER = 16, UPPER = 32 };
extern const unsigned char html_class[256];

static inline bool is(char c, int set)
{
    return (html_class[(unsigned char)c] & set) != 0;
}

static inline char lower(char c)
{
    return (char)(c | (html_class[(unsigned char)c] & UPPER));
}

/* Returns the first c in [p, end), or `end`. */
static inline const char *find(const char *p, const char *end, char c)
{
    const char *at = memchr(p, c, (size_t)(end - p));

    return at != NULL ? at : end;
}

/* Returns true when two names are equal. Each has LINKS_NAME bytes with the NULs that
 * fill it up. A name that was cut to this length has no NUL, so it equals no known
 * name. */
static inline bool same(const char *a, const char *b)
{
    return memcmp(a, b, LINKS_NAME) == 0;
}

/* Reads the first part of [p, end). Returns the end of this part, which is where the next
 * call begins. [p, end) must not be empty. */
const char *html_tokenize(struct links *links, const char *p, const char *end);

/* Implemented in links.c. links_want_tag() is called when a start tag's name is complete
 * in links->name: it sets links->rule and links->raw. links_want_attribute() is called
 * when an attribute's name is complete: it sets links->keeping when the value is wanted.
 * Then links_keep() gets the pieces of the value, and links_value_done() ends it.
 * links_report_tag() is called at the end of the tag, and links_report_title() at the end
 * of a title. */
void links_want_tag(struct links *links);
void links_want_attribute(struct links *links);
void links_keep(struct links *links, const char *p, size_t n);
void links_value_done(struct links *links);
void links_report_tag(struct links *links);
void links_report_title(struct links *links);

/* Returns the name of a raw text element, filled up with NULs to LINKS_NAME bytes. */
const char *links_raw_name(int raw);

#endif
