#define _DARWIN_C_SOURCE 1 /* for <sys/event.h> */
#define __BSD_VISIBLE 1
#define _NETBSD_SOURCE 1
/*
 * selector_kqueue.c - kqueue(2), for the BSDs and macOS. Elsewhere it needs libkqueue and
 * -DHAVE_KQUEUE. Reading and writing are separate filters of a descriptor.
 */
#include "selector.h"

#ifdef HAVE_KQUEUE

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/types.h>

#include <sys/event.h>
#include <sys/time.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 512 };

struct kqueue_state {
    int fd;                               /* the kernel queue */
    int found;                            /* number of events of the last wait */
    struct kevent events[EVENTS_AT_ONCE]; /* those events */
};

static int state_open(void **state)
{
    struct kqueue_state *self = malloc(sizeof *self);

    if (self == NULL)
        return ENOMEM;
    self->fd = kqueue();
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
    close(((struct kqueue_state *)state)->fd);
    free(state);
}

/* Adds or removes one filter. An error of a removal is ignored: the system has removed
 * the filters of a closed descriptor already. */
static int change(struct kqueue_state *self, int fd, int filter, bool add)
{
    struct kevent event;

    EV_SET(&event, fd, filter, add ? EV_ADD : EV_DELETE, 0, 0, NULL);
    return kevent(self->fd, &event, 1, NULL, 0, NULL) == 0 || !add ? 0 : errno;
}

static int state_watch(void *state, int fd, int before, int events)
{
    int changed = before ^ events, err = 0;

    if (changed & EVENT_READ)
        err = change(state, fd, EVFILT_READ, (events & EVENT_READ) != 0);
    if (err == 0 && changed & EVENT_WRITE)
        err = change(state, fd, EVFILT_WRITE, (events & EVENT_WRITE) != 0);
    return err;
}

static int state_wait(void *state, double timeout)
{
    struct kqueue_state *self = state;
    int ms = selector_milliseconds(timeout), n;
    struct timespec wait = { ms / 1000, ms % 1000 * 1000000L };

    n = kevent(self->fd, NULL, 0, self->events, EVENTS_AT_ONCE, ms < 0 ? NULL : &wait);
    self->found = n > 0 ? n : 0;
    return self->found;
}

static void state_report(void *state, selector_ready *ready, struct loop *loop)
{
    struct kqueue_state *self = state;

    for (int i = 0; i < self->found; i++)
        ready(loop, (int)self->events[i].ident,
              self->events[i].filter == EVFILT_READ ? EVENT_READ : EVENT_WRITE);
}

const struct selector selector_kqueue = {
    "kqueue", state_open, state_close, state_watch, state_wait, state_report,
};

#else
typedef int selector_kqueue_is_not_built_here; /* ISO C: no file without one */
#endif
