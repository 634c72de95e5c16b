/*
 * links.c - the tokenizer of WHATWG HTML 13.2.5, as far as it takes to find links.
 *
 * Each state is a function that eats as much as it can of [p, end) and returns where it
 * stopped; what it must remember until the next piece comes is in struct links. A byte
 * that belongs to the next state is simply not eaten (the standard says "reconsume").
 *
 * Here are the states in and between tags. Read next: shelf/wanted.c, what is done with
 * an attribute; shelf/rawtext.c, where a tag is not a tag.
 */
#include "links.h"

#include "links_parts.h"

#include <string.h>

#define U (LETTER | UPPER)
#define L LETTER
/* clang-format off */
const unsigned char links_class[256] = {
    ['\t'] = SPACE, ['\n'] = SPACE, ['\f'] = SPACE, ['\r'] = SPACE, [' '] = SPACE,
    ['/'] = SLASH, ['>'] = GREATER, ['='] = EQUALS, ['\0'] = UPPER,
    ['A'] = U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U,
    ['a'] = L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
};
/* clang-format on */

static const char *until(const char *p, const char *end, int set)
{
    while (p < end && !is(*p, set))
        p++;
    return p;
}

static const char *skip(const char *p, const char *end, int set)
{
    while (p < end && is(*p, set))
        p++;
    return p;
}

void links_name_start(struct links *l)
{
    memset(l->name, 0, sizeof l->name);
    l->name_n = 0;
}

const char *links_name_add(struct links *l, const char *p, const char *end, int set)
{
    size_t n = l->name_n;

    for (; p < end && !is(*p, set); p++)
        if (n < LINKS_NAME)
            l->name[n++] = lower(*p);
    l->name_n = n;
    return p;
}

/* 13.2.5.1 data */
static const char *text(struct links *l, const char *p, const char *end)
{
    p = find(p, end, '<');
    if (p == end)
        return end;
    l->state = TAG_OPEN;
    return p + 1;
}

/* 13.2.5.6 tag open. After "<<" the second one may open a tag. */
static const char *tag_open(struct links *l, const char *p, const char *end)
{
    while (p < end && *p == '<')
        p++;
    if (p == end)
        return end;
    l->closing = false;
    l->state = is(*p, LETTER) ? TAG_NAME
               : *p == '/'    ? END_TAG_OPEN
               : *p == '!'    ? BANG
               : *p == '?'    ? BOGUS
                              : TEXT;
    links_name_start(l);
    return l->state == TAG_NAME || l->state == TEXT ? p : p + 1;
}

/* 13.2.5.7 end tag open. Without a name it is a bogus comment, which ends at once at ">".
 * */
static const char *end_tag_open(struct links *l, const char *p, const char *end)
{
    if (p == end)
        return end;
    l->closing = true;
    l->rule = NULL;
    l->state = is(*p, LETTER) ? TAG_NAME : BOGUS;
    return p;
}

/* Could it be the name of a tag that matters? Most are not, and a look at the first letter
 * and the length says so; links_raw_element() and links_want_tag() know the names. */
static bool may_matter(const char *name, size_t n)
{
    /* clang-format off */
    static const unsigned short lengths[26] = { /* a bit for each */
        ['a' - 'a'] = 1 << 1 | 1 << 4, ['b' - 'a'] = 1 << 4, ['i' - 'a'] = 1 << 6,
        ['m' - 'a'] = 1 << 4, ['n' - 'a'] = 1 << 7 | 1 << 8, ['p' - 'a'] = 1 << 9,
        ['s' - 'a'] = 1 << 5 | 1 << 6, ['t' - 'a'] = 1 << 5 | 1 << 8, ['x' - 'a'] = 1 << 3,
    };
    /* clang-format on */

    return n < LINKS_NAME && (lengths[name[0] - 'a'] >> n & 1) != 0;
}

/* 13.2.5.8 tag name. Only a start tag's name matters here; raw text finds its own end
 * tag. */
static const char *tag_name(struct links *l, const char *p, const char *end)
{
    p = l->closing ? until(p, end, SPACE | SLASH | GREATER)
                   : links_name_add(l, p, end, SPACE | SLASH | GREATER);
    if (p == end)
        return end;
    l->state = BEFORE_NAME;
    l->raw = NOT_RAW;
    l->rule = NULL;
    if (!l->closing && may_matter(l->name, l->name_n)) {
        l->raw = links_raw_element(l->name);
        links_want_tag(l);
    }
    return p;
}

/* The ">" of a tag. A start tag decides how its content is read. */
static void tag_done(struct links *l)
{
    l->state = TEXT;
    if (l->closing || (l->rule == NULL && l->raw == NOT_RAW))
        return;
    links_report_tag(l);
    l->state = l->raw == NOT_RAW ? TEXT : RAW;
    l->level = 0;
}

/* 13.2.5.32 before attribute name, and 40, self-closing start tag. The first byte belongs
 * to the name even when it is "=". */
static const char *before_name(struct links *l, const char *p, const char *end)
{
    p = skip(p, end, SPACE | SLASH);
    if (p == end)
        return end;
    if (*p == '>') {
        tag_done(l);
        return p + 1;
    }
    l->state = ATTRIBUTE_NAME;
    links_name_start(l);
    return links_name_add(l, p, p + 1, 0);
}

/* 13.2.5.33 attribute name */
static const char *attribute_name(struct links *l, const char *p, const char *end)
{
    l->keeping = false;
    p = l->rule == NULL ? until(p, end, SPACE | SLASH | GREATER | EQUALS)
                        : links_name_add(l, p, end, SPACE | SLASH | GREATER | EQUALS);
    if (p == end)
        return end;
    l->state = AFTER_NAME;
    if (l->rule != NULL)
        links_want_attribute(l);
    return p;
}

/* 13.2.5.34 after attribute name */
static const char *after_name(struct links *l, const char *p, const char *end)
{
    p = skip(p, end, SPACE);
    if (p == end)
        return end;
    l->state = *p == '=' ? BEFORE_VALUE : BEFORE_NAME;
    return *p == '=' ? p + 1 : p;
}

/* 13.2.5.35 before attribute value. At ">" the value without quotes is empty. */
static const char *before_value(struct links *l, const char *p, const char *end)
{
    p = skip(p, end, SPACE);
    if (p == end)
        return end;
    l->quote = *p == '"' || *p == '\'' ? *p : '\0';
    l->state = VALUE;
    return l->quote != '\0' ? p + 1 : p;
}

/* 13.2.5.36 to 39, attribute value. What follows the closing quote is a new attribute. */
static const char *value(struct links *l, const char *p, const char *end)
{
    const char *stop =
        l->quote != '\0' ? find(p, end, l->quote) : until(p, end, SPACE | GREATER);

    if (l->keeping)
        links_keep(l, p, (size_t)(stop - p));
    if (stop == end)
        return end;
    l->state = BEFORE_NAME;
    if (l->keeping)
        links_value_done(l);
    return l->quote != '\0' ? stop + 1 : stop;
}

/*
 * The states in the order in which they usually follow one another, so that one round of
 * the loop often reads a whole tag, and the processor guesses the branches well. All of
 * them accept p == end.
 */
void links_feed(struct links *l, const char *data, size_t n)
{
    const char *p = data, *end = data != NULL ? data + n : NULL;

    while (p < end) {
        if (l->state == TEXT)
            p = text(l, p, end);
        if (l->state == TAG_OPEN)
            p = tag_open(l, p, end);
        if (l->state == END_TAG_OPEN)
            p = end_tag_open(l, p, end);
        if (l->state == TAG_NAME)
            p = tag_name(l, p, end);
        if (l->state == BEFORE_NAME)
            p = before_name(l, p, end);
        if (l->state == ATTRIBUTE_NAME)
            p = attribute_name(l, p, end);
        if (l->state == AFTER_NAME)
            p = after_name(l, p, end);
        if (l->state == BEFORE_VALUE)
            p = before_value(l, p, end);
        if (l->state == VALUE)
            p = value(l, p, end);
        if (l->state > VALUE)
            p = links_no_tag(l, p, end);
    }
}

void links_init(struct links *l,
                void (*found)(void *arg, enum link_kind kind, const char *value,
                              size_t n),
                void *arg)
{
    memset(l, 0, offsetof(struct links, kept)); /* all begins at zero */
    l->found = found;
    l->arg = arg;
}

void links_end(struct links *l)
{
    if (l->keeping && (l->state == RAW || l->state == RAW_TAG))
        links_report_title(l);
}
