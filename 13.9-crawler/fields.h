/* fields.h - values of a response's fields, copied out while they stand still. */
#ifndef FIELDS_H
#define FIELDS_H

#include "message.h"

#define RETRY_AFTER_MAX 300.0 /* seconds; more is taken as this */

/* Copy `value` (NULL: no such field) into `to`, ended by a NUL; "" when it does not fit. */
void field_copy(char *to, size_t room, const struct span *value);

/* The media type of a Content-Type, without parameters and in lower case: "text/html". */
void field_media_type(char *to, size_t room, const struct span *value);

/* RFC 9110 10.2.3: the seconds of a Retry-After, at most RETRY_AFTER_MAX; -1 when there is
 * none. A date is not understood yet and counts as none. */
double field_retry_after(const struct span *value);

#endif
