/* reasons.c - from errors to reasons, and from reasons to text. Next: page_fetch.c. */
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
    case EACCES: /* from the system; our own refusal of an address gives its own text */
    case EPERM:
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ETIMEDOUT: /* from the system, not from one of our clocks */
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

enum reason reason_of_redirect(enum redirect_fault fault)
{
    static const enum reason reasons[] = {
        [REDIRECT_OK] = REASON_NONE,
        [REDIRECT_BAD_TARGET] = REASON_BAD_REDIRECT,
        [REDIRECT_OTHER_SCHEME] = REASON_OTHER_SCHEME,
        [REDIRECT_LOOP] = REASON_REDIRECT_LOOP,
        [REDIRECT_TOO_MANY] = REASON_TOO_MANY_REDIRECTS,
    };

    return reasons[fault];
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
