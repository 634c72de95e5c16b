/*
 * html.c - the part of the tokenizer of WHATWG HTML 13.2.5 that is needed to find links.
 * The page comes in pieces [p, end). struct links keeps the state between two pieces. The
 * numbers in comments are those of the standard's states.
 *
 * Raw text ends only at its own end tag: "</name" before white space, "/" or ">". In a
 * script, that end tag can be hidden: after "<!--" (level 1) a "<script" opens level 2,
 * and there a "</script" leads back to level 1 only. "-->" leads back to level 0 from
 * both levels. Next: links.c.
 */
#include "html.h"

#define U (LETTER | UPPER)
#define L LETTER
/* clang-format off */
const unsigned char html_class[256] = {
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

static void name_start(struct links *l)
{
    memset(l->name, 0, sizeof l->name);
    l->name_n = 0;
}

static const char *name_add(struct links *l, const char *p, const char *end, int set)
{
    size_t n = l->name_n;

    for (; p < end && !is(*p, set); p++)
        if (n < LINKS_NAME)
            l->name[n++] = lower(*p);
    l->name_n = n;
    return p;
}

/* Returns true when some wanted tag has this first letter and length. Most names are
 * ruled out by this test. */
static bool may_matter(const struct links *l, char first, size_t n)
{
    return n < LINKS_NAME && (l->lengths[first - 'a'] >> n & 1) != 0;
}

/* Reads an attribute's name. The name is not kept when the tag has no wanted
 * attribute. */
static const char *attribute_name(struct links *l, const char *p, const char *end)
{
    enum { ENDS = SPACE | SLASH | GREATER | EQUALS };

    return l->rule == NULL ? until(p, end, ENDS) : name_add(l, p, end, ENDS);
}

/* Reads a value up to its end, and keeps it when it is wanted. */
static const char *value(struct links *l, const char *p, const char *end)
{
    const char *stop =
        l->quote != '\0' ? find(p, end, l->quote) : until(p, end, SPACE | GREATER);

    if (l->keeping)
        links_keep(l, p, (size_t)(stop - p));
    return stop;
}

/* Handles the complete name of a tag. End tags are not wanted. */
static void want(struct links *l)
{
    l->raw = NOT_RAW;
    l->rule = NULL;
    if (l->closing || !may_matter(l, l->name[0], l->name_n))
        return;
    links_want_tag(l);
}

/* Returns because the piece is used up. The next call resumes here with the next
 * piece. */
#define MORE(place)         \
    do {                    \
        l->state = (place); \
        return end;         \
    case (place):;          \
    } while (0)

/*
 * Reads text and tags, up to markup that is no tag. The function is a coroutine written
 * by hand, like those of section 13.1: it follows the standard's states in their order,
 * and returns and resumes at each MORE. So it is one long function. A byte that belongs
 * to the next state is left for that state (the standard calls this "reconsume").
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
            while (p == end || *p == '<') { /* 6, tag open: the last of several "<" */
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

            if (l->closing) { /* skips an end tag that has no attribute value */
                stop = find(p, end, '>');
                if (stop < end && find(p, stop, '=') == stop) {
                    p = stop + 1;
                    continue;
                }
            }
            stop = until(p, end, SPACE | SLASH | GREATER); /* 8, tag name */
            if (stop < end &&
                (l->closing || !may_matter(l, lower(*p), (size_t)(stop - p)))) {
                p = stop;
                l->raw = NOT_RAW;
                l->rule = NULL;
            } else {
                name_start(l);
                while ((p = name_add(l, p, end, SPACE | SLASH | GREATER)) == end)
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
                    name_start(l);
                    name_add(l, p, p + 1, 0);
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
                p += l->quote != '\0'; /* the next byte is outside the value */
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

/* ---- comments and raw text, in which tags are not read ---- */

/* 13.2.5.42 markup declaration open: two dashes begin a comment. */
static const char *bang(struct links *l, const char *p)
{
    if (*p != '-') {
        l->state = BOGUS;
        return p;
    }
    l->state = l->state == BANG ? BANG_DASH : COMMENT;
    l->dashes = START;
    return p + 1;
}

/* 13.2.5.41 bogus comment, and 53 to 69, DOCTYPE */
static const char *bogus(struct links *l, const char *p, const char *end)
{
    p = find(p, end, '>');
    if (p == end)
        return end;
    l->state = TEXT;
    return p + 1;
}

/* 13.2.5.43 to 52. A comment ends at "-->" or "--!>", but also at "<!-->" and
 * "<!--->". */
static const char *comment(struct links *l, const char *p, const char *end)
{
    static const int after_dash[] = {
        [NONE] = DASH,        [DASH] = DASHES,      [DASHES] = DASHES,
        [DASHES_BANG] = DASH, [START] = START_DASH, [START_DASH] = DASHES,
    };

    for (; p < end; p++) {
        if (l->dashes == NONE && (p = find(p, end, '-')) == end)
            break;
        if (*p == '>' && l->dashes >= DASHES) {
            l->state = TEXT;
            return p + 1;
        }
        if (*p == '-')
            l->dashes = after_dash[l->dashes];
        else
            l->dashes = *p == '!' && l->dashes == DASHES ? DASHES_BANG : NONE;
    }
    return p;
}

/* 13.2.5.20 to 31: in an escaped script, goes to the next "<" or to the byte after the
 * "-->". */
static const char *escaped(struct links *l, const char *p, const char *end)
{
    for (; p < end && *p != '<'; p++) {
        if (*p == '>' && l->dashes == DASHES) {
            l->level = 0;
            return p + 1;
        }
        l->dashes = *p != '-' ? NONE : l->dashes == NONE ? DASH : DASHES;
    }
    return p;
}

/* 13.2.5.2 to 5: RCDATA, RAWTEXT, script data, PLAINTEXT */
static const char *raw_text(struct links *l, const char *p, const char *end)
{
    const char *from = p;

    if (l->raw == PLAINTEXT)
        return end;
    p = l->level == 0 ? find(p, end, '<') : escaped(l, p, end);
    if (p < end && *p == '<') {
        l->state = RAW_TAG;
        l->dashes = NONE;
        name_start(l);
        p++;
    }
    if (l->keeping)
        links_keep(l, from, (size_t)(p - from));
    return p;
}

/* Returns true when c can follow "<" and links->name in "<name", "</name" or "<!--". */
static bool goes_on(const struct links *l, char c)
{
    return is(c, LETTER) || (l->name_n == 0 && (c == '/' || c == '!')) ||
           (l->name[0] == '!' && c == '-');
}

/* Returns true when links->name is "/" and the name of the current raw text element. */
static bool is_end_tag(const struct links *l)
{
    return l->name[0] == '/' &&
           memcmp(l->name + 1, links_raw_name(l->raw), LINKS_NAME - 1) == 0;
}

/* Handles the end tag of the raw text. The text of a title ends before this tag. */
static void raw_done(struct links *l)
{
    if (l->keeping) {
        l->used -= 1 + l->name_n;
        links_report_title(l);
    }
    l->closing = true;
    l->rule = NULL;
    l->raw = NOT_RAW;
    l->state = BEFORE_NAME;
}

/* 13.2.5.9 to 19, 23 to 27, 30 and 31: handles one byte after a "<" in raw text. */
static const char *raw_tag(struct links *l, const char *p)
{
    if (goes_on(l, *p)) {
        name_add(l, p, p + 1, 0);
        if (l->keeping)
            links_keep(l, p, 1);
        if (l->raw != SCRIPT || l->name_n != 3 || memcmp(l->name, "!--", 3) != 0)
            return p + 1;
        l->level = l->level == 0 ? 1 : l->level;
        l->dashes = DASHES;
        l->state = RAW;
        return p + 1;
    }
    l->state = RAW;
    if (!is(*p, SPACE | SLASH | GREATER))
        return p;
    if (l->level == 1 && same(l->name, links_raw_name(SCRIPT)))
        l->level = 2;
    else if (!is_end_tag(l))
        return p;
    else if (l->level == 2)
        l->level = 1;
    else
        raw_done(l);
    return p;
}

static const char *no_tag(struct links *l, const char *p, const char *end)
{
    if (p == end)
        return end;
    switch (l->state) {
    case RAW:
        return raw_text(l, p, end);
    case RAW_TAG:
        return raw_tag(l, p);
    case COMMENT:
        return comment(l, p, end);
    case BOGUS:
        return bogus(l, p, end);
    default:
        return bang(l, p);
    }
}

const char *html_tokenize(struct links *l, const char *p, const char *end)
{
    return l->state < BANG ? tags(l, p, end) : no_tag(l, p, end);
}
