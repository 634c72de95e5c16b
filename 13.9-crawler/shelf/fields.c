/* fields.c - see fields.h. */
#include "fields.h"

#include <string.h>

void field_copy(char *to, size_t room, const struct span *value)
{
    size_t n = value != NULL && value->n < room ? value->n : 0;

    if (n > 0)
        memcpy(to, value->at, n);
    to[n] = '\0';
}

void field_media_type(char *to, size_t room, const struct span *value)
{
    struct span type = { "", 0 };

    if (value != NULL)
        type = *value;
    for (size_t i = 0; i < type.n; i++)
        if (type.at[i] == ';' || type.at[i] == ' ' || type.at[i] == '\t')
            type.n = i; /* what follows may be long */
    field_copy(to, room, &type);
    for (char *c = to; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
}

double field_retry_after(const struct span *value)
{
    double seconds = 0;

    if (value == NULL || value->n == 0)
        return -1;
    for (size_t i = 0; i < value->n; i++) {
        if (value->at[i] < '0' || value->at[i] > '9')
            return -1;
        if (seconds < RETRY_AFTER_MAX)
            seconds = seconds * 10 + (value->at[i] - '0');
    }
    return seconds < RETRY_AFTER_MAX ? seconds : RETRY_AFTER_MAX;
}
