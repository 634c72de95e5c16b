/*
 * links.c - chooses the wanted tags and attributes, and keeps their values until the tag
 * ends. To find more links, add a row to the table of rules.
 *
 * The values of one tag are one after the other in links->kept. A value is raw until it
 * is complete, and then decoded in place. The title uses the same room. Next: entities.h.
 */
#include "links.h"

#include <string.h>

#include "entities.h"
#include "html.h"
#include "message.h"
#include "utf8.h"

/* `attribute` of `tag` is wanted, on condition that the tag's `if_attribute` has the
 * value `if_value` ("": no condition). The rows of one tag are adjacent and name at most
 * LINKS_VALUES different attributes. */
struct link_rule {
    char tag[LINKS_NAME], attribute[LINKS_NAME];
    enum link_kind kind;
    char if_attribute[LINKS_NAME], if_value[LINKS_NAME];
};

static const struct link_rule rules[] = {
    { "a", "href", LINK_A, "", "" },
    { "area", "href", LINK_AREA, "", "" },
    { "base", "href", LINK_BASE, "", "" },
    { "meta", "content", LINK_META_ROBOTS, "name", "robots" },
};
static const struct link_rule *const rules_end = rules + sizeof rules / sizeof rules[0];

/* The raw text elements. noscript is none of them, because no script is run here.
 * plaintext has no end tag. */
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
enum { RAW_TAGS = sizeof raw_tags / sizeof raw_tags[0] };

const char *links_raw_name(int raw)
{
    return raw_tags[raw];
}

static int raw_element(const char *name)
{
    int i = RAW_TAGS - 1;

    while (i > NOT_RAW && (raw_tags[i][0] != name[0] || !same(raw_tags[i], name)))
        i--;
    return i;
}

void links_want_tag(struct links *l)
{
    const struct link_rule *r = rules;

    l->raw = raw_element(l->name);
    while (r < rules_end && !same(r->tag, l->name))
        r++;
    l->rule = r < rules_end ? r : NULL;
    l->used = 0;
    l->value_n = 0;
}

static struct link_value *value_named(struct links *l, const char *name)
{
    for (int i = 0; i < l->value_n; i++)
        if (same(l->values[i].name, name))
            return &l->values[i];
    return NULL;
}

/* HTML 13.2.5.33: of several attributes with the same name, the first counts. Its value
 * is empty until a value has been read. */
void links_want_attribute(struct links *l)
{
    const struct link_rule *r = l->rule;

    for (; r < rules_end && same(r->tag, l->rule->tag); r++) {
        const char *name = same(r->attribute, l->name) ? r->attribute : r->if_attribute;

        if (!same(name, l->name))
            continue;
        if (value_named(l, name) == NULL && l->value_n < LINKS_VALUES) {
            l->values[l->value_n++] = (struct link_value){ name, l->used, 0, false };
            l->keeping = true;
        }
        return;
    }
}

void links_keep(struct links *l, const char *p, size_t n)
{
    if (l->used < LINKS_VALUE_MAX) {
        size_t room = LINKS_VALUE_MAX - l->used;

        memcpy(l->kept + l->used, p, n < room ? n : room);
    }
    l->used += n;
}

static bool needs_decoding(const char *s, size_t n)
{
    return memchr(s, '&', n) != NULL || memchr(s, '\r', n) != NULL ||
           memchr(s, '\0', n) != NULL;
}

/* Decodes the value in place, or drops it when it is too long. */
void links_value_done(struct links *l)
{
    struct link_value *v = &l->values[l->value_n - 1];
    char *raw = l->kept + v->from, decoded[LINKS_VALUE_MAX];
    size_t n = l->used - v->from, room = LINKS_VALUE_MAX - v->from;

    if (n <= room && needs_decoding(raw, n)) {
        n = entities_decode(raw, n, true, decoded, room);
        memcpy(raw, decoded, n < room ? n : room);
    }
    v->lost = n > room;
    v->n = v->lost ? 0 : n;
    l->dropped += v->lost;
    l->used = v->from + v->n;
}

/* Compares without regard to case. `text` is not empty, so a lost value differs. */
static bool value_is(const struct links *l, const struct link_value *v, const char *text)
{
    return http_span_is((struct span){ l->kept + v->from, v->n }, text);
}

static void report(struct links *l, const struct link_rule *r)
{
    const struct link_value *v = value_named(l, r->attribute);
    const struct link_value *cond = value_named(l, r->if_attribute);

    if (v == NULL || v->lost || (r->kind == LINK_BASE && l->base_seen))
        return;
    if (r->if_attribute[0] != '\0' && (cond == NULL || !value_is(l, cond, r->if_value)))
        return;
    l->base_seen |= r->kind == LINK_BASE;
    l->found(l->arg, r->kind, l->kept + v->from, v->n);
}

/* Reports the wanted attributes of the tag, and prepares `kept` for the text of the first
 * title. */
void links_report_tag(struct links *l)
{
    const struct link_rule *r = l->rule;

    for (; r != NULL && r < rules_end && same(r->tag, l->rule->tag); r++)
        report(l, r);
    l->used = 0;
    l->keeping = l->raw == TITLE && !l->title_seen;
}

/* HTML 4.2.2: strip and collapse ASCII white space. */
static size_t collapse(char *s, size_t n)
{
    size_t to = 0;

    for (size_t i = 0; i < n; i++) {
        if (!is(s[i], SPACE))
            s[to++] = s[i];
        else if (to > 0 && s[to - 1] != ' ')
            s[to++] = ' ';
    }
    return to > 0 && s[to - 1] == ' ' ? to - 1 : to;
}

/* Returns the length of the longest part of s that fits into the limit and does not
 * end inside a UTF-8 sequence. */
static size_t whole_characters(const char *s, size_t n)
{
    size_t lead, need;

    if (n <= LINKS_TITLE_MAX)
        return n;
    n = LINKS_TITLE_MAX;
    for (lead = n - 1; lead > n - 4 && ((unsigned char)s[lead] & 0xC0) == 0x80;)
        lead--;
    need = utf8_length((unsigned char)s[lead]);
    return n - lead < need ? lead : n;
}

void links_report_title(struct links *l)
{
    char decoded[LINKS_VALUE_MAX];
    size_t n = l->used < LINKS_VALUE_MAX ? l->used : LINKS_VALUE_MAX;

    n = entities_decode(l->kept, n, false, decoded, sizeof decoded);
    n = collapse(decoded, n < sizeof decoded ? n : sizeof decoded);
    l->title_seen = true;
    l->keeping = false;
    l->found(l->arg, LINK_TITLE, decoded, whole_characters(decoded, n));
}

void links_feed(struct links *l, const char *data, size_t n)
{
    const char *p = data, *end = data != NULL ? data + n : NULL;

    while (p < end)
        p = html_tokenize(l, p, end);
}

static void may_matter(struct links *l, const char *tag)
{
    l->lengths[tag[0] - 'a'] |= (unsigned short)(1u << strlen(tag));
}

void links_init(struct links *l,
                void (*found)(void *arg, enum link_kind kind, const char *value,
                              size_t n),
                void *arg)
{
    memset(l, 0, offsetof(struct links, kept)); /* all begins at zero */
    l->found = found;
    l->arg = arg;
    for (const struct link_rule *r = rules; r < rules_end; r++)
        may_matter(l, r->tag);
    for (int i = NOT_RAW + 1; i < RAW_TAGS; i++)
        may_matter(l, raw_tags[i]);
}

void links_end(struct links *l)
{
    if (l->keeping && (l->state == RAW || l->state == RAW_TAG))
        links_report_title(l);
}
