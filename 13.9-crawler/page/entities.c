/*
 * entities.c - decodes the character references of WHATWG HTML 13.2.5.72 to 13.2.5.80.
 * Nothing is refused: an invalid reference stays unchanged. Next: entity_table.h.
 */
#include "entities.h"

#include <stdint.h>
#include <string.h>

#include "ascii.h"
#include "charset.h"
#include "entity_table.h"
#include "utf8.h"

#define BARE_MAX 6 /* letters of the longest name that needs no ";" */

struct output {
    char *out;
    size_t n;    /* length of the complete result, may be greater than `size` */
    size_t size; /* bytes that fit into `out` */
};

static void put(struct output *o, const char *s, size_t n)
{
    if (o->n < o->size)
        memcpy(o->out + o->n, s, n < o->size - o->n ? n : o->size - o->n);
    o->n += n;
}

static void put_character(struct output *o, unsigned long c)
{
    char s[4];

    put(o, s, utf8_encode(s, (uint32_t)c));
}

/* HTML 13.2.5.80: reads C1 controls as windows-1252. A number that is no character
 * becomes U+FFFD. */
static unsigned long remapped(unsigned long c)
{
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return UTF8_REPLACEMENT;
    return c >= 0x80 && c < 0xA0 ? charset_1252_high[c - 0x80] : c;
}

static int digit(char c, unsigned base)
{
    return base == 16 || ascii_is_digit(c) ? ascii_hex_digit(c) : -1;
}

/* HTML 13.2.5.75 to 13.2.5.80. `p` is after "&#". Returns the position after the
 * reference, or NULL if there is none. */
static const char *numeric(struct output *o, const char *p, const char *end)
{
    unsigned base = p < end && (*p == 'x' || *p == 'X') ? 16 : 10;
    const char *first = base == 16 ? ++p : p;
    unsigned long c = 0;

    for (; p < end && digit(*p, base) >= 0; p++)
        if (c <= 0x10FFFF)
            c = c * base + (unsigned long)digit(*p, base);
    if (p == first)
        return NULL;
    put_character(o, remapped(c));
    return p < end && *p == ';' ? p + 1 : p;
}

static const struct entity *search(const char *name, size_t n)
{
    size_t low = 0, high = ENTITY_COUNT;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct entity *e = &entity_table[middle];
        int order = strncmp(name, e->name, n);

        if (order == 0 && e->name[n] == '\0')
            return e;
        if (order > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool is_alphanumeric(char c)
{
    return ascii_is_digit(c) || ascii_is_letter(c);
}

/*
 * HTML 13.2.5.73. `p` is after "&". Returns the position after the reference, or NULL if
 * there is none. The longest name is taken. Names are alphanumeric, so the longest name
 * is the whole run of such bytes if a ";" follows the run, or else a bare name (one that
 * needs no ";") at the start of the run. In an attribute, a bare name before "=" or
 * another alphanumeric byte is no reference, so that "?a=1&copy=2" loses no parameter.
 */
static const char *named(struct output *o, const char *p, const char *end, bool attribute)
{
    const struct entity *e = NULL;
    size_t run = 0, n;

    while (run < ENTITY_NAME && p + run < end && is_alphanumeric(p[run]))
        run++;
    n = run;
    if (run < ENTITY_NAME && p + run < end && p[run] == ';')
        e = search(p, n);
    if (e != NULL) {
        put(o, e->utf8, strlen(e->utf8));
        return p + n + 1;
    }
    if (attribute && (run > BARE_MAX || (p + run < end && p[run] == '=')))
        return NULL;
    for (n = run < BARE_MAX ? run : BARE_MAX; n > 0; n--) {
        e = search(p, n);
        if (e != NULL && e->bare)
            break;
        if (attribute)
            return NULL;
    }
    if (n == 0)
        return NULL;
    put(o, e->utf8, strlen(e->utf8));
    return p + n;
}

/* HTML 13.2.5.72. `p` is at the "&". Returns the position after the reference, or after
 * the "&" if there is none. */
static const char *reference(struct output *o, const char *p, const char *end,
                             bool attribute)
{
    const char *after = p + 1 < end && p[1] == '#' ? numeric(o, p + 2, end)
                                                   : named(o, p + 1, end, attribute);

    if (after != NULL)
        return after;
    put(o, p, 1);
    return p + 1;
}

size_t entities_decode(const char *in, size_t n, bool attribute, char *out, size_t size)
{
    struct output o = { out, 0, size };
    const char *p = in, *end = in + n;

    while (p < end) {
        const char *from = p;

        while (p < end && *p != '&' && *p != '\r' && *p != '\0')
            p++;
        put(&o, from, (size_t)(p - from));
        if (p == end)
            break;
        if (*p == '&') {
            p = reference(&o, p, end, attribute);
        } else if (*p++ == '\0') {
            put_character(&o, UTF8_REPLACEMENT);
        } else { /* HTML 13.2.3.5: CR LF and CR are LF */
            put(&o, "\n", 1);
            p += p < end && *p == '\n';
        }
    }
    return o.n;
}
