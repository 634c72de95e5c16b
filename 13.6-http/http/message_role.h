/*
 * message_role.h - what responses and requests share, for their parsers only.
 *
 * A head is a first line, fields, and an empty line. The two kinds of message differ in
 * the first line and in what is checked at the end. Read next: message.c.
 */
#ifndef MESSAGE_ROLE_H
#define MESSAGE_ROLE_H

#include "message.h"

/* Each returns NULL, or the reason why the message is malformed. */
struct http_role {
    /* Can a first line begin with these bytes? Once wrong, it stays wrong. */
    const char *(*opening)(const char *at, size_t n);
    const char *(*first_line)(struct http_head *head, struct span line);
    /* The empty line has come. May clear head->started: a further head follows. */
    const char *(*end)(struct http_head *head);
};

/* NULL, or which byte of a line is neither text nor a part of its end. */
const char *http_text_fault(const char *at, const char *end);

ssize_t http_parse_head(struct http_head *head, const char *buf, size_t n,
                        const struct http_role *role);

/* "HTTP/1.1" in 8 bytes that exist: 11, and likewise for other digits; else -1. In
 * message_response.c. */
int http_version(const char *at);

/* What each byte may be part of; no locale has a say in it. */
enum {
    HTTP_TOKEN = 1,   /* names, methods: RFC 9110 5.6.2 */
    HTTP_TEXT = 2,    /* field values: visible, space, HTAB, 0x80 to 0xff */
    HTTP_VISIBLE = 4, /* targets: 0x21 to 0x7e */
    HTTP_BLANK = 16,  /* space, HTAB, CR, LF */
    HTTP_HOST = 8     /* uri-host [":" port]: RFC 3986 3.2 without userinfo */
};

extern const unsigned char http_class[256];

/* The first byte that is not of that class, or `end`. Names and targets: many bytes of one
 * class, so four are looked at together. */
static inline const char *http_skip(const char *at, const char *end, int class)
{
    const unsigned char *s = (const unsigned char *)at;

    while (end - (const char *)s >= 4 &&
           (http_class[s[0]] & http_class[s[1]] & http_class[s[2]] & http_class[s[3]] &
            class) != 0)
        s += 4;
    while ((const char *)s < end && (http_class[*s] & class) != 0)
        s++;
    return (const char *)s;
}

/* Eight bytes, the first of them lowest, whatever the machine's order. */
static inline uint64_t http_word(const char *at)
{
    const unsigned char *s = (const unsigned char *)at;

    return (uint64_t)s[0] | (uint64_t)s[1] << 8 | (uint64_t)s[2] << 16 |
           (uint64_t)s[3] << 24 | (uint64_t)s[4] << 32 | (uint64_t)s[5] << 40 |
           (uint64_t)s[6] << 48 | (uint64_t)s[7] << 56;
}

/*
 * The first byte that is not HTTP_TEXT, or `end`. Most of a head is text, so eight bytes are
 * looked at together: in `odd`, the high bit of each byte says whether it is below 0x20 or
 * 0x7f. Borrows spoil only what is behind the first such byte.
 */
static inline const char *http_skip_text(const char *at, const char *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);

    for (; end - at >= 8; at += 8) {
        uint64_t word = http_word(at), del = (word & (0x7f * ones)) + ones;
        uint64_t odd = ((word - 0x20 * ones) | del) & ~word & (0x80 * ones);

        if (odd == 0)
            continue;
        at += (((odd - 1) & ones) * ones >> 56) - 1; /* the bytes before the first */
        if (*at != '\t')
            return at;
        at -= 7; /* go on behind the HTAB */
    }
    return http_skip(at, end, HTTP_TEXT);
}

static inline bool http_is_blank(char c) /* CR LF: in folded values */
{
    return (http_class[(unsigned char)c] & HTTP_BLANK) != 0;
}

static inline struct span http_trim(const char *at, const char *end)
{
    while (at < end && http_is_blank(*at))
        at++;
    while (at < end && http_is_blank(end[-1]))
        end--;
    return (struct span){ at, (size_t)(end - at) };
}

#endif
