/*
 * server.h - asyncio's Server: a socket that listens, and what becomes of those who come.
 *
 * Next: shelf/http_server.h speaks HTTP to them.
 */
#ifndef SERVER_H
#define SERVER_H

#include "sock.h"
#include "waiters.h"

enum { SERVER_BACKLOG = 100 }; /* asyncio's: connections accepted in one go */

struct server {
    struct sock listener;
    struct address address;   /* where it listens; the port that the system chose */
    struct handle acceptable; /* called when somebody wants in */
    struct timer resume;      /* when descriptors had run out: try again */
    /* Called for each connection with its descriptor, which is the callee's now. */
    void (*connected)(struct server *server, int fd);
    int live;                      /* connections that have not been detached */
    struct waiters closed_waiters; /* server_wait_closed frames */
};

/* asyncio.start_server(): listen on `address` (port 0: any free one, see
 * server->address). The struct is the caller's and must not move. 0 or an errno value. */
int server_start(struct server *server, struct loop *loop, const struct address *address,
                 void (*connected)(struct server *, int fd));

/* Server.close(): no more connections; those that live go on. Harmless twice. */
void server_close(struct server *server);

/* Said by the callee of `connected` when its connection has ended. */
void server_detach(struct server *server);

/* Server.wait_closed(): until the server is closed and its last connection has ended. */
struct server_wait_closed {
    struct coro co;
    struct server *server;
    struct waiter waiter;
};
struct coro *server_wait_closed(struct server_wait_closed *self, struct server *server);

#endif
