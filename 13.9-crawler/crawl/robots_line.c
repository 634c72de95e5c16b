/*
 * robots_line.c - see robots_line.h: the lines of a robots.txt, and the form of its
 * paths.
 *
 * Here is what the sites' spelling asks for: forgotten colons, misspelt names, three
 * kinds of line ends, escapes in small letters. Read next: robots.c.
 */
#include "robots_line.h"

#include <string.h>

#include "robots.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool robots_same(struct robots_span s, const char *word)
{
    size_t i = 0;

    while (i < s.n && lower(s.at[i]) == lower(word[i]) && word[i] != '\0')
        i++;
    return i == s.n && word[i] == '\0';
}

static struct robots_span trim(struct robots_span s)
{
    while (s.n > 0 && is_blank(s.at[s.n - 1]))
        s.n--;
    for (; s.n > 0 && is_blank(*s.at); s.n--)
        s.at++;
    return s;
}

/* Which field is this? Includes the misspellings that are common enough to be
 * honoured. */
static enum robots_field field_named(struct robots_span name)
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
        if (robots_same(name, names[i].name))
            return names[i].field;
    return FIELD_UNKNOWN;
}

/* Takes the next line off the input: up to CR or LF, without its comment. */
static struct robots_span next_line(struct robots_span *in)
{
    struct robots_span line = { in->at, 0 };
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
    return trim(line);
}

bool robots_next_field(struct robots_span *in, enum robots_field *field,
                       struct robots_span *value)
{
    struct robots_span line;
    size_t n = 0;
    bool colon;

    if (in->n == 0)
        return false;
    line = next_line(in);
    colon = line.n > 0 && memchr(line.at, ':', line.n) != NULL;
    while (n < line.n && (colon ? line.at[n] != ':' : !is_blank(line.at[n])))
        n++;
    *field = field_named(trim((struct robots_span){ line.at, n }));
    n += n < line.n;
    *value = trim((struct robots_span){ line.at + n, line.n - n });
    for (n = 0; !colon && n < value->n; n++)
        if (is_blank(value->at[n]))
            *field = FIELD_UNKNOWN;
    return true;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
}

size_t robots_normalise(char *out, struct robots_span in, bool pattern)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t n = 0;

    for (size_t i = 0; i < in.n; i++) {
        unsigned char c = (unsigned char)in.at[i];
        bool special = pattern && (c == '*' || (c == '$' && i + 1 == in.n));

        if (c == '%' && in.n - i > 2 && hex(in.at[i + 1]) >= 0 &&
            hex(in.at[i + 2]) >= 0) {
            c = (unsigned char)(hex(in.at[i + 1]) << 4 | hex(in.at[i + 2]));
            i += 2;
        } else if (special || (c > 0x20 && c < 0x7f && c != '*' && c != '$')) {
            out[n++] = (char)c;
            continue;
        }
        out[n++] = '%';
        out[n++] = digits[c >> 4];
        out[n++] = digits[c & 15];
    }
    return n;
}

double robots_seconds(struct robots_span s)
{
    double value = 0, unit = 1;
    size_t i = 0;

    for (; i < s.n && s.at[i] >= '0' && s.at[i] <= '9'; i++)
        value = value > ROBOTS_DELAY ? value : value * 10 + (s.at[i] - '0');
    if (i > 0 && i < s.n && s.at[i] == '.')
        for (i++; i < s.n && s.at[i] >= '0' && s.at[i] <= '9'; i++)
            value += (s.at[i] - '0') * (unit /= 10);
    if (i < s.n)
        return 0;
    return value < ROBOTS_DELAY ? value : ROBOTS_DELAY;
}
