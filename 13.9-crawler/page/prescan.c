/*
 * prescan.c - what a page's first bytes declare its encoding to be: HTML 13.2.3.2, and for
 * XML its declaration. A small tokenizer of its own, as the standard says, for it may not
 * read the page as HTML before it knows.
 */
#include <stdbool.h>
#include <string.h>

#include "charset.h"
#include "message.h"

struct attribute {
    struct span name, value;
};

/* Where the reading is. Running out of bytes ends it all. */
struct scan {
    const char *at, *end;
};

static bool is_space(char c)
{
    return c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool ends_name(char c)
{
    return is_space(c) || c == '=' || c == '/' || c == '>';
}

static void skip_space(struct scan *s, char other)
{
    while (s->at < s->end && (is_space(*s->at) || *s->at == other))
        s->at++;
}

static bool begins(const struct scan *s, const char *text)
{
    size_t n = strlen(text);

    return (size_t)(s->end - s->at) >= n && http_same_letters(s->at, text, n);
}

static bool skip_to(struct scan *s, char c)
{
    s->at = memchr(s->at, c, (size_t)(s->end - s->at));
    s->at = s->at != NULL ? s->at : s->end;
    return s->at < s->end;
}

/* Steps 9 to 12: a value, in quotes or up to white space or ">". */
static void get_value(struct scan *s, struct span *value)
{
    const char *from = s->at;

    if (s->at < s->end && (*from == '"' || *from == '\'')) {
        s->at++;
        if (skip_to(s, *from))
            *value = (struct span){ from + 1, (size_t)(s->at++ - from - 1) };
        return;
    }
    while (s->at < s->end && !is_space(*s->at) && *s->at != '>')
        s->at++;
    *value = (struct span){ from, (size_t)(s->at - from) };
}

/* "Get an attribute". False: there is no further one. */
static bool get_attribute(struct scan *s, struct attribute *a)
{
    const char *from;

    *a = (struct attribute){ { NULL, 0 }, { "", 0 } };
    skip_space(s, '/');
    from = s->at;
    if (s->at == s->end || *s->at == '>')
        return false;
    do
        s->at++;
    while (s->at < s->end && !ends_name(*s->at));
    a->name = (struct span){ from, (size_t)(s->at - from) };
    skip_space(s, ' ');
    if (s->at < s->end && *s->at == '=') {
        s->at++;
        skip_space(s, ' ');
        get_value(s, &a->value);
    }
    return s->at < s->end;
}

/* HTML 2.5.5, "extracting a character encoding from a meta element": charset=... */
static const struct charset *in_content(struct span content)
{
    struct scan s = { content.at, content.at + content.n };
    struct span label;

    for (;;) {
        while (s.at < s.end && !begins(&s, "charset"))
            s.at++;
        if (s.at == s.end)
            return NULL;
        s.at += strlen("charset");
        skip_space(&s, ' ');
        if (s.at < s.end && *s.at == '=')
            break;
    }
    s.at++;
    skip_space(&s, ' ');
    label.at = s.at;
    if (s.at < s.end && (*s.at == '"' || *s.at == '\'')) {
        label.at++;
        s.at++;
        if (!skip_to(&s, label.at[-1]))
            return NULL;
    } else {
        while (s.at < s.end && !is_space(*s.at) && *s.at != ';')
            s.at++;
    }
    label.n = (size_t)(s.at - label.at);
    return charset_find(label);
}

/* What a declaration that could be read as ASCII cannot mean. */
static const struct charset *not_utf_16(const struct charset *charset)
{
    if (charset != NULL && strncmp(charset->name, "utf-16", 6) == 0)
        return charset_utf_8;
    return charset;
}

/* The attributes of a <meta>. NULL: it declares nothing. Of two that are equal the first
 * one counts. */
static const struct charset *meta(struct scan *s)
{
    static const char *const names[] = { "http-equiv", "content", "charset" };
    const struct charset *charset = NULL;
    bool pragma = false, need_pragma = false, seen[3] = { false, false, false };
    struct attribute a;

    while (get_attribute(s, &a)) {
        int i = 0;

        while (i < 3 && !http_span_is(a.name, names[i]))
            i++;
        if (i == 3 || seen[i])
            continue;
        seen[i] = true;
        if (i == 0) {
            pragma = http_span_is(a.value, "content-type");
        } else if (i == 2) {
            charset = charset_find(a.value);
            need_pragma = false;
        } else if (charset == NULL && !seen[2] && in_content(a.value) != NULL) {
            charset = in_content(a.value);
            need_pragma = true;
        }
    }
    return s->at == s->end || (need_pragma && !pragma) ? NULL : not_utf_16(charset);
}

/* One "<": past what it begins; the encoding if that is a <meta> that says so. */
static const struct charset *markup(struct scan *s)
{
    struct attribute ignored;
    const char *name = s->at + 1 + (s->end - s->at > 1 && s->at[1] == '/');

    if (begins(s, "<!--")) {
        s->at += 2; /* its dashes may be those of "-->" */
        while (s->at < s->end && !begins(s, "-->"))
            s->at++;
    } else if (begins(s, "<meta") && s->end - s->at > 5 &&
               (is_space(s->at[5]) || s->at[5] == '/')) {
        s->at += 5;
        return meta(s);
    } else if (name < s->end && is_letter(*name)) {
        while (s->at < s->end && !is_space(*s->at) && *s->at != '>')
            s->at++;
        while (get_attribute(s, &ignored))
            continue;
    } else if (begins(s, "<!") || begins(s, "</") || begins(s, "<?")) {
        skip_to(s, '>');
    }
    return NULL;
}

/* "Get an XML encoding": <?xml ... encoding="..."?> */
static const struct charset *xml_declaration(struct scan s)
{
    struct scan inside = s;
    char quote;

    if (!begins(&s, "<?xml") || !skip_to(&s, '>'))
        return NULL;
    inside.end = s.at;
    while (inside.at < inside.end && !begins(&inside, "encoding"))
        inside.at++;
    if (inside.at == inside.end)
        return NULL;
    inside.at += strlen("encoding");
    skip_space(&inside, ' ');
    if (inside.at == inside.end || *inside.at++ != '=')
        return NULL;
    skip_space(&inside, ' ');
    if (inside.at == inside.end || (*inside.at != '"' && *inside.at != '\''))
        return NULL;
    quote = *inside.at++;
    s.at = inside.at;
    if (!skip_to(&inside, quote))
        return NULL;
    return not_utf_16(charset_find((struct span){ s.at, (size_t)(inside.at - s.at) }));
}

const struct charset *charset_prescan(struct span bytes)
{
    struct scan s = { bytes.at, bytes.at + bytes.n }, begin = s;

    if (bytes.n >= 6 && memcmp(bytes.at, "<\0?\0x", 6) == 0)
        return charset_find((struct span){ "utf-16le", 8 });
    if (bytes.n >= 6 && memcmp(bytes.at, "\0<\0?\0x", 6) == 0)
        return charset_find((struct span){ "utf-16be", 8 });
    for (; skip_to(&s, '<'); s.at += s.at < s.end) {
        const struct charset *charset = markup(&s);

        if (charset != NULL)
            return charset;
        if (s.at == s.end)
            break;
    }
    return xml_declaration(begin);
}
