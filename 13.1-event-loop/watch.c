/*
 * watch.c - descriptors on the loop: add_reader, add_writer and their removal.
 *
 * A watched descriptor has at most one reader and one writer, as in asyncio. When it is
 * ready, their handles join the ready queue, the reader before the writer.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "loop.h"

static int watch_grow(struct loop *loop, int fd)
{
    struct watch *watches;
    int room;

    if (fcntl(fd, F_GETFD) < 0) /* before we make a table of that size */
        return errno;
    room = fd < 32 ? 64 : fd * 2;
    watches = realloc(loop->watches, (size_t)room * sizeof *watches);
    if (watches == NULL)
        return ENOMEM;
    for (int i = loop->watch_room; i < room; i++)
        watches[i] = (struct watch){ 0 };
    loop->watches = watches;
    loop->watch_room = room;
    return 0;
}

static int watch_events(const struct watch *w)
{
    return (w->reader != NULL ? EVENT_READ : 0) | (w->writer != NULL ? EVENT_WRITE : 0);
}

/* Put `h` (or NULL) in the place of the reader or writer of `fd`. */
static int watch_set(struct loop *loop, int fd, int event, struct handle *h)
{
    struct watch *w = &loop->watches[fd];
    struct handle **side = event == EVENT_READ ? &w->reader : &w->writer;
    struct handle *old = *side;
    int before = watch_events(w), err = 0;

    *side = h;
    if (watch_events(w) != before)
        err = loop->selector->watch(loop->selector_state, fd, before, watch_events(w));
    if (err != 0 && h != NULL) { /* taking back never fails: the fd may be closed */
        *side = old;
        return err;
    }
    if (old != NULL)
        handle_cancel(old);
    loop->watched += (h != NULL) - (old != NULL);
    return 0;
}

static int watch_add(struct loop *loop, int fd, int event, struct handle *h,
                     void (*fn)(struct handle *))
{
    int err = 0;

    if (loop->closed)
        return AIO_LOOP_CLOSED;
    if (fd < 0)
        return EBADF;
    if (fd >= loop->watch_room)
        err = watch_grow(loop, fd);
    if (err != 0)
        return err;
    h->fn = fn;
    return watch_set(loop, fd, event, h);
}

static bool watch_remove(struct loop *loop, int fd, int event)
{
    if (fd < 0 || fd >= loop->watch_room ||
        (watch_events(&loop->watches[fd]) & event) == 0)
        return false;
    watch_set(loop, fd, event, NULL);
    return true;
}

int loop_add_reader(struct loop *loop, int fd, struct handle *h,
                    void (*fn)(struct handle *))
{
    return watch_add(loop, fd, EVENT_READ, h, fn);
}

int loop_add_writer(struct loop *loop, int fd, struct handle *h,
                    void (*fn)(struct handle *))
{
    return watch_add(loop, fd, EVENT_WRITE, h, fn);
}

bool loop_remove_reader(struct loop *loop, int fd)
{
    return watch_remove(loop, fd, EVENT_READ);
}

bool loop_remove_writer(struct loop *loop, int fd)
{
    return watch_remove(loop, fd, EVENT_WRITE);
}

static void make_ready(struct loop *loop, struct handle *h)
{
    if (h != NULL && !handle_scheduled(h))
        ring_append(&loop->ready, &h->link);
}

void loop_fd_ready(struct loop *loop, int fd, int events)
{
    if (fd >= loop->watch_room)
        return;
    if (events & EVENT_READ)
        make_ready(loop, loop->watches[fd].reader);
    if (events & EVENT_WRITE)
        make_ready(loop, loop->watches[fd].writer);
}
