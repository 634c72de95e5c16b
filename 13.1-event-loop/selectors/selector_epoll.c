#define _DEFAULT_SOURCE /* for <sys/epoll.h> */
/*
 * selector_epoll.c - epoll(7), for Linux. The cost of a wait does not grow with the
 * number of watched descriptors.
 */
#include "selector.h"

#ifdef __linux__

#include <errno.h>
#include <stdlib.h>
/* EPOLLET is 1u << 31, too large for an enumerator in ISO C: a header that is not
 * found in a system folder (a 32-bit build with -I) would be refused for it. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include <sys/epoll.h>
#pragma GCC diagnostic pop
#include <unistd.h>

enum { EVENTS_AT_ONCE = 512 };

struct epoll_state {
    int fd;                                    /* the epoll instance */
    int found;                                 /* number of events of the last wait */
    struct epoll_event events[EVENTS_AT_ONCE]; /* those events */
};

static int state_open(void **state)
{
    struct epoll_state *self = malloc(sizeof *self);

    if (self == NULL)
        return ENOMEM;
    self->fd = epoll_create1(EPOLL_CLOEXEC);
    if (self->fd < 0) {
        int err = errno;

        free(self);
        return err;
    }
    self->found = 0;
    *state = self;
    return 0;
}

static void state_close(void *state)
{
    close(((struct epoll_state *)state)->fd);
    free(state);
}

static int state_watch(void *state, int fd, int before, int events)
{
    struct epoll_state *self = state;
    int op = before == 0 ? EPOLL_CTL_ADD : events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
    struct epoll_event event = { .data.fd = fd };

    if (before == 0 && events == 0)
        return 0;
    if (events & EVENT_READ)
        event.events |= EPOLLIN;
    if (events & EVENT_WRITE)
        event.events |= EPOLLOUT;
    if (epoll_ctl(self->fd, op, fd, &event) == 0 || op == EPOLL_CTL_DEL)
        return 0;
    /* The descriptor was closed and its number reused, so epoll no longer watches it. */
    if (op == EPOLL_CTL_MOD && errno == ENOENT &&
        epoll_ctl(self->fd, EPOLL_CTL_ADD, fd, &event) == 0)
        return 0;
    return errno;
}

static int state_wait(void *state, double timeout)
{
    struct epoll_state *self = state;
    int n = epoll_wait(self->fd, self->events, EVENTS_AT_ONCE,
                       selector_milliseconds(timeout));

    self->found = n > 0 ? n : 0;
    return self->found;
}

static void state_report(void *state, selector_ready *ready, struct loop *loop)
{
    struct epoll_state *self = state;

    for (int i = 0; i < self->found; i++) {
        unsigned got = self->events[i].events;

        ready(loop, self->events[i].data.fd,
              (got & ~(unsigned)EPOLLOUT ? EVENT_READ : 0) |
                  (got & ~(unsigned)EPOLLIN ? EVENT_WRITE : 0));
    }
}

const struct selector selector_epoll = {
    "epoll", state_open, state_close, state_watch, state_wait, state_report,
};

#else
typedef int selector_epoll_is_not_built_here; /* ISO C: no file without one */
#endif
