/* fields.c - Content-Type, Retry-After, and the validators of a page. Next: retry.h. */
#include "fields.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ascii.h"
#include "date.h"

void field_copy(char *to, size_t room, const struct span *value)
{
    size_t n = value != NULL && value->n < room ? value->n : 0;

    if (n > 0)
        memcpy(to, value->at, n);
    to[n] = '\0';
}

/* ---- Content-Type ----------------------------------------------------------------- */

/* Removes and returns the bytes before the first byte that is in `stops`. */
static struct span cut(struct span *text, const char *stops)
{
    struct span part = { text->at, 0 };

    while (part.n < text->n &&
           (text->at[part.n] == '\0' || strchr(stops, text->at[part.n]) == NULL))
        part.n++;
    *text = (struct span){ text->at + part.n, text->n - part.n };
    return part;
}

static struct span trim(struct span s)
{
    return http_trim(s.at, s.at + s.n);
}

/* Parses a media type (WHATWG MIME Sniffing 4.4, steps 1 to 10). Afterwards `text` is
 * empty or begins with the first ';'. Returns false when the type is malformed. */
static bool media_type(struct span *text, struct span *essence)
{
    struct span type, subtype;

    *text = trim(*text);
    essence->at = text->at;
    type = cut(text, "/");
    if (!http_is_token(type) || text->n == 0)
        return false;
    *text = (struct span){ text->at + 1, text->n - 1 };
    subtype = trim((struct span){ text->at, cut(text, ";").n });
    essence->n = type.n + 1 + subtype.n;
    return http_is_token(subtype) && subtype.at == essence->at + type.n + 1;
}

void field_media_type(char *to, size_t room, const struct span *value)
{
    struct span text = value != NULL ? *value : (struct span){ "", 0 }, essence;

    field_copy(to, room, media_type(&text, &essence) ? &essence : NULL);
    for (char *c = to; *c != '\0'; c++)
        *c = ascii_lower(*c);
}

/* Parses an HTTP quoted string (WHATWG Fetch 2.2). Before the call, `text` begins after
 * the opening quote; afterwards it begins after the closing one. Returns the length of
 * the string; the bytes after `room` are counted but not stored. */
static size_t unquote(char *to, size_t room, struct span *text)
{
    size_t n = 0, i = 0;

    for (; i < text->n && text->at[i] != '"'; i++) {
        if (text->at[i] == '\\' && i + 1 < text->n)
            i++;
        if (n++ < room)
            to[n - 1] = text->at[i];
    }
    i += i < text->n;
    *text = (struct span){ text->at + i, text->n - i };
    return n;
}

/* Parses the value of a parameter into `to`. Afterwards `text` is empty or begins with
 * the next ';'. Returns false when the value is empty without quotes, does not fit, or
 * has a forbidden byte. */
static bool parameter_value(char *to, size_t room, struct span *text)
{
    struct span value;
    size_t n;

    if (text->n > 0 && *text->at == '"') {
        *text = (struct span){ text->at + 1, text->n - 1 };
        n = unquote(to, room - 1, text);
        cut(text, ";");
    } else {
        value = cut(text, ";");
        value = trim(value);
        n = value.n;
        if (n == 0)
            return false;
        memcpy(to, value.at, n < room ? n : room - 1);
    }
    if (n >= room)
        return false;
    to[n] = '\0';
    return http_skip(to, to + n, HTTP_TEXT) == to + n;
}

bool field_charset(char *to, size_t room, const struct span *value)
{
    struct span text = value != NULL ? *value : (struct span){ "", 0 }, name;
    bool good = media_type(&text, &name);

    while (good && text.n > 0) { /* at a ';' */
        text = (struct span){ text.at + 1, text.n - 1 };
        while (text.n > 0 && http_is_blank(*text.at))
            text = (struct span){ text.at + 1, text.n - 1 };
        name = cut(&text, ";=");
        if (text.n == 0 || *text.at == ';')
            continue;
        text = (struct span){ text.at + 1, text.n - 1 };
        if (parameter_value(to, room, &text) && http_span_is(name, "charset"))
            return true;
    }
    to[0] = '\0';
    return false;
}

/* ---- Retry-After ------------------------------------------------------------------ */

double field_retry_after(const struct span *value, int64_t now)
{
    struct span text = value != NULL ? trim(*value) : (struct span){ "", 0 };
    double seconds = 0;
    int64_t date;

    if (text.n == 0)
        return -1;
    for (size_t i = 0; i < text.n; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            date = http_date_parse(&text, now, INT64_MIN);
            if (date == INT64_MIN)
                return -1;
            seconds = date > now ? (double)(date - now) : 0;
            break;
        }
        if (seconds < RETRY_AFTER_MAX)
            seconds = seconds * 10 + (text.at[i] - '0');
    }
    return seconds < RETRY_AFTER_MAX ? seconds : RETRY_AFTER_MAX;
}

/* Tests for an entity tag (RFC 9110 8.8.3): a string in quotes, with or without W/. */
static bool is_etag(const char *text)
{
    size_t n;

    text += strncmp(text, "W/", 2) == 0 ? 2 : 0;
    n = strlen(text);
    if (n < 2 || text[0] != '"' || text[n - 1] != '"')
        return false;
    for (size_t i = 1; i < n - 1; i++)
        if ((unsigned char)text[i] <= ' ' || text[i] == '"' || text[i] == 0x7f)
            return false;
    return true;
}

/* Tests whether `text` has only bytes that occur in dates. It is not parsed. */
static bool is_date(const char *text)
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ ,:+-";

    return text[strspn(text, letters)] == '\0';
}

void field_validators(struct validators *to, const struct http_head *head)
{
    field_copy(to->etag, sizeof to->etag, http_field(head, "etag"));
    if (!is_etag(to->etag))
        to->etag[0] = '\0';
    field_copy(to->modified, sizeof to->modified, http_field(head, "last-modified"));
    if (!is_date(to->modified))
        to->modified[0] = '\0';
}

void field_conditions(char to[FIELD_CONDITIONS_MAX], const struct validators *known)
{
    int n = 0;

    to[0] = '\0';
    if (known->etag[0] != '\0')
        n = snprintf(to, FIELD_CONDITIONS_MAX, "If-None-Match: %s\r\n", known->etag);
    if (known->modified[0] != '\0')
        snprintf(to + n, (size_t)(FIELD_CONDITIONS_MAX - n), "If-Modified-Since: %s\r\n",
                 known->modified);
}

double field_retry_hold(const struct http_head *head)
{
    const struct span *value = http_field(head, "retry-after");
    int64_t now = (int64_t)time(NULL);

    if (value == NULL)
        return -1;
    return field_retry_after(value, http_date_parse(http_field(head, "date"), now, now));
}
