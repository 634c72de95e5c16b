/*
 * links.c - the tokenizer of WHATWG HTML 13.2.5, as far as it takes to find links.
 *
 * The page comes in pieces [p, end); what must be remembered until the next one is in
 * struct links. Numbers are those of the standard's states.
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

/* Could it be the name of a tag that matters? Most are not, and a look at the first letter
 * and the length says so; links_raw_element() and links_want_tag() know the names. */
static bool may_matter(char first, size_t n)
{
    /* clang-format off */
    static const unsigned short lengths[26] = { /* a bit for each */
        ['a' - 'a'] = 1 << 1 | 1 << 4, ['b' - 'a'] = 1 << 4, ['i' - 'a'] = 1 << 6,
        ['m' - 'a'] = 1 << 4, ['n' - 'a'] = 1 << 7 | 1 << 8, ['p' - 'a'] = 1 << 9,
        ['s' - 'a'] = 1 << 5 | 1 << 6, ['t' - 'a'] = 1 << 5 | 1 << 8, ['x' - 'a'] = 1 << 3,
    };
    /* clang-format on */

    return n < LINKS_NAME && (lengths[first - 'a'] >> n & 1) != 0;
}

/* Eat an attribute's name; one of a tag with nothing wanted need not be known. */
static const char *attribute_name(struct links *l, const char *p, const char *end)
{
    enum { ENDS = SPACE | SLASH | GREATER | EQUALS };

    return l->rule == NULL ? until(p, end, ENDS) : links_name_add(l, p, end, ENDS);
}

/* Eat a value up to what ends it, and keep it if it is wanted. */
static const char *value(struct links *l, const char *p, const char *end)
{
    const char *stop =
        l->quote != '\0' ? find(p, end, l->quote) : until(p, end, SPACE | GREATER);

    if (l->keeping)
        links_keep(l, p, (size_t)(stop - p));
    return stop;
}

/* The name of a tag has come: what of it do we want? An end tag has nothing. */
static void want(struct links *l)
{
    l->raw = NOT_RAW;
    l->rule = NULL;
    if (l->closing || !may_matter(l->name[0], l->name_n))
        return;
    l->raw = links_raw_element(l->name);
    links_want_tag(l);
}

/* The piece is used up: go on here with the next one. */
#define MORE(place)         \
    do {                    \
        l->state = (place); \
        return end;         \
    case (place):;          \
    } while (0)

/*
 * Text and tags, up to what is no tag. The function is a coroutine by hand, as 13.1's are:
 * it reads like the standard's states one after the other, and MORE is where it is left
 * and resumed. That is why it is one, and long. A byte that belongs to the next state is
 * not eaten before it (the standard says "reconsume").
 */
static const char *tags(struct links *l, const char *p, const char *end)
{
    const char *stop;

    switch (l->state)
    case TEXT:
        for (;;) {
            p = find(p, end, '<'); /* 13.2.5.1 data */
            if (p == end)
                return l->state = TEXT, end;
            p++;
            while (p == end || *p == '<') { /* 6, tag open: after "<<" the second may */
                if (p == end)
                    MORE(TAG_OPEN);
                else
                    p++;
            }
            l->closing = *p == '/';
            if (l->closing) { /* 7, end tag open: without a name a bogus comment */
                p++;
                while (p == end)
                    MORE(END_TAG_OPEN);
            }
            if (!is(*p, LETTER)) {
                if (!l->closing && *p != '!' && *p != '?')
                    continue;
                l->state = !l->closing && *p == '!' ? BANG : BOGUS;
                return l->closing ? p : p + 1;
            }

            if (l->closing) { /* an end tag is plain, or else an odd one */
                stop = find(p, end, '>');
                if (stop < end && find(p, stop, '=') == stop) {
                    p = stop + 1;
                    continue;
                }
            }
            stop = until(p, end, SPACE | SLASH | GREATER); /* 8, tag name */
            if (stop < end &&
                (l->closing || !may_matter(lower(*p), (size_t)(stop - p)))) {
                p = stop;
                l->raw = NOT_RAW;
                l->rule = NULL;
            } else {
                links_name_start(l);
                while ((p = links_name_add(l, p, end, SPACE | SLASH | GREATER)) == end)
                    MORE(TAG_NAME);
                want(l);
            }

            for (;;) {
                /* 32, before attribute name, and 40, self-closing start tag. The first
                 * byte belongs to the name even when it is "=". */
                while ((p = skip(p, end, SPACE | SLASH)) == end)
                    MORE(BEFORE_NAME);
                if (*p == '>')
                    break;
                l->keeping = false;
                if (l->rule != NULL) {
                    links_name_start(l);
                    links_name_add(l, p, p + 1, 0);
                }
                p++;
                while ((p = attribute_name(l, p, end)) == end) /* 33 */
                    MORE(ATTRIBUTE_NAME);
                if (l->rule != NULL)
                    links_want_attribute(l);
                while ((p = skip(p, end, SPACE)) == end) /* 34, after attribute name */
                    MORE(AFTER_NAME);
                if (*p != '=')
                    continue;
                p++;
                while ((p = skip(p, end, SPACE)) == end) /* 35, before attribute value */
                    MORE(BEFORE_VALUE);
                l->quote = *p == '"' || *p == '\'' ? *p : '\0';
                p += l->quote != '\0';
                while ((p = value(l, p, end)) == end) /* 36 to 39, attribute value */
                    MORE(VALUE);
                p += l->quote != '\0'; /* what follows it is an attribute */
                if (l->keeping)
                    links_value_done(l);
            }
            p++;
            if (l->rule == NULL && l->raw == NOT_RAW)
                continue;
            links_report_tag(l);
            if (l->raw != NOT_RAW) { /* a start tag decides how its content is read */
                l->level = 0;
                l->state = RAW;
                return p;
            }
        }
    return end;
}

void links_feed(struct links *l, const char *data, size_t n)
{
    const char *p = data, *end = data != NULL ? data + n : NULL;

    while (p < end)
        p = l->state < BANG ? tags(l, p, end) : links_no_tag(l, p, end);
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
