/*
 * fields.h - copies and parses the values of a response's fields.
 *
 *     field_media_type(type, sizeof type, http_field(&head, "content-type"));
 *     if (strcmp(type, "text/html") == 0)
 *         field_charset(charset, sizeof charset, http_field(&head, "content-type"));
 *
 * The spans of a head are valid only while its buffer is unchanged, so a program copies
 * the values that it needs later. The functions keep no state and can be called on any
 * thread. The parameter `room` is the size of `to` in bytes, at least 1. Next: retry.h.
 */
#ifndef FIELDS_H
#define FIELDS_H

#include "message.h"

#define RETRY_AFTER_MAX 300.0 /* seconds; a longer delay is shortened to this */

/* Copies `value` and a NUL to `to`. Writes "" when the value does not fit, or is NULL
 * because there is no such field. */
void field_copy(char *to, size_t room, const struct span *value);

/* Writes the media type of a Content-Type (WHATWG MIME Sniffing 4.4) to `to`, without
 * parameters and in lower case, like "text/html". Writes "" when it is malformed, does
 * not fit, or when `value` is NULL. */
void field_media_type(char *to, size_t room, const struct span *value);

/* Writes the first valid parameter charset of a Content-Type to `to`, without quotes and
 * in unchanged letter case, and returns true. A charset that is malformed or does not fit
 * is skipped. Returns false and writes "" when there is no valid one, when the media type
 * is malformed, or when `value` is NULL. */
bool field_charset(char *to, size_t room, const struct span *value);

/* Identifies a version of a page (RFC 9110 8.8). A conditional request asks the server
 * whether the page has changed since. */
struct validators {
    char etag[256];    /* ETag with its quotes, or "" */
    char modified[64]; /* Last-Modified as received, or "" */
};

/* Copies the validators of a response. A validator that is malformed or does not fit
 * becomes "", because field_conditions() writes it into a later request. A Last-Modified
 * is malformed when it has a byte that occurs in no date; it is not parsed. */
void field_validators(struct validators *to, const struct http_head *head);

/* Writes the fields of a conditional request (RFC 9110 13.1.2 and 13.1.3), each with its
 * CR LF. Writes "" when both validators are "". */
enum { FIELD_CONDITIONS_MAX = 400 };
void field_conditions(char to[FIELD_CONDITIONS_MAX], const struct validators *known);

/* Returns the delay of a Retry-After (RFC 9110 10.2.3) in seconds, 0 to RETRY_AFTER_MAX,
 * or -1 when it is malformed or `value` is NULL. A date is compared with `now`, in
 * seconds since 1970; the delay of a past date is 0. */
double field_retry_after(const struct span *value, int64_t now);

/* Returns the delay of a response's Retry-After in the same way. A date is compared with
 * the field Date, which is the server's clock, or with the local clock when the response
 * has no valid Date. */
double field_retry_hold(const struct http_head *head);

#endif
