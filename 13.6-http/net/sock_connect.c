/* sock_connect.c - connecting: the answer comes when the socket is writable. */
#include <errno.h>
#include <unistd.h>

#include "sock.h"

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

static int wait_writable(struct sock *sock, struct future *ready)
{
    int err = loop_add_writer(sock->loop, sock->fd, &sock->writable, on_writable);

    if (err != 0)
        return err;
    future_init_kind(ready, sock->loop, &writable_kind);
    sock->writer = ready;
    return 0;
}

/* connect() of a socket that does not block: the answer comes when it is writable. */
static int start_connect(struct sock *sock, const struct address *address)
{
    int err = sock_open(sock, sock->loop, address->any.sa_family);

    if (err != 0)
        return err;
    if (connect(sock->fd, &address->any, address_size(address)) == 0)
        return 0;
    return errno == EINTR ? EINPROGRESS : errno;
}

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
