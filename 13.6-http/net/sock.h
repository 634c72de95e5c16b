/*
 * sock.h - non-blocking sockets on the loop. Every socket call of the workbook is in
 * sock.c, sock_connect.c and shelf/sock_listen.c, so that a simulated network can take
 * their place.
 *
 * A call is tried first; only when the system has nothing to give, or had nothing left
 * the last time, does the task wait for the descriptor. For reading it stays registered
 * with the selector from its first wait to its close. Next: stream.h.
 */
#ifndef SOCK_H
#define SOCK_H

#include "address.h"
#include "task.h"

struct sock {
    struct loop *loop;
    int fd; /* -1: closed, or not open yet */
    /* who waits; each is in the frame of the coroutine that waits, NULL: nobody */
    struct future *reader, *writer;
    /* what the selector calls */
    struct handle readable, writable;
    bool watched; /* `readable` is registered */
    bool drained; /* the last recv() emptied it: wait before the next one */
    size_t turn;  /* bytes read since it last gave the loop a turn */
};

/* An unopened socket: closing it does nothing. */
void sock_init(struct sock *sock, struct loop *loop);

/* A new TCP socket of the family, not connected: 0 or an errno value. */
int sock_open(struct sock *sock, struct loop *loop, int family);

/* Take over `fd`, open and connected: it becomes non-blocking and close-on-exec. */
void sock_adopt(struct sock *sock, struct loop *loop, int fd);

/* Close it; whoever waits at it gets ECONNABORTED. Harmless when closed. */
void sock_close(struct sock *sock);

/* Two connected sockets: 0 or an errno value. */
int sock_pair(struct sock pair[2], struct loop *loop);

/* A socket that listens on `address`, whose port 0 the system replaces by a free one.
 * 0 or an errno value. */
int sock_listen(struct sock *sock, struct loop *loop, struct address *address,
                int backlog);

/* The next connection that waits at `listener`: its descriptor, ready for sock_adopt(),
 * or -1 with errno, EAGAIN when there is none. */
int sock_accept(struct sock *listener);

/* Send what the system takes at once: the number of bytes, or -1 with errno (EAGAIN: it
 * takes none now). No SIGPIPE. */
ssize_t sock_send(struct sock *sock, const void *data, size_t n);

/* Say that nothing more will be sent: the peer reads the end. 0 or an errno value. */
int sock_shutdown(struct sock *sock);

/* loop.sock_connect(): open `sock` and connect it to `address`. Raises what connect()
 * says: ECONNREFUSED, ENETUNREACH, ...; the socket is closed then, as on a cancel. */
struct sock_connect {
    struct coro co;
    struct sock *sock;
    struct address address;
    struct future ready; /* what it waits at until the connection stands or fails */
};
struct coro *sock_connect(struct sock_connect *self, struct sock *sock,
                          const struct address *address);

/* Receive what is there, at most `room` bytes: their number, 0 at the end of the stream, or
 * -1 with errno, EAGAIN when there is nothing. */
ssize_t sock_recv_now(struct sock *sock, void *buffer, size_t room);

/* Wait until sock_recv_now() may find something: who may have to wait long needs no buffer
 * meanwhile. One reader at a time: EBUSY for a second. Raises ECONNABORTED when the socket
 * is closed meanwhile, EBADF before. */
struct sock_readable {
    struct coro co;
    struct sock *sock;
    struct future ready;
};
struct coro *sock_readable(struct sock_readable *self, struct sock *sock);

/* loop.sock_recv_into(): wait for bytes, at most `room`; `got` is their number, 0 at the
 * end of the stream. Raises what sock_readable() raises, and what recv() says:
 * ECONNRESET, ... */
struct sock_recv {
    struct coro co;
    struct sock *sock;
    void *buffer; /* the caller's */
    size_t room;
    struct sock_readable wait;
    size_t got; /* result */
};
struct coro *sock_recv(struct sock_recv *self, struct sock *sock, void *buffer,
                       size_t room);

#endif
