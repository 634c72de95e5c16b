/* reasons.c - see reasons.h. */
#include "reasons.h"

#include <errno.h>
#include <stdio.h>

#include "errors.h"

const char *reason_text(enum reason reason)
{
    static const char *const texts[REASON_COUNT] = { NULL,
#define REASON_TEXT(name, kind, explanation) kind ": " explanation,
                                                     REASONS(REASON_TEXT)
#undef REASON_TEXT
    };

    return texts[reason];
}

enum reason reason_of_error(int error)
{
    switch (error) {
    case 0:
        return REASON_NONE;
    case AIO_NAME:
        return REASON_NO_ADDRESS;
    case ECONNREFUSED:
        return REASON_REFUSED;
    case EACCES: /* by the system: who forbids an address himself says which */
    case EPERM:
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ETIMEDOUT: /* by the system, not by one of our clocks */
        return REASON_UNREACHABLE;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
    case AIO_INCOMPLETE_READ:
        return REASON_CLOSED_EARLY;
    case ENAMETOOLONG:
        return REASON_TOO_LONG;
    case EINVAL:
        return REASON_BAD_REQUEST;
    case ENOMEM:
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
        return REASON_NO_RESOURCES;
    default:
        return REASON_SYSTEM;
    }
}

int reason_error(enum reason redirect)
{
    bool is_too_far =
        redirect == REASON_REDIRECT_LOOP || redirect == REASON_TOO_MANY_REDIRECTS;

    return is_too_far ? ELOOP : EPROTO;
}

const char *reason_in_words(int error, char text[REASON_TEXT_MAX])
{
    enum reason reason = reason_of_error(error);

    if (reason != REASON_SYSTEM)
        return reason_text(reason);
    if (error > AIO_BASE)
        return aio_strerror(error);
    snprintf(text, REASON_TEXT_MAX, "system-error: %s", aio_strerror(error));
    return text;
}
