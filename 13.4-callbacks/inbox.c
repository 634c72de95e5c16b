/*
 * inbox.c - the inbox: a mutex, a chain of posted handles, and a pipe that wakes the
 * loop.
 *
 * The posting thread sets `filled` and then reads `asleep`. The loop sets `asleep` and
 * then reads `filled`. Whatever the order, at least one of them sees the other's flag, so
 * no post is missed. Only the first post during a sleep writes a byte; a post to a busy
 * loop writes none. The byte is written after the mutex is released, because the loop
 * locks the mutex as soon as it wakes.
 */
#include "inbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

/* Writes the byte that wakes the loop. A full pipe (EAGAIN) is no error: the loop is
 * being woken already. On another error it sets *flag back to `before`, so that the next
 * caller tries again. It keeps errno, because a signal handler may call it at any
 * point. */
static int write_wake(struct loop *loop, atomic_bool *flag, bool before)
{
    int saved = errno, err = 0;

    if (write(loop->inbox.wake[1], "", 1) != 1 && errno != EAGAIN) {
        err = errno;
        atomic_store(flag, before);
    }
    errno = saved;
    return err;
}

int loop_wake(struct loop *loop)
{
    atomic_bool *woken = &loop->inbox.woken;

    return atomic_exchange(woken, true) ? 0 : write_wake(loop, woken, false);
}

/* Moves the posted handles to the end of the ready queue. The chain begins with the
 * newest, so each handle is inserted before the one that was posted after it. */
static void take_posted(struct loop *loop)
{
    struct inbox *inbox = &loop->inbox;
    struct link *link, *older, *next = &loop->ready;

    pthread_mutex_lock(&inbox->lock);
    atomic_store(&inbox->filled, false);
    link = inbox->posted.next;
    ring_init(&inbox->posted);
    pthread_mutex_unlock(&inbox->lock);
    for (; link != &inbox->posted; link = older) {
        older = link->next;
        ring_append(next, link);
        next = link;
    }
}

/* BaseSelectorEventLoop._read_from_self. The flag is cleared before the signals are
 * taken: a signal that comes after that writes another byte, and a signal that came
 * before it is taken here. */
static void read_wake(struct handle *h)
{
    struct inbox *inbox = container_of(h, struct inbox, reader);
    struct loop *loop = container_of(inbox, struct loop, inbox);
    char bytes[64];

    while (read(inbox->wake[0], bytes, sizeof bytes) == sizeof bytes)
        ; /* a short read has emptied the pipe */
    atomic_store(&inbox->woken, false);
    if (loop->take_signals != NULL)
        loop->take_signals(loop);
}

static void close_inbox(struct closer *closer)
{
    struct inbox *inbox = container_of(closer, struct inbox, closer);
    struct loop *loop = container_of(inbox, struct loop, inbox);

    pthread_mutex_lock(&inbox->lock);
    inbox->open = false; /* from here on, posts are refused */
    pthread_mutex_unlock(&inbox->lock);
    take_posted(loop);
    while (atomic_load(&inbox->writers) > 0)
        sched_yield(); /* a closed descriptor's number can be reused by another file */
    loop->watched++;   /* undoes the decrement in loop_open_inbox() */
    loop_remove_reader(loop, inbox->wake[0]);
    close(inbox->wake[0]);
    close(inbox->wake[1]);
}

static int open_pipe(int wake[2])
{
    if (pipe(wake) != 0)
        return errno;
    for (int i = 0; i < 2; i++) {
        fcntl(wake[i], F_SETFD, FD_CLOEXEC);
        fcntl(wake[i], F_SETFL, O_NONBLOCK);
    }
    return 0;
}

int loop_open_inbox(struct loop *loop)
{
    struct inbox *inbox = &loop->inbox;
    int err;

    if (loop->closed)
        return AIO_LOOP_CLOSED;
    if (inbox->open)
        return 0;
    err = open_pipe(inbox->wake);
    if (err != 0)
        return err;
    err = loop_add_reader(loop, inbox->wake[0], &inbox->reader, read_wake);
    if (err != 0) {
        close(inbox->wake[0]);
        close(inbox->wake[1]);
        return err;
    }
    loop->watched--; /* a busy loop reads the flags and need not poll for this pipe */
    loop->collect = take_posted;
    inbox->closer.close = close_inbox;
    loop_on_close(loop, &inbox->closer);
    pthread_mutex_lock(&inbox->lock);
    inbox->open = true;
    pthread_mutex_unlock(&inbox->lock);
    return 0;
}

/* Wakes the sleeping loop. The caller has added itself to `writers` under the lock, so
 * the pipe stays open. */
static int wake_and_leave(struct loop *loop)
{
    int err = write_wake(loop, &loop->inbox.asleep, true);

    loop->inbox.writers--; /* must be last: close_inbox() may go on now */
    return err;
}

int loop_call_soon_threadsafe(struct loop *loop, struct handle *h,
                              void (*fn)(struct handle *))
{
    struct inbox *inbox = &loop->inbox;
    bool asleep = false;
    int err;

    if (get_running_loop() == loop)
        return loop_call_soon(loop, h, fn);
    pthread_mutex_lock(&inbox->lock);
    err = !inbox->open ? AIO_LOOP_CLOSED : handle_scheduled(h) ? EBUSY : 0;
    if (err == 0) {
        h->fn = fn;
        h->link.next = inbox->posted.next;
        inbox->posted.next = &h->link;
        if (!atomic_load(&inbox->filled)) /* the loop reads it at each append */
            atomic_store(&inbox->filled, true);
        asleep = atomic_load(&inbox->asleep) && atomic_exchange(&inbox->asleep, false);
        inbox->writers += asleep;
    }
    pthread_mutex_unlock(&inbox->lock);
    return asleep ? wake_and_leave(loop) : err;
}

void handle_cancel_threadsafe(struct loop *loop, struct handle *h)
{
    take_posted(loop);
    handle_cancel(h);
}
