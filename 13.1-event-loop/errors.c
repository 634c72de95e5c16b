/* errors.c - the texts of the error codes. */
#include "errors.h"

#include <string.h>

const char *aio_strerror(int error)
{
    static const char *const texts[] = {
#define AIO_TEXT(code, text) text,
        AIO_ERRORS(AIO_TEXT)
#undef AIO_TEXT
    };

    if (error > AIO_BASE && error < AIO_END)
        return texts[error - AIO_BASE - 1];
    return strerror(error);
}
