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

ssize_t http_parse_head(struct http_head *head, const char *buf, size_t n,
                        const struct http_role *role);

/* "HTTP/1.1" in 8 bytes that exist: 11, and likewise for other digits; else -1. */
int http_version(const char *at);

/* What each byte may be part of; no locale has a say in it. */
enum {
    HTTP_TOKEN = 1,   /* names, methods: RFC 9110 5.6.2 */
    HTTP_TEXT = 2,    /* field values: visible, space, HTAB, 0x80 to 0xff */
    HTTP_VISIBLE = 4, /* targets: 0x21 to 0x7e */
    HTTP_HOST = 8     /* uri-host [":" port]: RFC 3986 3.2 without userinfo */
};

extern const unsigned char http_class[256];

/* The first byte that is not of that class, or `end`. */
static inline const char *http_skip(const char *at, const char *end, int class)
{
    while (at < end && (http_class[(unsigned char)*at] & class) != 0)
        at++;
    return at;
}

static inline bool http_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n'; /* CR LF: in folded values */
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
