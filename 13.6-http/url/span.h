/* span.h - some bytes of somebody else's buffer. Next: url.h, message.h. */
#ifndef SPAN_H
#define SPAN_H

#include <stddef.h>

struct span {
    const char *at; /* not ended by a NUL */
    size_t n;
};

#endif
