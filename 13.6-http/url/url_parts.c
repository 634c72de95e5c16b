/*
 * url_parts.c - what a client and a crawler ask of a parsed URL, and the crawler's key.
 *
 * url.c has left the offsets of all parts, so each answer is a piece of u->text. User
 * name and password are in none of them but url_page. Read next: url_rfc3986.c.
 */
#include "url.h"

#include <string.h>

static struct span span(const struct url *u, size_t from, size_t to)
{
    struct span part = { u->text + from, to - from };

    return part;
}

void url_assign(struct url *to, const struct url *from)
{
    memcpy(to, from, offsetof(struct url, text) + from->end + 1);
}

bool url_is_https(const struct url *u)
{
    return u->text[4] == 's';
}

bool url_has_userinfo(const struct url *u)
{
    return u->text[u->host - 1] == '@';
}

struct span url_host_name(const struct url *u)
{
    int brackets = u->text[u->host] == '[';

    return span(u, (size_t)(u->host + brackets), (size_t)(u->host_end - brackets));
}

struct span url_host_field(const struct url *u)
{
    return span(u, u->host, u->path);
}

struct span url_target(const struct url *u)
{
    return span(u, u->path, u->fragment);
}

struct span url_page(const struct url *u)
{
    return span(u, 0, u->fragment);
}

/* Equal host fields mean equal ports here, for a scheme has one default. */
bool url_same_origin(const struct url *a, const struct url *b)
{
    struct span x = url_host_field(a), y = url_host_field(b);

    return url_is_https(a) == url_is_https(b) && x.n == y.n &&
           memcmp(x.at, y.at, x.n) == 0;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 3986 2.3. */
static int is_unreserved(int c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

/* The value of the escape that starts at s, or -1. */
static int escape_value(const char *s, size_t n)
{
    int high, low;

    if (n < 3 || s[0] != '%')
        return -1;
    high = hex_value(s[1]);
    low = hex_value(s[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/*
 * Rewrites the escapes of text[from, to), puts the result at out and returns its end.
 * Behind a '%' that starts no escape nothing is decoded, or %%41f would become the escape
 * %Af.
 */
static size_t tidy_escapes(char *text, size_t from, size_t to, size_t out)
{
    size_t decode_from = out;

    while (from < to) {
        int value = escape_value(text + from, to - from);

        if (value < 0) {
            if (text[from] == '%')
                decode_from = out + 3;
            text[out++] = text[from++];
        } else if (is_unreserved(value) && out >= decode_from) {
            text[out++] = (char)value;
            from += 3;
        } else {
            text[out++] = '%';
            text[out++] = "0123456789ABCDEF"[value >> 4];
            text[out++] = "0123456789ABCDEF"[value & 15];
            from += 3;
        }
    }
    return out;
}

/* No dot segment can appear here: url_parse took %2e for a dot already. */
void url_normalize(struct url *u)
{
    size_t query = tidy_escapes(u->text, u->path, u->query, u->path);
    size_t end = tidy_escapes(u->text, u->query, u->fragment, query);

    u->query = (unsigned short)query;
    u->fragment = u->end = (unsigned short)end;
    u->text[end] = '\0';
}
