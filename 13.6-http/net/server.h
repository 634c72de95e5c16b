/*
 * server.h - asyncio's Server: listens, and passes each connection to a callback.
 *
 *     err = server_start(&server, loop, &address, on_connected);
 *
 * Call these functions on the loop's thread only. Next: message.h.
 */
#ifndef SERVER_H
#define SERVER_H

#include "sock.h"
#include "waiters.h"

enum { SERVER_BACKLOG = 100 }; /* as in asyncio: for listen(), and accepts per callback */

struct server {
    struct sock listener;
    struct address address;   /* listening address with the actual port */
    struct handle acceptable; /* called when a connection is pending */
    struct timer resume;      /* retries after the descriptors ran out */
    /* Called for each connection with its descriptor, which the callback then owns. */
    void (*connected)(struct server *server, int fd);
    int live;                      /* connections that are not detached yet */
    struct waiters closed_waiters; /* waiters of server_wait_closed() */
};

/* asyncio.start_server(): listens on `address`. For port 0 the system chooses a free
 * port, which is then in server->address. The caller owns the struct, which must not
 * move. Returns 0 or an errno value. */
int server_start(struct server *server, struct loop *loop, const struct address *address,
                 void (*connected)(struct server *, int fd));

/* Server.close(): accepts no more connections. The existing ones continue. Calling it
 * again does nothing. */
void server_close(struct server *server);

/* Reports that a connection has ended. The owner of its descriptor must do so once. */
void server_detach(struct server *server);

/* Server.wait_closed(): waits until the server is closed and its last connection has
 * ended. */
struct server_wait_closed {
    struct coro co;
    struct server *server;
    struct waiter waiter;
};
struct coro *server_wait_closed(struct server_wait_closed *self, struct server *server);

#endif
