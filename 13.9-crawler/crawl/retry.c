/* retry.c - pages that wait for their next attempt, each with a timer. */
#include "retry.h"

#include <errno.h>
#include <stdlib.h>

struct retry {
    struct link link; /* its place among frontier->retries */
    struct timer timer;
    struct frontier *frontier;
    uint32_t page;
};

bool retry_may_help(int err, int status)
{
    switch (err) {
    case 0:
        return status == 408 || status == 429 || status == 500 || status == 502 ||
               status == 503 || status == 504;
    case EACCES: /* a forbidden address */
    case EINVAL:
    case ELOOP: /* redirects */
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

double retry_delay(int attempts, uint32_t page, double asked)
{
    double delay = 0.5 * (double)(1 << (attempts < 8 ? attempts - 1 : 7));
    double chance = (double)((page * 2654435761u) >> 16 & 0xff) / 255;

    return asked >= 0 ? asked : delay + delay / 2 * chance;
}

static void drop(struct retry *retry)
{
    timer_cancel(retry->frontier->loop, &retry->timer);
    ring_remove(&retry->link);
    free(retry);
}

static void on_time(struct handle *h)
{
    struct retry *retry = container_of(h, struct retry, timer.handle);
    struct frontier *f = retry->frontier;
    uint32_t page = retry->page;

    drop(retry);
    frontier_enqueue(f, page);
}

int retry_later(struct frontier *f, uint32_t page, double delay)
{
    struct retry *retry = calloc(1, sizeof *retry);

    if (retry == NULL)
        return ENOMEM;
    retry->frontier = f;
    retry->page = page;
    if (loop_call_later(f->loop, &retry->timer, delay, on_time) != 0) {
        free(retry);
        return ENOMEM;
    }
    ring_append(&f->retries, &retry->link);
    f->pages[page].host->in_flight--;
    frontier_refresh(f->pages[page].host);
    return 0;
}

void retry_drop_all(struct frontier *f)
{
    while (!ring_empty(&f->retries))
        drop(container_of(f->retries.next, struct retry, link));
}
