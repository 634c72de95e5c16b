/*
 * poll_pieces.c - poll(2) refuses more entries than descriptors may be opened (EINVAL),
 * and that limit can lie below what is open, after a setrlimit(). Taken for "nothing is
 * ready", a refused wait would spin, and virtual time would run away. Next:
 * selector_epoll.c.
 */
#include <poll.h>
#include <stddef.h>
#include <sys/resource.h>

#include "selector.h"

enum { MOMENT = 10 }; /* milliseconds between two looks: nothing can wake us */

int selector_poll_pieces(struct pollfd *fds, int count, double timeout)
{
    struct rlimit limit;
    int piece = 1, ready = 0, ms = selector_milliseconds(timeout);

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > 0)
        piece = limit.rlim_cur < (rlim_t)count ? (int)limit.rlim_cur : count;
    for (int at = 0; at < count; at += piece) {
        int left = count - at;
        int n = poll(fds + at, (nfds_t)(left < piece ? left : piece), 0);

        if (n < 0)
            return 0;
        ready += n;
    }
    if (ready == 0 && ms != 0)
        poll(NULL, 0, ms < 0 || ms > MOMENT ? MOMENT : ms);
    return ready;
}
