/*
 * selector_poll.c - poll(2), the selector that every POSIX system has.
 *
 * The table is indexed by descriptor. poll() ignores an entry whose fd is negative.
 */
#include "selector.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>

struct poll_table {
    struct pollfd *fds; /* entry i is for descriptor i; its fd is -1: not watched */
    int room;           /* entries allocated */
    int end;            /* one past the highest entry ever watched */
};

int selector_milliseconds(double timeout)
{
    if (timeout < 0)
        return -1;
    if (timeout > INT_MAX / 1000)
        return INT_MAX;
    int ms = (int)(timeout * 1000);
    return ms < timeout * 1000 ? ms + 1 : ms;
}

static int table_open(void **state)
{
    *state = calloc(1, sizeof(struct poll_table));
    return *state != NULL ? 0 : ENOMEM;
}

static void table_close(void *state)
{
    free(((struct poll_table *)state)->fds);
    free(state);
}

static int table_grow(struct poll_table *table, int fd)
{
    int room = fd < 32 ? 64 : fd * 2;
    struct pollfd *fds = realloc(table->fds, (size_t)room * sizeof *fds);

    if (fds == NULL)
        return ENOMEM;
    for (int i = table->room; i < room; i++)
        fds[i] = (struct pollfd){ .fd = -1 };
    table->fds = fds;
    table->room = room;
    return 0;
}

static int table_watch(void *state, int fd, int before, int events)
{
    struct poll_table *table = state;

    (void)before;
    if (fd >= table->room && table_grow(table, fd) != 0)
        return ENOMEM;
    if (fd >= table->end)
        table->end = fd + 1;
    table->fds[fd].fd = events != 0 ? fd : -1;
    table->fds[fd].events = (short)((events & EVENT_READ ? POLLIN : 0) |
                                    (events & EVENT_WRITE ? POLLOUT : 0));
    return 0;
}

enum { MOMENT = 10 }; /* milliseconds between two looks at a table that is too long */

/* As poll(), for a table that is longer than the system accepts: poll(2) refuses more
 * entries than a process may have open descriptors (EINVAL), and setrlimit() can set that
 * limit below the number that are open. Without this function the loop would take the
 * refusal for "nothing is ready" and spin, and virtual time would jump ahead. It polls
 * the table in pieces without waiting and then sleeps for a moment, so it can return 0
 * before `timeout` has passed. */
static int poll_pieces(struct pollfd *fds, int count, double timeout)
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

static int table_wait(void *state, double timeout)
{
    struct poll_table *table = state;
    int n = poll(table->fds, (nfds_t)table->end, selector_milliseconds(timeout));

    if (n < 0 && errno == EINVAL) /* table->end is above the descriptor limit */
        n = poll_pieces(table->fds, table->end, timeout);
    return n > 0 ? n : 0;
}

/* An error or a hang-up counts as readable and writable, as in Python's selectors: the
 * callback then makes its system call, which returns the error. */
static void table_report(void *state, selector_ready *ready, struct loop *loop)
{
    struct poll_table *table = state;

    for (int fd = 0; fd < table->end; fd++) {
        int got = table->fds[fd].fd >= 0 ? table->fds[fd].revents : 0;

        if (got != 0)
            ready(loop, fd,
                  (got & ~POLLOUT ? EVENT_READ : 0) | (got & ~POLLIN ? EVENT_WRITE : 0));
    }
}

const struct selector selector_poll = {
    "poll", table_open, table_close, table_watch, table_wait, table_report,
};
