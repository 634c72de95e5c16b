/*
 * selector.h - the interface to the system call that waits for descriptors.
 *
 * Four files implement struct selector, each with one family of system calls:
 * selector_poll.c, selector_select.c, selector_epoll.c, selector_kqueue.c. They behave
 * alike, and a loop can use any of them. A selector does not use the loop: report()
 * passes each ready descriptor to a function of the loop. Next: policy.h.
 */
#ifndef SELECTOR_H
#define SELECTOR_H

#if defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) || \
    defined(__OpenBSD__) || defined(__DragonFly__)
#define HAVE_KQUEUE 1
#endif

struct loop;

enum { EVENT_READ = 1, EVENT_WRITE = 2 };

/* The function that report() calls for a descriptor that is ready for `events`. */
typedef void selector_ready(struct loop *loop, int fd, int events);

struct selector {
    const char *name; /* its name in LOOP_SELECTOR= */

    /* Creates *state, which the caller passes to the other functions. Returns 0 or an
     * errno value. */
    int (*open)(void **state);

    /* Releases the state. */
    void (*close)(void *state);

    /* Changes the events for which `fd` is watched from `before` to `events`; 0 means
     * that `fd` is not watched. Returns 0, or an errno value: EBADF; ENOMEM; EPERM when
     * epoll cannot wait for this kind of file; EINVAL when `fd` is too high for select().
     * Removing the events of a descriptor that is already closed is not an error. */
    int (*watch)(void *state, int fd, int before, int events);

    /* Sleeps until a descriptor is ready or `timeout` seconds have passed (< 0: without
     * limit). The timeout is rounded up, so that a timer is due when the wait ends.
     * Returns a positive number when a descriptor is ready, otherwise 0. It can return 0
     * early, for example when a signal interrupts the wait. */
    int (*wait)(void *state, double timeout);

    /* Calls ready(loop, fd, events) for each descriptor that the last wait() found. */
    void (*report)(void *state, selector_ready *ready, struct loop *loop);
};

extern const struct selector selector_poll;   /* POSIX: always available */
extern const struct selector selector_select; /* POSIX: descriptors below FD_SETSIZE */
extern const struct selector selector_epoll;  /* Linux */
extern const struct selector selector_kqueue; /* BSD, macOS; elsewhere with libkqueue */

/* Converts `timeout` from seconds to whole milliseconds, for the system call: rounded up,
 * at most INT_MAX. Returns -1, which means no limit, when `timeout` is negative. */
int selector_milliseconds(double timeout);

#endif
