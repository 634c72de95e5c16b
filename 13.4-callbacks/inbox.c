/*
 * inbox.c - the inbox: a mutex, a ring of posted handles, a pipe that wakes.
 *
 * A byte is written only when none lies in the pipe (`woken`), so the pipe never fills. It
 * is written when the mutex has been let go: the loop, once awake, wants it next.
 * The byte is taken out first, then `woken` is cleared, then the ring is emptied: what is
 * posted in between is either found now or writes a byte of its own.
 */
#include "inbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

static int write_wake(struct loop *loop)
{
    int saved = errno, err = 0;

    if (write(loop->inbox.wake[1], "", 1) != 1 && errno != EAGAIN) {
        err = errno;
        atomic_store(&loop->inbox.woken, false); /* the next one is told, too */
    }
    errno = saved; /* a signal handler may call this in the middle of anything */
    return err;
}

int loop_wake(struct loop *loop)
{
    return atomic_exchange(&loop->inbox.woken, true) ? 0 : write_wake(loop);
}

/* A byte in the pipe says that there may be posts. */
static void take_posted(struct loop *loop)
{
    pthread_mutex_lock(&loop->inbox.lock);
    ring_splice(&loop->ready, &loop->inbox.posted);
    pthread_mutex_unlock(&loop->inbox.lock);
}

/* BaseSelectorEventLoop._read_from_self. */
static void read_wake(struct handle *h)
{
    struct inbox *inbox = container_of(h, struct inbox, reader);
    struct loop *loop = container_of(inbox, struct loop, inbox);
    char bytes[64];

    while (read(inbox->wake[0], bytes, sizeof bytes) == sizeof bytes)
        ; /* less than asked for is all that there was */
    atomic_store(&inbox->woken, false);
    take_posted(loop);
    if (loop->take_signals != NULL)
        loop->take_signals(loop);
}

static void close_inbox(struct closer *closer)
{
    struct inbox *inbox = container_of(closer, struct inbox, closer);
    struct loop *loop = container_of(inbox, struct loop, inbox);

    pthread_mutex_lock(&inbox->lock);
    inbox->open = false; /* from here on posts are refused */
    while (!ring_empty(&inbox->posted))
        ring_remove(inbox->posted.next);
    pthread_mutex_unlock(&inbox->lock);
    while (atomic_load(&inbox->writers) > 0)
        sched_yield(); /* once closed, the descriptor may be somebody else's */
    loop->watched++;   /* see loop_open_inbox() */
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
    loop->watched--; /* `woken` tells of this descriptor: no need to poll for it alone */
    loop->collect = take_posted;
    inbox->closer.close = close_inbox;
    loop_on_close(loop, &inbox->closer);
    pthread_mutex_lock(&inbox->lock);
    inbox->open = true;
    pthread_mutex_unlock(&inbox->lock);
    return 0;
}

/* Wake the loop, for whoever was counted as a writer under the lock. */
static int knock(struct loop *loop)
{
    int err = write_wake(loop);

    loop->inbox.writers--; /* the last word: now the loop may be closed */
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
        ring_append(&inbox->posted, &h->link);
        asleep = !atomic_exchange(&inbox->woken, true);
        inbox->writers += asleep;
    }
    pthread_mutex_unlock(&inbox->lock);
    return asleep ? knock(loop) : err;
}

void handle_cancel_threadsafe(struct loop *loop, struct handle *h)
{
    pthread_mutex_lock(&loop->inbox.lock);
    handle_cancel(h);
    pthread_mutex_unlock(&loop->inbox.lock);
}
