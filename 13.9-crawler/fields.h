/* fields.h - values of a response's fields, copied out while they stand still. */
#ifndef FIELDS_H
#define FIELDS_H

#include "message.h"

#define RETRY_AFTER_MAX 300.0 /* seconds; more is taken as this */

/* Copy `value` (NULL: no such field) into `to`, ended by a NUL; "" when it does not fit. */
void field_copy(char *to, size_t room, const struct span *value);

/* WHATWG MIME Sniffing 4.4: the media type of a Content-Type, without parameters and in lower
 * case: "text/html"; "" when it is none, or does not fit. */
void field_media_type(char *to, size_t room, const struct span *value);

/* The same: the value of its first valid parameter charset, unquoted, as it is written. False,
 * and "", when there is none that fits, or the media type is none. */
bool field_charset(char *to, size_t room, const struct span *value);

/* RFC 9110 5.6.7: a date in any of the three forms, in seconds since 1970, leap seconds apart;
 * `otherwise` when there is none. `now` says which century a year of two digits is in. On the
 * shelf, field_date.c. */
int64_t field_date(const struct span *value, int64_t now, int64_t otherwise);

/* RFC 9110 10.2.3: the seconds of a Retry-After, counted from `now` (since 1970) if it is a
 * date, at most RETRY_AFTER_MAX; -1 when there is none. */
double field_retry_after(const struct span *value, int64_t now);

#endif
