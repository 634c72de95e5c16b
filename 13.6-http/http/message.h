/*
 * message.h - parses the head of an HTTP/1.1 message while its bytes arrive.
 *
 *     http_head_init(&head);
 *     ... receive bytes, until ...
 *     size = http_parse_response(&head, buf, n);
 *     ... is not 0; if (size > 0) type = http_field(&head, "content-type") ...
 *
 * The parser copies and allocates nothing: the results are spans within the caller's
 * buffer. The result is the same however the input is divided into pieces. The reason of
 * an error is a constant string, "kind: explanation". The functions keep all state in
 * struct http_head and can be called on any thread. Next: message_body.h.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#include "url.h"

enum { /* the default limits; struct http_limits gives their units */
       HTTP_LINE_MAX = 8192,
       HTTP_HEAD_MAX = 65536,
       HTTP_FIELDS_MAX = 128,
       HTTP_INTERIM_MAX = 16,
       HTTP_CHUNK_LINE_MAX = 1024,
       HTTP_OVERHEAD_FREE = 64 * 1024,
       HTTP_OVERHEAD_EACH = 8
};

struct http_limits {
    size_t line;       /* bytes of a line in a head or trailer, with the line end */
    size_t head;       /* bytes of a head and its interim heads; bytes of a trailer */
    int fields;        /* fields of a head (at most HTTP_FIELDS_MAX) or of a trailer */
    int interim;       /* 1xx responses before the final one */
    size_t chunk_line; /* bytes of a chunk-size line, with the line end */
    uint64_t overhead_free; /* bytes of chunk framing that any body may have */
    uint64_t overhead_each; /* bytes of it allowed in addition for each byte of payload */
};

extern const struct http_limits http_usual_limits; /* the default limits */

struct http_field {
    struct span name;  /* a token */
    struct span value; /* trimmed; can be empty. A folded value contains CR LF, which
                          mean spaces (RFC 9112 5.2) */
};

struct http_head {              /* its spans are valid while the buffer is unchanged */
    int status;                 /* response: 100 to 999; request: 0 */
    int minor_version;          /* 0 or 1: HTTP/1.0, HTTP/1.1 */
    struct span reason;         /* response: the text after the status; can be empty */
    struct span method, target; /* request: "GET" and "/path?query", for instance */
    int count;                  /* number of `fields` */
    int interim;                /* number of 1xx responses that were skipped */
    bool lenient;               /* a doubtful form was accepted: close the connection */
    const char *why;            /* reason of the error, or NULL */
    const struct http_limits *limits; /* can be replaced after http_head_init() */
    /* private to the parser */
    bool started, blank; /* the first line was parsed; an empty line preceded it */
    size_t line, seen;   /* offset of the current line; bytes that were searched */
    uintptr_t base;      /* address of the buffer in the last call */
    struct http_field fields[HTTP_FIELDS_MAX]; /* in the order of arrival */
};

/* Initializes `head`, with the default limits. Call it before each message. */
void http_head_init(struct http_head *head);

/*
 * Parses the head of a response (RFC 9112 2 to 5). In each call, `buf` holds all `n`
 * bytes of the message that have arrived. When the buffer is at another address than in
 * the last call, the parser starts again, so let a buffer grow by doubling. While it
 * stays in place, no byte is searched twice. Returns the length of the head in bytes,
 * including its empty line; 0 when more bytes are needed, which at the end of the input
 * means a truncated head; -1 when it is malformed, with the reason in head->why.
 *
 * 1xx responses are skipped, and the length includes them. A 101 is an error, because the
 * client requests no other protocol. A head is malformed when RFC 9112 says so, or when
 * it contains a NUL, a control byte, or a CR without LF. Three forms are accepted and set
 * head->lenient: LF alone, one empty line before the message, and a status line that ends
 * after the status.
 */
ssize_t http_parse_response(struct http_head *head, const char *buf, size_t n);

/* Parses the head of a request in the same way, but more strictly: without folded lines,
 * with a target in one of the four forms of RFC 9112 3.2, and with one valid Host, which
 * HTTP/1.0 can omit. It does not compare Host with the host in an absolute target, which
 * takes precedence (RFC 9112 3.2.2). */
ssize_t http_parse_request(struct http_head *head, const char *buf, size_t n);

/* Returns the value of the first field with that name in any letter case, or NULL. */
const struct span *http_field(const struct http_head *head, const char *name);

/* Returns the index of the first field with that name at or after index `from`, or -1. To
 * visit repeated fields:
 *     for (i = http_find(h, name, 0); i >= 0; i = http_find(h, name, i + 1)) */
int http_find(const struct http_head *head, const char *name, int from);

/* Returns true when `n` bytes are equal, apart from the case of ASCII letters. */
bool http_same_letters(const char *a, const char *b, size_t n);

/* Compares a span with a string in the same way. */
static inline bool http_span_is(struct span span, const char *text)
{
    return span.n == strlen(text) && http_same_letters(span.at, text, span.n);
}

/* Removes the first item of a comma-separated list (RFC 9110 5.6.1) and stores it,
 * trimmed, in `item`, which can be empty. Returns false at the end of the list. `list`
 * starts as a copy of the field's value. A comma in a quoted string also ends an item. */
bool http_next_item(struct span *list, struct span *item);

/* Compares a method, which is case-sensitive (RFC 9110 9.1). */
static inline bool http_method_is(struct span method, const char *name)
{
    return method.n == strlen(name) && memcmp(method.at, name, method.n) == 0;
}

/* Writes the head of a request (RFC 9112 3): the request line, Host, User-Agent, and
 * `more`, which is "" or further fields that each end with CR LF. `text` has room for
 * `size` bytes. Returns the number of bytes before the NUL, or 0 when they do not fit, or
 * when a byte is not allowed: the method must be a token, the URL visible ASCII, and the
 * agent text without control bytes. So none of the three can add a line to the head.
 * None can be empty. `more` is not checked. */
size_t http_request_head(char *text, size_t size, const char *method,
                         const struct url *url, const char *user_agent, const char *more);

/* ---- classes of bytes, for parsers of field values -------------------------------- */

/* Sets of bytes. They do not depend on the locale. */
enum {
    HTTP_TOKEN = 1,   /* names and methods (RFC 9110 5.6.2) */
    HTTP_TEXT = 2,    /* field values: visible, space, HTAB, 0x80 to 0xff */
    HTTP_VISIBLE = 4, /* targets: 0x21 to 0x7e */
    HTTP_BLANK = 16,  /* space, HTAB, CR, LF */
    HTTP_HOST = 8     /* uri-host [":" port] (RFC 3986 3.2, without userinfo) */
};

/* For each byte value, the sets that contain it, combined with |. */
extern const unsigned char http_class[256];

/* Returns the first byte that is not in the set `class`, or `end`. Names and targets are
 * long runs of one set, so it tests four bytes together. */
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

/* Returns whether `s` is a token (RFC 9110 5.6.2): one or more bytes of HTTP_TOKEN. */
static inline bool http_is_token(struct span s)
{
    return s.n > 0 && http_skip(s.at, s.at + s.n, HTTP_TOKEN) == s.at + s.n;
}

/* Returns eight bytes as a number, with the first byte lowest on any machine. */
static inline uint64_t http_word(const char *at)
{
    const unsigned char *s = (const unsigned char *)at;

    return (uint64_t)s[0] | (uint64_t)s[1] << 8 | (uint64_t)s[2] << 16 |
           (uint64_t)s[3] << 24 | (uint64_t)s[4] << 32 | (uint64_t)s[5] << 40 |
           (uint64_t)s[6] << 48 | (uint64_t)s[7] << 56;
}

/*
 * Returns the first byte that is not HTTP_TEXT, or `end`. Most bytes of a head are text,
 * so it tests eight bytes together: the high bit of a byte in `odd` is set when the same
 * byte of the head is below 0x20 or equal to 0x7f. The subtraction borrows from the bytes
 * after such a byte, so only the first one found is certain; no other is used.
 */
static inline const char *http_skip_text(const char *at, const char *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);

    for (; end - at >= 8; at += 8) {
        uint64_t word = http_word(at), del = (word & (0x7f * ones)) + ones;
        uint64_t odd = ((word - 0x20 * ones) | del) & ~word & (0x80 * ones);

        if (odd == 0)
            continue;
        at += (((odd - 1) & ones) * ones >> 56) - 1; /* skip to the first odd byte */
        if (*at != '\t')
            return at;
        at -= 7; /* with the loop's += 8: continue after the HTAB */
    }
    return http_skip(at, end, HTTP_TEXT);
}

/* Tests for HTTP_BLANK. CR and LF occur in folded values. */
static inline bool http_is_blank(char c)
{
    return (http_class[(unsigned char)c] & HTTP_BLANK) != 0;
}

/* Returns the bytes from `at` to `end` without HTTP_BLANK at either side. */
static inline struct span http_trim(const char *at, const char *end)
{
    while (at < end && http_is_blank(*at))
        at++;
    while (at < end && http_is_blank(end[-1]))
        end--;
    return (struct span){ at, (size_t)(end - at) };
}

#endif
