/*
 * selector_select.c - select(2), the oldest of these calls. It cannot watch a descriptor
 * of FD_SETSIZE or above: watch() then returns EINVAL, where Python raises ValueError
 * ("filedescriptor out of range in select()").
 */
#include "selector.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/select.h>

struct select_sets {
    fd_set want[2];  /* descriptors watched for reading, for writing */
    fd_set ready[2]; /* descriptors that the last select() found ready */
    int end;         /* one past the highest descriptor ever watched */
};

static int sets_open(void **state)
{
    *state = calloc(1, sizeof(struct select_sets));
    return *state != NULL ? 0 : ENOMEM;
}

static int sets_watch(void *state, int fd, int before, int events)
{
    struct select_sets *sets = state;

    (void)before;
    if (fd >= FD_SETSIZE)
        return EINVAL;
    if (fd >= sets->end)
        sets->end = fd + 1;
    for (int side = 0; side < 2; side++) {
        if (events & (EVENT_READ << side))
            FD_SET(fd, &sets->want[side]);
        else
            FD_CLR(fd, &sets->want[side]);
    }
    return 0;
}

static int sets_wait(void *state, double timeout)
{
    struct select_sets *sets = state;
    int ms = selector_milliseconds(timeout);
    struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

    sets->ready[0] = sets->want[0];
    sets->ready[1] = sets->want[1];
    int n =
        select(sets->end, &sets->ready[0], &sets->ready[1], NULL, ms < 0 ? NULL : &tv);
    return n > 0 ? n : 0;
}

static void sets_report(void *state, selector_ready *ready, struct loop *loop)
{
    struct select_sets *sets = state;

    for (int fd = 0; fd < sets->end; fd++) {
        int events = (FD_ISSET(fd, &sets->ready[0]) ? EVENT_READ : 0) |
                     (FD_ISSET(fd, &sets->ready[1]) ? EVENT_WRITE : 0);

        if (events != 0)
            ready(loop, fd, events);
    }
}

const struct selector selector_select = {
    "select", sets_open, free, sets_watch, sets_wait, sets_report,
};
