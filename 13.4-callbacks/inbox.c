/*
 * inbox.c - the inbox: a mutex, a chain of posted handles, a pipe that wakes.
 *
 * Who posts says so (`filled`) and then looks whether the loop sleeps; the loop says that
 * it falls `asleep` and then looks whether there are posts: one of the two sees the
 * other. So only the first post of a sleep writes a byte, and while the loop is busy none
 * does. It is written when the mutex has been let go: the loop, once awake, wants it
 * next.
 */
#include "inbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

/* Wake the loop, on behalf of a flag: on failure it is as it was before, so that the next
 * one is told, too. A signal handler may call this in the middle of anything. */
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

/* Move what was posted to the end of the ready queue. The chain has the newest first:
 * each goes before the one that was posted after it. */
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

/* BaseSelectorEventLoop._read_from_self. A signal that comes after the flag was cleared
 * writes a byte of its own; one that came before is taken. */
static void read_wake(struct handle *h)
{
    struct inbox *inbox = container_of(h, struct inbox, reader);
    struct loop *loop = container_of(inbox, struct loop, inbox);
    char bytes[64];

    while (read(inbox->wake[0], bytes, sizeof bytes) == sizeof bytes)
        ; /* less than asked for is all that there was */
    atomic_store(&inbox->woken, false);
    if (loop->take_signals != NULL)
        loop->take_signals(loop);
}

static void close_inbox(struct closer *closer)
{
    struct inbox *inbox = container_of(closer, struct inbox, closer);
    struct loop *loop = container_of(inbox, struct loop, inbox);

    pthread_mutex_lock(&inbox->lock);
    inbox->open = false; /* from here on posts are refused */
    pthread_mutex_unlock(&inbox->lock);
    take_posted(loop);
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
    loop->watched--; /* flags tell of this descriptor: no need to poll for it alone */
    loop->collect = take_posted;
    inbox->closer.close = close_inbox;
    loop_on_close(loop, &inbox->closer);
    pthread_mutex_lock(&inbox->lock);
    inbox->open = true;
    pthread_mutex_unlock(&inbox->lock);
    return 0;
}

/* Wakes the sleeping loop. The caller was counted in `writers` under the lock. */
static int wake_and_leave(struct loop *loop)
{
    int err = write_wake(loop, &loop->inbox.asleep, true);

    loop->inbox.writers--; /* must come last: then close_inbox() goes on */
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
        if (!atomic_load(&inbox->filled)) /* the loop looks at it at each append */
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
