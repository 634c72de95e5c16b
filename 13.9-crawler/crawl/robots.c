/*
 * robots.c - the groups and rules of robots.txt. Section numbers are those of RFC 9309.
 *
 * The file is read twice: first to learn whether any group names the crawler, then to
 * keep the rules of the groups that apply. Next: robots_fetch.h.
 */
#include "robots.h"

#include <errno.h>
#include <string.h>

#include "ascii.h"
#include "message.h"

const struct robots robots_allow_all = { .forbid = false };
const struct robots robots_forbid_all = { .forbid = true };

enum robots_field {
    FIELD_UNKNOWN,
    FIELD_AGENT,
    FIELD_ALLOW,
    FIELD_DISALLOW,
    FIELD_DELAY
};

static bool is_of_product(char c)
{
    return ascii_is_letter(c) || c == '_' || c == '-';
}

bool robots_valid_agent(const char *agent)
{
    const char *c = agent;

    while (is_of_product(*c))
        c++;
    return c > agent && *c == '\0';
}

/* ---- lines and paths ---- */

/* Accepts the common misspellings of the field names, too. */
static enum robots_field field_named(struct span name)
{
    static const struct {
        const char *name;
        enum robots_field field;
    } names[] = {
        { "user-agent", FIELD_AGENT },  { "useragent", FIELD_AGENT },
        { "user agent", FIELD_AGENT },  { "allow", FIELD_ALLOW },
        { "disallow", FIELD_DISALLOW }, { "dissallow", FIELD_DISALLOW },
        { "dissalow", FIELD_DISALLOW }, { "disalow", FIELD_DISALLOW },
        { "diasllow", FIELD_DISALLOW }, { "disallaw", FIELD_DISALLOW },
        { "crawl-delay", FIELD_DELAY },
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (http_span_is(name, names[i].name))
            return names[i].field;
    return FIELD_UNKNOWN;
}

/* Takes the next line, up to CR or LF, off the input. Returns it without its comment and
 * without blanks around it. */
static struct span next_line(struct span *in)
{
    struct span line = { in->at, 0 };
    const char *hash;

    while (line.n < in->n && line.at[line.n] != '\n' && line.at[line.n] != '\r')
        line.n++;
    in->at += line.n < in->n ? line.n + 1 : line.n;
    in->n -= line.n < in->n ? line.n + 1 : line.n;
    if (line.n > ROBOTS_LINE - 1)
        line.n = ROBOTS_LINE - 1;
    hash = memchr(line.at, '#', line.n);
    if (hash != NULL)
        line.n = (size_t)(hash - line.at);
    return http_trim(line.at, line.at + line.n);
}

/* Takes the next line off the input and tells which field it is (2.2). The value comes
 * without comment and blanks. A line of exactly two words counts as a field without its
 * colon. Returns false at the end of the input. */
static bool next_field(struct span *in, enum robots_field *field, struct span *value)
{
    struct span line;
    size_t n = 0;
    bool colon;

    if (in->n == 0)
        return false;
    line = next_line(in);
    colon = line.n > 0 && memchr(line.at, ':', line.n) != NULL;
    while (n < line.n && (colon ? line.at[n] != ':' : !http_is_blank(line.at[n])))
        n++;
    *field = field_named(http_trim(line.at, line.at + n));
    n += n < line.n;
    *value = http_trim(line.at + n, line.at + line.n);
    for (n = 0; !colon && n < value->n; n++)
        if (http_is_blank(value->at[n]))
            *field = FIELD_UNKNOWN;
    return true;
}

/* Writes `in` in the one form in which paths and patterns are compared (2.2.2, 2.2.3),
 * at most 3 * in.n bytes, and returns how many. In a pattern, '*' and a '$' at its end
 * are special. Elsewhere '*' and '$' are escaped, so that each matches itself and its own
 * escape. */
static size_t normalise(char *out, struct span in, bool pattern)
{
    size_t n = 0;

    for (size_t i = 0; i < in.n; i++) {
        unsigned char c = (unsigned char)in.at[i];
        bool special = pattern && (c == '*' || (c == '$' && i + 1 == in.n));

        if (c == '%' && in.n - i > 2 && ascii_hex_digit(in.at[i + 1]) >= 0 &&
            ascii_hex_digit(in.at[i + 2]) >= 0) {
            c = (unsigned char)(ascii_hex_digit(in.at[i + 1]) << 4 |
                                ascii_hex_digit(in.at[i + 2]));
            i += 2;
        } else if (special || (c > 0x20 && c < 0x7f && c != '*' && c != '$')) {
            out[n++] = (char)c;
            continue;
        }
        out[n++] = '%';
        out[n++] = ascii_upper_hex(c >> 4);
        out[n++] = ascii_upper_hex(c);
    }
    return n;
}

/* Reads a number of seconds: digits with an optional fraction. Returns at most
 * ROBOTS_DELAY, and 0 for any other text. */
static double seconds_of(struct span s)
{
    double value = 0, unit = 1;
    size_t i = 0;

    for (; i < s.n && ascii_is_digit(s.at[i]); i++)
        value = value > ROBOTS_DELAY ? value : value * 10 + (s.at[i] - '0');
    if (i > 0 && i < s.n && s.at[i] == '.')
        for (i++; i < s.n && ascii_is_digit(s.at[i]); i++)
            value += (s.at[i] - '0') * (unit /= 10);
    if (i < s.n)
        return 0;
    return value < ROBOTS_DELAY ? value : ROBOTS_DELAY;
}

/* ---- groups and rules ---- */

/* 2.2.1: returns true when a User-agent line with this value names `agent`. For an agent
 * of NULL, returns true when the value is '*'. */
static bool names_agent(struct span value, const char *agent)
{
    size_t n = 0;

    if (agent == NULL)
        return value.n > 0 && value.at[0] == '*' &&
               (value.n == 1 || value.at[1] == ' ' || value.at[1] == '\t');
    while (n < value.n && is_of_product(value.at[n]))
        n++;
    return n > 0 && http_span_is((struct span){ value.at, n }, agent);
}

static bool any_group_names(struct span in, const char *agent)
{
    enum robots_field field;
    struct span value;

    while (next_field(&in, &field, &value))
        if (field == FIELD_AGENT && names_agent(value, agent))
            return true;
    return false;
}

static void keep_rule(struct robots *r, char sign, struct span pattern, const char *tail)
{
    char normal[3 * ROBOTS_LINE];

    text_add(&r->rules, &sign, 1);
    text_add(&r->rules, normal, normalise(normal, pattern, true));
    text_printf(&r->rules, "%s\n", tail);
}

/* A rule that allows an index page allows its folder, too (see robots.h). */
static void keep_allow(struct robots *r, struct span pattern)
{
    static const char index[] = "index.htm";
    size_t n = pattern.n;

    keep_rule(r, '+', pattern, "");
    while (n > 0 && pattern.at[n - 1] != '/')
        n--;
    if (n > 0 && pattern.n - n >= strlen(index) &&
        memcmp(pattern.at + n, index, strlen(index)) == 0)
        keep_rule(r, '+', (struct span){ pattern.at, n }, "$");
}

/* 2.2.1: a group is a list of User-agent lines and the rules after them. Only a rule ends
 * the list of agents: unknown fields and Crawl-delay do not. */
static void keep_groups(struct robots *r, struct span in, const char *agent)
{
    bool in_agents = false, ours = false;
    enum robots_field field;
    struct span value;

    while (next_field(&in, &field, &value)) {
        if (field == FIELD_AGENT) {
            ours = (in_agents && ours) || names_agent(value, agent);
            in_agents = true;
        } else if (field == FIELD_ALLOW || field == FIELD_DISALLOW) {
            in_agents = false;
            if (ours && value.n > 0 && field == FIELD_ALLOW)
                keep_allow(r, value);
            else if (ours && value.n > 0)
                keep_rule(r, '-', value, "");
        } else if (field == FIELD_DELAY && ours && seconds_of(value) > r->delay) {
            r->delay = seconds_of(value);
        }
    }
}

/* 2.5: returns how many bytes to read: all, or whole lines up to ROBOTS_BYTES. */
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
    struct span in = { text, readable(text, n) };

    *r = robots_allow_all;
    for (size_t i = 0; i < 3 && in.n > 0 && *in.at == mark[i]; i++, in.n--)
        in.at++; /* a byte order mark, even an incomplete one */
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

/* Returns the first occurrence of `piece` in s, or NULL. */
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
 * Each piece is matched at its first occurrence, which leaves the longest rest for the
 * pieces after it, so no backtracking is needed. */
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
    n = normalise(path, (struct span){ path_and_query, n }, false);
    for (size_t at = 0; at < r->rules.n; at += m + 2) {
        const char *rule = r->rules.at + at;

        /* the pattern's length: the line's without its sign */
        m = (size_t)((char *)memchr(rule, '\n', r->rules.n - at) - rule) - 1;
        if (m < longest || (m == longest && allow) || !matches(rule + 1, m, path, n))
            continue;
        longest = m;
        allow = *rule == '+';
    }
    return allow;
}
