/* server.c - accepts connections, after asyncio's selector_events.py and
 * base_events.Server. Read on_acceptable() first. Next: client.h. */
#include "server.h"

#include <errno.h>

#define PAUSE_SECONDS 1.0 /* asyncio's ACCEPT_RETRY_DELAY */

static void on_acceptable(struct handle *h);

static const struct future_kind closed_kind = { .what = "a server to close",
                                                .cancel = future_end_cancelled };

/* Registers the listener with the selector. Returns 0 or an errno value. */
static int listen_again(struct server *server)
{
    return loop_add_reader(server->listener.loop, server->listener.fd,
                           &server->acceptable, on_acceptable);
}

static void on_resume(struct handle *h);

/* Descriptors or memory have run out. The connection stays in the system's queue,
 * where the selector would report it again and again, so the listener is unregistered
 * for a while. */
static void pause_accepting(struct server *server, int error)
{
    struct loop *loop = server->listener.loop;

    loop_call_exception_handler(loop, "socket.accept() out of system resource", error,
                                NULL);
    if (loop_call_later(loop, &server->resume, PAUSE_SECONDS, on_resume) == 0)
        loop_remove_reader(loop, server->listener.fd);
}

static void on_resume(struct handle *h)
{
    struct server *server = container_of(h, struct server, resume.handle);
    int err = listen_again(server);

    if (err != 0)
        pause_accepting(server, err);
}

/* Accepts up to SERVER_BACKLOG connections, so that other callbacks can run as well. */
static void on_acceptable(struct handle *h)
{
    struct server *server = container_of(h, struct server, acceptable);

    for (int i = 0; i < SERVER_BACKLOG && server->listener.fd >= 0; i++) {
        int fd = sock_accept(&server->listener);

        if (fd < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
                pause_accepting(server, errno);
            return;
        }
        server->live++;
        server->connected(server, fd);
    }
}

int server_start(struct server *server, struct loop *loop, const struct address *address,
                 void (*connected)(struct server *, int fd))
{
    int err;

    *server = (struct server){ .address = *address, .connected = connected };
    waiters_init(&server->closed_waiters);
    err = sock_listen(&server->listener, loop, &server->address, SERVER_BACKLOG);
    if (err != 0)
        return err;
    err = listen_again(server);
    if (err != 0)
        sock_close(&server->listener);
    return err;
}

/* Wakes the waiters when the server is closed and has no connection. */
static void wake_if_closed(struct server *server)
{
    while (server->live == 0 && server->listener.fd < 0 &&
           waiters_pop(&server->closed_waiters))
        ;
}

void server_close(struct server *server)
{
    timer_cancel(server->listener.loop, &server->resume);
    sock_close(&server->listener);
    wake_if_closed(server);
}

void server_detach(struct server *server)
{
    server->live--;
    wake_if_closed(server);
}

static co_status server_wait_closed_body(struct coro *co)
{
    struct server_wait_closed *self = co_self(co, struct server_wait_closed);
    struct server *server = self->server;
    int err;

    ASYNC (co) {
        if (server->live > 0 || server->listener.fd >= 0) {
            err = waiters_join(&server->closed_waiters, &self->waiter, &closed_kind);
            if (err != 0)
                return co_raise(co, err);
            AWAIT(&self->waiter.future);
        }

    FINALLY:
        waiter_leave(&self->waiter);
    }
    return co_done(co);
}

struct coro *server_wait_closed(struct server_wait_closed *self, struct server *server)
{
    self->server = server;
    self->waiter.link.next = NULL;
    return co_init(&self->co, server_wait_closed_body);
}
