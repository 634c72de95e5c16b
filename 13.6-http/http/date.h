/*
 * date.h - dates in HTTP fields (RFC 9110 5.6.7), in seconds since 1970.
 *
 *     http_date(text, time(NULL));            "Sun, 06 Nov 1994 08:49:37 GMT"
 *     when = http_date_parse(http_field(&head, "last-modified"), time(NULL), -1);
 *
 * Both directions use 64 bits and no locale. Next: fields.h.
 */
#ifndef DATE_H
#define DATE_H

#include "message.h"

enum { HTTP_DATE_SIZE = 36 }; /* room for a date and its NUL */

/* Writes the preferred form (IMF-fixdate) into `text` and returns it. The text is empty
 * when the year is not 0 to 9999. */
const char *http_date(char text[HTTP_DATE_SIZE], int64_t when);

/* Returns the time that `value` names in any of the three forms, leap seconds apart, or
 * `otherwise` when `value` is NULL or no date. The weekday is not checked. `now` decides
 * the century of a year of two digits. */
int64_t http_date_parse(const struct span *value, int64_t now, int64_t otherwise);

#endif
