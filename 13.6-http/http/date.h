/*
 * date.h - converts between HTTP dates (RFC 9110 5.6.7) and seconds since 1970.
 *
 *     http_date(text, time(NULL));            "Sun, 06 Nov 1994 08:49:37 GMT"
 *     when = http_date_parse(http_field(&head, "last-modified"), time(NULL), -1);
 *
 * A time is an int64_t. The functions do not depend on the locale. Next: fields.h.
 */
#ifndef DATE_H
#define DATE_H

#include "message.h"

enum { HTTP_DATE_SIZE = 36 }; /* room for a date and its NUL */

/* Writes the preferred form (IMF-fixdate) of the time `when` into `text` and returns
 * `text`. The text is empty when the year is not 0 to 9999. */
const char *http_date(char text[HTTP_DATE_SIZE], int64_t when);

/* Returns the time of the date `value`, which can have any of the three forms, or
 * `otherwise` when `value` is NULL or not a date. The weekday is not checked. A leap
 * second (second 60) becomes the second after it. `now` decides the century of a year of
 * two digits. */
int64_t http_date_parse(const struct span *value, int64_t now, int64_t otherwise);

#endif
