/* fetch_why.c - why a fetch went wrong, by who knows best. Next: reasons.c. */
#include <errno.h>
#include <string.h>

#include "page_fetch.h"

const char *fetch_why(struct fetch *self, int err)
{
    if (err == ETIMEDOUT && self->clocks.expired != HTTP_NO_CLOCK)
        return http_clocks_reason(&self->clocks, self->why_text);
    if (err == EACCES && self->get.open.why[0] != '\0')
        return strcpy(self->why_text, self->get.open.why);
    if (err == AIO_BAD_MESSAGE && self->exchange.why != NULL)
        return self->exchange.why;
    if (err == 0 && self->content.why != NULL)
        return self->content.why;
    if (err == 0 && self->truncated != NULL)
        return reason_text(REASON_TOO_LARGE);
    return reason_in_words(err, self->why_text);
}
