/*
 * message.h - the head of an HTTP/1.1 message, read as its bytes arrive.
 *
 * Nothing is copied and nothing is allocated: the answers are spans into the caller's
 * buffer. However the input is cut, the answer is the same. An error's reason is a
 * constant "kind: explanation". Read next: message.c, then message_body.h.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#include "url.h"

enum { /* how much is accepted, if nothing else is said */
       HTTP_LINE_MAX = 8192,
       HTTP_HEAD_MAX = 65536,
       HTTP_FIELDS_MAX = 128,
       HTTP_INTERIM_MAX = 16,
       HTTP_CHUNK_LINE_MAX = 1024,
       HTTP_OVERHEAD_FREE = 64 * 1024,
       HTTP_OVERHEAD_EACH = 8
};

struct http_limits {
    size_t line;       /* bytes of a line of a head or trailer, its end included */
    size_t head;       /* bytes of a head, with the interim ones; of a trailer */
    int fields;        /* field lines: of a head HTTP_FIELDS_MAX at most; of a trailer */
    int interim;       /* 1xx responses before the final one */
    size_t chunk_line; /* bytes of a chunk-size line, its end included */
    uint64_t overhead_free; /* bytes around the chunks that are always fine ... */
    uint64_t overhead_each; /* ... and how many more for a byte of payload */
};

extern const struct http_limits http_usual_limits; /* those of the enum */

struct http_field {
    struct span name;  /* a token */
    struct span value; /* trimmed, may be empty; if folded, with the CR LF inside: read
                          them as spaces, RFC 9112 5.2 */
};

struct http_head {              /* the spans are good as long as the bytes stand still */
    int status;                 /* response: 100 to 999; request: 0 */
    int minor_version;          /* 0 or 1: HTTP/1.0, HTTP/1.1 */
    struct span reason;         /* response: what follows the status, may be empty */
    struct span method, target; /* request: "GET" and "/path?query", for instance */
    int count;                  /* of `fields` */
    int interim;                /* 1xx responses that came before and were skipped */
    bool lenient;               /* something doubtful was accepted: do not reuse */
    const char *why;            /* what is malformed, else NULL */
    const struct http_limits *limits; /* the usual ones, or yours: set it after init */
    /* the parser's own */
    bool started, blank; /* the first line was read; an empty one came before */
    size_t line, seen;   /* where the present line begins; bytes looked at */
    uintptr_t base;      /* where the bytes stood at the last call */
    struct http_field fields[HTTP_FIELDS_MAX]; /* in the order of arrival */
};

/* Before each message. */
void http_head_init(struct http_head *head);

/*
 * RFC 9112 2 to 5. `buf` holds all `n` bytes of the message so far, at every call. If
 * they have moved since the last call, the parse begins again (so let a buffer grow by
 * doubling); otherwise no byte is searched twice. Returns the bytes of the head, its
 * empty line included; 0: more is needed (at the end of input: it is truncated); -1:
 * malformed, see head->why. 1xx responses are skipped and counted in; 101 is refused, for
 * nobody asked for it. Malformed is what RFC 9112 calls so, and any NUL, control byte, or
 * CR without LF. Accepted but `lenient`: LF alone, one empty line before the message, and
 * a status line that ends with the status.
 */
ssize_t http_parse_response(struct http_head *head, const char *buf, size_t n);

/* The same for a server, and stricter: no folded lines, a target in one of the four forms
 * of RFC 9112 3.2, one valid Host (HTTP/1.0 may omit it). The host in an absolute target
 * goes before Host. */
ssize_t http_parse_request(struct http_head *head, const char *buf, size_t n);

/* The value of the first field of that name (letter case is ignored), or NULL. */
const struct span *http_field(const struct http_head *head, const char *name);

/* The index of the first such field from `from` on, or -1. To visit repeated ones:
 * for (i = http_find(h, name, 0); i >= 0; i = http_find(h, name, i + 1)) */
int http_find(const struct http_head *head, const char *name, int from);

/* Equal but for the case of ASCII letters; `text` ends with NUL. */
bool http_same_letters(const char *a, const char *b, size_t n);

static inline bool http_span_is(struct span span, const char *text)
{
    return span.n == strlen(text) && http_same_letters(span.at, text, span.n);
}

/* RFC 9110 5.6.1: takes the next item off a comma-separated list, trimmed, perhaps empty;
 * false at the end. Begin with a copy of the value. Does not know quoted strings. */
bool http_next_item(struct span *list, struct span *item);

/* Methods are compared with their letter case, RFC 9110 9.1. */
static inline bool http_method_is(struct span method, const char *name)
{
    return method.n == strlen(name) && memcmp(method.at, name, method.n) == 0;
}

/* Writes the head of a request (RFC 9112 3): the request line, Host, User-Agent, and
 * `more`, further fields that each end with CR LF, or "". `text` has room for `size`
 * bytes. Returns the bytes before the NUL, or 0 when they do not fit or when the
 * method, the URL or the agent has a space or control byte, which would start a line
 * of its own. `more` is not checked. */
size_t http_request_head(char *text, size_t size, const char *method,
                         const struct url *url, const char *user_agent, const char *more);

/* ---- bytes, for those who take values apart --------------------------------------- */

/* What each byte may be part of; no locale has a say in it. */
enum {
    HTTP_TOKEN = 1,   /* names, methods: RFC 9110 5.6.2 */
    HTTP_TEXT = 2,    /* field values: visible, space, HTAB, 0x80 to 0xff */
    HTTP_VISIBLE = 4, /* targets: 0x21 to 0x7e */
    HTTP_BLANK = 16,  /* space, HTAB, CR, LF */
    HTTP_HOST = 8     /* uri-host [":" port]: RFC 3986 3.2 without userinfo */
};

extern const unsigned char http_class[256];

/* The first byte that is not of that class, or `end`. Names and targets: many bytes of
 * one class, so four are looked at together. */
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
 * The first byte that is not HTTP_TEXT, or `end`. Most of a head is text, so eight bytes
 * are looked at together: in `odd`, the high bit of each byte says whether it is below
 * 0x20 or 0x7f. Borrows spoil only what is behind the first such byte.
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
