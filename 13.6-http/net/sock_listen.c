/* sock_listen.c - the socket calls that open the other side: listen, accept, and a pair. */
#include <errno.h>

#include "sock.h"

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
