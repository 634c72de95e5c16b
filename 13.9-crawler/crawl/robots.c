/*
 * robots.c - see robots.h. Sections are those of RFC 9309.
 *
 * The file is read twice: first to learn whether any group names us, then to keep the
 * rules of the groups that count. How a line is taken apart and a path is normalised
 * stands on the shelf, in shelf/robots_line.c. Read next: text.h, where the rules are
 * kept.
 */
#include "robots.h"

#include <errno.h>
#include <string.h>

#include "robots_line.h"

const struct robots robots_allow_all = { .forbid = false };
const struct robots robots_forbid_all = { .forbid = true };

static bool is_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

bool robots_valid_agent(const char *agent)
{
    const char *c = agent;

    while (is_token(*c))
        c++;
    return c > agent && *c == '\0';
}

/* 2.2.1: does a User-agent line with this value name `agent`? Without an agent: is
 * it '*'? */
static bool names(struct robots_span value, const char *agent)
{
    size_t n = 0;

    if (agent == NULL)
        return value.n > 0 && value.at[0] == '*' &&
               (value.n == 1 || value.at[1] == ' ' || value.at[1] == '\t');
    while (n < value.n && is_token(value.at[n]))
        n++;
    return n > 0 && robots_same((struct robots_span){ value.at, n }, agent);
}

static bool any_group_names(struct robots_span in, const char *agent)
{
    enum robots_field field;
    struct robots_span value;

    while (robots_next_field(&in, &field, &value))
        if (field == FIELD_AGENT && names(value, agent))
            return true;
    return false;
}

static void keep_rule(struct robots *r, char sign, struct robots_span pattern,
                      const char *tail)
{
    char normal[3 * ROBOTS_LINE];

    text_add(&r->rules, &sign, 1);
    text_add(&r->rules, normal, robots_normalise(normal, pattern, true));
    text_printf(&r->rules, "%s\n", tail);
}

/* An index page's rule is meant for the folder, too (see robots.h). */
static void keep_allow(struct robots *r, struct robots_span pattern)
{
    static const char index[] = "index.htm";
    size_t n = pattern.n;

    keep_rule(r, '+', pattern, "");
    while (n > 0 && pattern.at[n - 1] != '/')
        n--;
    if (n > 0 && pattern.n - n >= strlen(index) &&
        memcmp(pattern.at + n, index, strlen(index)) == 0)
        keep_rule(r, '+', (struct robots_span){ pattern.at, n }, "$");
}

/* 2.2.1: a group is User-agent lines and the rules behind them. Only a rule ends the
 * list of agents; fields that we do not know, and Crawl-delay, do not. */
static void keep_groups(struct robots *r, struct robots_span in, const char *agent)
{
    bool in_agents = false, ours = false;
    enum robots_field field;
    struct robots_span value;

    while (robots_next_field(&in, &field, &value)) {
        if (field == FIELD_AGENT) {
            ours = (in_agents && ours) || names(value, agent);
            in_agents = true;
        } else if (field == FIELD_ALLOW || field == FIELD_DISALLOW) {
            in_agents = false;
            if (ours && value.n > 0 && field == FIELD_ALLOW)
                keep_allow(r, value);
            else if (ours && value.n > 0)
                keep_rule(r, '-', value, "");
        } else if (field == FIELD_DELAY && ours && robots_seconds(value) > r->delay) {
            r->delay = robots_seconds(value);
        }
    }
}

/* 2.5: at most ROBOTS_BYTES, and then only whole lines. */
static size_t readable(const char *text, size_t n)
{
    if (n <= ROBOTS_BYTES)
        return n;
    for (n = ROBOTS_BYTES; n > 0 && text[n - 1] != '\n' && text[n - 1] != '\r';)
        n--;
    return n;
}

int robots_parse(struct robots *r, const char *text, size_t n, const char *agent)
{
    static const char mark[] = "\xef\xbb\xbf";
    struct robots_span in = { text, readable(text, n) };

    *r = robots_allow_all;
    for (size_t i = 0; i < 3 && in.n > 0 && *in.at == mark[i]; i++, in.n--)
        in.at++; /* a byte order mark, even half of one */
    keep_groups(r, in, any_group_names(in, agent) ? agent : NULL);
    if (r->rules.error == 0)
        return 0;
    robots_free(r);
    *r = robots_forbid_all;
    return ENOMEM;
}

void robots_free(struct robots *r)
{
    text_free(&r->rules);
    *r = robots_allow_all;
}

/* The first place of piece in s, or NULL. */
static const char *find(const char *s, size_t n, const char *piece, size_t m)
{
    const char *end = s + n;

    if (m == 0)
        return s;
    while ((size_t)(end - s) >= m) {
        s = memchr(s, *piece, (size_t)(end - s) - m + 1);
        if (s == NULL || memcmp(s, piece, m) == 0)
            return s;
        s++;
    }
    return NULL;
}

/* 2.2.3: the pieces between the '*' must appear in order, the first one at the start.
 * Taking each at its first place leaves most room for the rest, so there is nothing to
 * go back for. */
static bool matches(const char *p, size_t m, const char *s, size_t n)
{
    bool first = true, whole = m > 0 && p[m - 1] == '$';
    const char *end = s + n, *p_end = p + m - whole, *star;

    for (;; p = star + 1, first = false) {
        size_t piece;

        star = p < p_end ? memchr(p, '*', (size_t)(p_end - p)) : NULL;
        piece = (size_t)((star != NULL ? star : p_end) - p);
        if (piece > (size_t)(end - s))
            return false;
        if (!first && star == NULL && whole)
            return memcmp(end - piece, p, piece) == 0;
        if (!first)
            s = find(s, (size_t)(end - s), p, piece);
        else if (memcmp(s, p, piece) != 0)
            return false;
        if (s == NULL || star == NULL)
            return s != NULL && (!whole || s + piece == end);
        s += piece;
    }
}

bool robots_allowed(const struct robots *r, const char *path_and_query, size_t n)
{
    static const char self[] = "/robots.txt";
    char path[3 * ROBOTS_LINE];
    bool allow = true;
    size_t longest = 0, m;

    if (n == sizeof self - 1 && memcmp(path_and_query, self, n) == 0)
        return true;
    if (r->forbid || r->rules.n == 0)
        return !r->forbid;
    if (n > ROBOTS_LINE)
        return false;
    n = robots_normalise(path, (struct robots_span){ path_and_query, n }, false);
    for (size_t at = 0; at < r->rules.n; at += m + 2) {
        const char *rule = r->rules.at + at;

        m = (size_t)((char *)memchr(rule, '\n', r->rules.n - at) - rule) -
            1; /* no sign */
        if (m < longest || (m == longest && allow) || !matches(rule + 1, m, path, n))
            continue;
        longest = m;
        allow = *rule == '+';
    }
    return allow;
}
