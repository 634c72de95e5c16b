/* span.h - a range of bytes in a buffer that something else owns. Next: ascii.h. */
#ifndef SPAN_H
#define SPAN_H

#include <stddef.h>

struct span {
    const char *at; /* first byte; no NUL follows the last */
    size_t n;
};

#endif
