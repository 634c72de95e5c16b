/* fields.h - values of a response's fields, copied out while they stand still. */
#ifndef FIELDS_H
#define FIELDS_H

#include "message.h"

#define RETRY_AFTER_MAX 300.0 /* seconds; more is taken as this */

/* Copy `value` (NULL: no such field) into `to`, ended by a NUL; "" when it does not
 * fit. */
void field_copy(char *to, size_t room, const struct span *value);

/* WHATWG MIME Sniffing 4.4: the media type of a Content-Type, without parameters and
 * in lower case: "text/html"; "" when it is none, or does not fit. */
void field_media_type(char *to, size_t room, const struct span *value);

/* The same for the value of its first valid parameter charset, unquoted, as it is
 * written. False, and "", when there is none that fits, or the media type is none. */
bool field_charset(char *to, size_t room, const struct span *value);

/* What tells one version of a page from another (RFC 9110 8.8), to ask later whether
 * it has changed. */
struct validators {
    char etag[256];    /* with its quotes, "" when there was none */
    char modified[64]; /* a date as it came, likewise */
};

/* Those of a response. What is malformed or too long counts as none: it goes back to the
 * server in a request. */
void field_validators(struct validators *to, const struct http_head *head);

/* The fields of a conditional request (RFC 9110 13.1.2, 13.1.3), each ended by CR LF,
 * "" when there is nothing to compare with. */
enum { FIELD_CONDITIONS_MAX = 400 };
void field_conditions(char to[FIELD_CONDITIONS_MAX], const struct validators *known);

/* RFC 9110 10.2.3: the seconds of a Retry-After, counted from `now` (since 1970) if it
 * is a date, at most RETRY_AFTER_MAX; -1 when there is none. */
double field_retry_after(const struct span *value, int64_t now);

/* The same for a response; a date is meant by the server's own clock, if Date says
 * what that shows, else by ours. */
double field_retry_hold(const struct http_head *head);

#endif
