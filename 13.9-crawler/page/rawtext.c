/*
 * rawtext.c - where a tag is not a tag: comments, and elements whose content is raw text.
 *
 * Raw text ends only at its own end tag, "</name" before white space, "/" or ">". In a
 * script that end tag may be hidden: after "<!--" (level 1) a "<script" opens level 2,
 * where "</script" only leads back to level 1; "-->" leads back to level 0 from both.
 *
 * Read next: wanted.c.
 */
#include "links_parts.h"

/* noscript is not among them: we run no scripts. plaintext has no end at all. */
static const char raw_tags[][LINKS_NAME] = {
    [TITLE] = "title",
    [SCRIPT] = "script",
    [PLAINTEXT] = "plaintext",
    "textarea",
    "style",
    "xmp",
    "iframe",
    "noembed",
    "noframes",
};

int links_raw_element(const char *name)
{
    int i = (int)(sizeof raw_tags / sizeof raw_tags[0]) - 1;

    while (i > NOT_RAW && (raw_tags[i][0] != name[0] || !same(raw_tags[i], name)))
        i--;
    return i;
}

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

/* 13.2.5.43 to 52. It ends at "-->" or "--!>", but also at "<!-->" and "<!--->". */
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

/* 13.2.5.20 to 31: in an escaped script, go to the next "<" or behind the "-->". */
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
        links_name_start(l);
        p++;
    }
    if (l->keeping)
        links_keep(l, from, (size_t)(p - from));
    return p;
}

/* May c follow "<" and links->name in "<name", "</name" or "<!--"? */
static bool goes_on(const struct links *l, char c)
{
    return is(c, LETTER) || (l->name_n == 0 && (c == '/' || c == '!')) ||
           (l->name[0] == '!' && c == '-');
}

/* Is links->name "/" and the name of the element we are in? */
static bool is_end_tag(const struct links *l)
{
    return l->name[0] == '/' &&
           memcmp(l->name + 1, raw_tags[l->raw], LINKS_NAME - 1) == 0;
}

/* The end tag of the raw text; a title's text ends before it. */
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

/* 13.2.5.9 to 19, 23 to 27, 30 and 31: one byte behind a "<" in raw text. */
static const char *raw_tag(struct links *l, const char *p)
{
    if (goes_on(l, *p)) {
        links_name_add(l, p, p + 1, 0);
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
    if (l->level == 1 && same(l->name, raw_tags[SCRIPT]))
        l->level = 2;
    else if (!is_end_tag(l))
        return p;
    else if (l->level == 2)
        l->level = 1;
    else
        raw_done(l);
    return p;
}

const char *links_no_tag(struct links *l, const char *p, const char *end)
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
