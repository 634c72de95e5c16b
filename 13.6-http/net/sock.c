/* sock.c - the socket calls: repeats them after EINTR, and waits after EAGAIN. Next:
 * stream.h. */
#include "sock.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <unistd.h>

#ifndef SOCK_NONBLOCK /* from POSIX.1-2024; without them, two more calls set the flags */
#define SOCK_NONBLOCK 0
#define SOCK_CLOEXEC 0
#endif

/* After so many bytes, a reader that always finds data yields to the loop. */
enum { TURN_BYTES = 64 * 1024 };

static const struct future_kind readable_kind = { .what = "a readable socket",
                                                  .cancel = future_end_cancelled };

void sock_init(struct sock *sock, struct loop *loop)
{
    *sock = (struct sock){ .loop = loop, .fd = -1, .drained = true };
}

static void set_flags(int fd)
{
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
}

/* Disables Nagle's algorithm: a request is written in one piece and must not wait for
 * an acknowledgement. */
static void set_nodelay(int fd)
{
    int on = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void sock_adopt(struct sock *sock, struct loop *loop, int fd)
{
    sock_init(sock, loop);
    sock->fd = fd;
    set_flags(fd);
    set_nodelay(fd);
}

int sock_open(struct sock *sock, struct loop *loop, int family)
{
    sock_init(sock, loop);
    sock->fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (sock->fd < 0)
        return errno;
    if (SOCK_NONBLOCK == 0)
        set_flags(sock->fd);
    set_nodelay(sock->fd);
    return 0;
}

static void abort_waiter(struct future **waiter)
{
    if (*waiter != NULL)
        future_set_exception(*waiter, ECONNABORTED);
    *waiter = NULL;
}

void sock_close(struct sock *sock)
{
    if (sock->fd < 0)
        return;
    loop_remove_reader(sock->loop, sock->fd);
    loop_remove_writer(sock->loop, sock->fd);
    close(sock->fd);
    sock->fd = -1;
    abort_waiter(&sock->reader);
    abort_waiter(&sock->writer);
}

ssize_t sock_send(struct sock *sock, const void *data, size_t n)
{
    ssize_t sent;

    do {
        sent = send(sock->fd, data, n, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent;
}

int sock_shutdown(struct sock *sock)
{
    return shutdown(sock->fd, SHUT_WR) == 0 ? 0 : errno;
}

/* ---- waiting ---- */

/* Without a reader, the bytes stay in the socket and the selector would report them
 * again and again, so the socket is unregistered. */
static void on_readable(struct handle *h)
{
    struct sock *sock = container_of(h, struct sock, readable);

    sock->drained = false;
    if (sock->reader != NULL) {
        future_set_result(sock->reader, NULL);
        sock->reader = NULL;
    } else {
        loop_remove_reader(sock->loop, sock->fd);
        sock->watched = false;
    }
}

/* Makes `ready` the future that on_readable() completes. Returns 0 or an errno value. */
static int wait_readable(struct sock *sock, struct future *ready)
{
    int err = 0;

    if (sock->fd < 0)
        return EBADF;
    if (sock->reader != NULL)
        return EBUSY;
    if (!sock->watched)
        err = loop_add_reader(sock->loop, sock->fd, &sock->readable, on_readable);
    if (err != 0)
        return err;
    sock->watched = true;
    future_init_kind(ready, sock->loop, &readable_kind);
    sock->reader = ready;
    return 0;
}

ssize_t sock_recv_now(struct sock *sock, void *buffer, size_t room)
{
    ssize_t n;

    do {
        n = recv(sock->fd, buffer, room, 0);
    } while (n < 0 && errno == EINTR);
    sock->drained = n > 0 ? (size_t)n < room : n < 0 && errno == EAGAIN;
    if (n > 0)
        sock->turn += (size_t)n;
    if (n >= 0)
        handle_cancel(&sock->readable); /* a queued report is about these bytes */
    return n;
}

static co_status sock_readable_body(struct coro *co)
{
    struct sock_readable *self = co_self(co, struct sock_readable);
    struct sock *sock = self->sock;
    int err;

    ASYNC (co) {
        if (sock->turn >=
            TURN_BYTES) { /* before receiving, so that a cancel loses no byte */
            sock->turn = 0;
            YIELD();
        }
        while (sock->drained || sock->fd < 0) {
            err = wait_readable(sock, &self->ready);
            if (err != 0)
                return co_raise(co, err);
            AWAIT(&self->ready);
        }

    FINALLY:
        if (sock->reader == &self->ready)
            sock->reader = NULL;
    }
    return co_done(co);
}

struct coro *sock_readable(struct sock_readable *self, struct sock *sock)
{
    self->sock = sock;
    return co_init(&self->co, sock_readable_body);
}

static co_status sock_recv_body(struct coro *co)
{
    struct sock_recv *self = co_self(co, struct sock_recv);
    ssize_t n;

    ASYNC (co) {
        do {
            AWAIT(sock_readable(&self->wait, self->sock));
            n = sock_recv_now(self->sock, self->buffer, self->room);
            if (n < 0 && errno != EAGAIN)
                return co_raise(co, errno);
        } while (n < 0);
        self->got = (size_t)n;
    }
    return co_done(co);
}

struct coro *sock_recv(struct sock_recv *self, struct sock *sock, void *buffer,
                       size_t room)
{
    self->sock = sock;
    self->buffer = buffer;
    self->room = room;
    self->got = 0;
    return co_init(&self->co, sock_recv_body);
}

/* ---- connecting ---- */

static const struct future_kind writable_kind = { .what = "a writable socket",
                                                  .cancel = future_end_cancelled };

static void on_writable(struct handle *h)
{
    struct sock *sock = container_of(h, struct sock, writable);

    loop_remove_writer(sock->loop, sock->fd);
    if (sock->writer != NULL)
        future_set_result(sock->writer, NULL);
    sock->writer = NULL;
}

/* Makes `ready` the future that on_writable() completes. Returns 0 or an errno value. */
static int wait_writable(struct sock *sock, struct future *ready)
{
    int err = loop_add_writer(sock->loop, sock->fd, &sock->writable, on_writable);

    if (err != 0)
        return err;
    future_init_kind(ready, sock->loop, &writable_kind);
    sock->writer = ready;
    return 0;
}

/* Calls connect(). EINPROGRESS means that the socket becomes writable when the
 * connection succeeds or fails. */
static int start_connect(struct sock *sock, const struct address *address)
{
    int err = sock_open(sock, sock->loop, address->any.sa_family);

    if (err != 0)
        return err;
    if (connect(sock->fd, &address->any, address_size(address)) == 0)
        return 0;
    return errno == EINTR ? EINPROGRESS : errno;
}

/* Returns the result of a connect() that returned EINPROGRESS: 0 or an errno value. */
static int connect_error(const struct sock *sock)
{
    int err = 0;
    socklen_t size = sizeof err;

    return getsockopt(sock->fd, SOL_SOCKET, SO_ERROR, &err, &size) == 0 ? err : errno;
}

static co_status sock_connect_body(struct coro *co)
{
    struct sock_connect *self = co_self(co, struct sock_connect);
    struct sock *sock = self->sock;
    int err;

    ASYNC (co) {
        err = start_connect(sock, &self->address);
        if (err == EINPROGRESS) {
            err = wait_writable(sock, &self->ready);
            if (err != 0)
                return co_raise(co, err);
            AWAIT(&self->ready);
            err = connect_error(sock);
        }
        return co_raise(co, err);

    FINALLY:
        sock->writer = NULL;
        if (co->error != 0)
            sock_close(sock);
    }
    return co_done(co);
}

struct coro *sock_connect(struct sock_connect *self, struct sock *sock,
                          const struct address *address)
{
    self->sock = sock;
    self->address = *address;
    return co_init(&self->co, sock_connect_body);
}

/* ---- listening ---- */

int sock_pair(struct sock pair[2], struct loop *loop)
{
    int fds[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
        return errno;
    sock_adopt(&pair[0], loop, fds[0]);
    sock_adopt(&pair[1], loop, fds[1]);
    return 0;
}

int sock_listen(struct sock *sock, struct loop *loop, struct address *address,
                int backlog)
{
    socklen_t size = address_size(address);
    int on = 1, err = sock_open(sock, loop, address->any.sa_family);

    if (err != 0)
        return err;
    setsockopt(sock->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(sock->fd, &address->any, size) == 0 && listen(sock->fd, backlog) == 0 &&
        getsockname(sock->fd, &address->any, &size) == 0)
        return 0;
    err = errno;
    sock_close(sock);
    return err;
}

int sock_accept(struct sock *listener)
{
    int fd;

    do {
        fd = accept(listener->fd, NULL, NULL);
    } while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
    return fd;
}
