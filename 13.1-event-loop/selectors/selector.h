/*
 * selector.h - the interface to the system call that waits for descriptors.
 *
 * Each family of system calls is one file behind these functions: selector_poll.c,
 * selector_select.c, selector_epoll.c, selector_kqueue.c. They behave alike, and a loop
 * can use any of them. A selector knows nothing of the loop: it hands what it has found
 * to a function. Next: policy.h.
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

    /* Creates the state that the other functions are given. Returns 0 or an errno
     * value. */
    int (*open)(void **state);

    /* Releases the state. */
    void (*close)(void *state);

    /* Watches `fd` for `events` from now on, instead of for `before`; 0 stands for no
     * events. Returns 0, or an errno value: EBADF; ENOMEM; EPERM when this kind of file
     * cannot be waited for; EINVAL when the number is too high for the family (select).
     * Removing the events of a descriptor that is already closed is not an error. */
    int (*watch)(void *state, int fd, int before, int events);

    /* Sleeps until a descriptor is ready or `timeout` seconds have passed (< 0: without
     * limit). The timeout is rounded up, so that a timer is due when the wait ends.
     * Returns the number of ready descriptors; 0 also when a signal interrupted it. */
    int (*wait)(void *state, double timeout);

    /* Calls ready(loop, fd, events) for each descriptor that the last wait() found. */
    void (*report)(void *state, selector_ready *ready, struct loop *loop);
};

extern const struct selector selector_poll;   /* POSIX: always available */
extern const struct selector selector_select; /* POSIX: descriptors below FD_SETSIZE */
extern const struct selector selector_epoll;  /* Linux */
extern const struct selector selector_kqueue; /* BSD and macOS, or with libkqueue */

/* Converts `timeout` in seconds for poll(2) and epoll_wait(2): to whole milliseconds,
 * rounded up; -1 for a wait without limit. */
int selector_milliseconds(double timeout);

#endif
