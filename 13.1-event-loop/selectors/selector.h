/*
 * selector.h - who asks the system which descriptors are ready.
 *
 * Each family of system calls is one small file behind these functions: poll and select
 * here, epoll and kqueue on the shelf. All tell the same story. Next: policy.h.
 */
#ifndef SELECTOR_H
#define SELECTOR_H

#if defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) || \
    defined(__OpenBSD__) || defined(__DragonFly__)
#define HAVE_KQUEUE 1
#endif

struct loop;

enum { EVENT_READ = 1, EVENT_WRITE = 2 };

struct selector {
    const char *name; /* what LOOP_SELECTOR= calls it */

    /* Make the state that the other functions get. 0 or an errno value. */
    int (*open)(void **state);
    void (*close)(void *state);

    /* Watch `fd` for `events` from now on, in place of `before`; 0 means not at all.
     * 0; or EBADF, ENOMEM, EPERM (no such waiting on this file), or EINVAL where the
     * family cannot hold so high a number (select). Taking back what a closed
     * descriptor left is never an error. */
    int (*watch)(void *state, int fd, int before, int events);

    /* Sleep until a descriptor is ready or `timeout` seconds have passed (< 0: for
     * ever), rounded up so that a timer is due after it. How many are ready; 0 when a
     * signal came between. */
    int (*wait)(void *state, double timeout);

    /* Tell loop_fd_ready() of each descriptor that the last wait found ready. */
    void (*report)(void *state, struct loop *loop);
};

extern const struct selector selector_poll;   /* POSIX, always there */
extern const struct selector selector_select; /* POSIX, descriptors below FD_SETSIZE */
extern const struct selector selector_epoll;  /* Linux */
extern const struct selector selector_kqueue; /* BSD, macOS, or libkqueue */

/* The selectors compiled in, the preferred one first; ended by NULL. */
extern const struct selector *const selectors[];

/* `timeout` for poll(2) and epoll_wait(2): whole milliseconds, rounded up, -1 for ever. */
int selector_milliseconds(double timeout);

/* On the shelf, poll_pieces.c: poll() for a table that is longer than the system takes at
 * once. As selector->wait(), but it may return earlier. */
struct pollfd;
int selector_poll_pieces(struct pollfd *fds, int count, double timeout);

#endif
