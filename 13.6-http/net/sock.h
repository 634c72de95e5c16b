/*
 * sock.h - non-blocking sockets on the loop.
 *
 *     AWAIT(sock_connect(&self->connect, &sock, &address));
 *     AWAIT(sock_recv(&self->recv, &sock, buffer, sizeof buffer));
 *
 * Every socket call of the workbook is in sock.c, so that a simulated network can replace
 * it. A receive tries the system call first, unless the socket is new or the last recv()
 * emptied it: then the task waits until the descriptor is readable. After such a wait the
 * socket stays registered with the selector, until it is closed or becomes readable while
 * no task waits. Call these functions on the loop's thread only. Next: stream.h.
 */
#ifndef SOCK_H
#define SOCK_H

#include "address.h"
#include "task.h"

struct sock {
    struct loop *loop;
    int fd; /* -1: closed, or not opened yet */
    /* the waiting coroutines' futures, in their frames; NULL: no coroutine waits */
    struct future *reader, *writer;
    /* called when the descriptor is readable, writable */
    struct handle readable, writable;
    bool watched; /* `readable` is registered with the selector */
    bool drained; /* new, or emptied by the last recv(): wait before the next */
    size_t turn;  /* bytes received; at 64 KiB the reader yields and counts from 0 */
};

/* Initializes a socket without a descriptor. Closing such a socket does nothing. */
void sock_init(struct sock *sock, struct loop *loop);

/* Opens an unconnected stream socket of `family`. Returns 0 or an errno value. */
int sock_open(struct sock *sock, struct loop *loop, int family);

/* Takes ownership of `fd`, an open and connected socket, and makes it non-blocking and
 * close-on-exec. */
void sock_adopt(struct sock *sock, struct loop *loop, int fd);

/* Closes the socket. Tasks that wait for it get ECONNABORTED. Calling it on a closed
 * socket does nothing. */
void sock_close(struct sock *sock);

/* Opens two connected sockets. Returns 0 or an errno value. */
int sock_pair(struct sock pair[2], struct loop *loop);

/* Opens a socket that listens on `address`. For port 0 the system chooses a free port,
 * which the function stores in `address`. Returns 0 or an errno value. */
int sock_listen(struct sock *sock, struct loop *loop, struct address *address,
                int backlog);

/* Accepts the next pending connection of `listener`. Returns its descriptor, which
 * sock_adopt() can take, or -1 with errno set: EAGAIN when no connection is pending. */
int sock_accept(struct sock *listener);

/* Sends as many of the `n` bytes as the system takes now, without SIGPIPE. Returns
 * their number, or -1 with errno set: EAGAIN when the system takes none now. */
ssize_t sock_send(struct sock *sock, const void *data, size_t n);

/* Shuts down the sending side: the peer then reads the end of the stream. Returns 0 or
 * an errno value. */
int sock_shutdown(struct sock *sock);

/* loop.sock_connect(): opens `sock` and connects it to `address`. Raises the errors of
 * socket() and connect(): ECONNREFUSED, ENETUNREACH, ... After an error or a cancel, the
 * socket is closed. */
struct sock_connect {
    struct coro co;
    struct sock *sock;
    struct address address;
    struct future ready; /* pending until the connection succeeds or fails */
};
struct coro *sock_connect(struct sock_connect *self, struct sock *sock,
                          const struct address *address);

/* Receives the available bytes, at most `room`. Returns their number, 0 at the end of
 * the stream, or -1 with errno set: EAGAIN when there are none. */
ssize_t sock_recv_now(struct sock *sock, void *buffer, size_t room);

/* Waits until sock_recv_now() is likely to succeed. The wait needs no buffer, so a task
 * can allocate one afterwards. Raises EBUSY when another task waits already; EBADF when
 * the socket is closed; ECONNABORTED when it is closed during the wait. */
struct sock_readable {
    struct coro co;
    struct sock *sock;
    struct future ready;
};
struct coro *sock_readable(struct sock_readable *self, struct sock *sock);

/* loop.sock_recv_into(): waits for bytes and receives at most `room`. `got` is their
 * number, 0 at the end of the stream. Raises the errors of sock_readable() and of
 * recv(): ECONNRESET, ... */
struct sock_recv {
    struct coro co;
    struct sock *sock;
    void *buffer; /* owned by the caller */
    size_t room;
    struct sock_readable wait;
    size_t got; /* result */
};
struct coro *sock_recv(struct sock_recv *self, struct sock *sock, void *buffer,
                       size_t room);

#endif
