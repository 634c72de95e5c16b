/* retry.c - the errors and statuses that can be temporary, and the delays. Next:
 * http_reply.h. */
#include "retry.h"

#include <errno.h>
#include <stdbool.h>

#include "errors.h"

/* Returns true for the statuses that most HTTP clients treat as temporary. */
static bool is_passing_status(int status)
{
    return status == 408 || status == 429 || status == 500 || status == 502 ||
           status == 503 || status == 504;
}

/* Returns false when another attempt would end in the same way. */
static bool may_pass(int error, int status)
{
    switch (error) {
    case 0:
        return is_passing_status(status);
    case EACCES: /* an address that may not be connected to */
    case EINVAL:
    case ELOOP: /* too many redirects */
    case EPROTO:
    case EPROTONOSUPPORT:
    case AIO_TLS_WRONG_HOST:
    case AIO_TLS_UNKNOWN_CA:
    case AIO_TLS_EXPIRED:
    case AIO_TLS_CERTIFICATE:
    case AIO_TLS_NAME:
    case AIO_TLS_NONE:
    case AIO_TLS_REFUSED:
    case AIO_TLS_MISSING:
    case ENAMETOOLONG:
    case AIO_BAD_MESSAGE:
        return false;
    default:
        return true;
    }
}

double retry_decide(int attempts, int error, int status, double retry_after)
{
    if (!may_pass(error, status))
        return RETRY_NEVER;
    if (retry_after >= 0)
        return retry_after;
    return 0.5 * (double)(1 << (attempts < 8 ? attempts - 1 : 7));
}

double retry_spread(double delay, uint32_t seed)
{
    double part = (double)((seed * 2654435761u) >> 16 & 0xff) / 255;

    return delay + delay / 2 * part;
}
