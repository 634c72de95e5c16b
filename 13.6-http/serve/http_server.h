/*
 * http_server.h - an HTTP/1.1 server: one task for each connection, and a table of plain
 * functions that answer the requests.
 *
 *     static const struct http_route routes[] = { { "GET", "/", hello, 0 }, { 0 } };
 *
 *     server.routes = routes;
 *     err = http_server_start(&server, loop, &address);
 *
 * The body of a request is collected for a handler that takes one, up to its limit. Other
 * bodies are read and dropped when small, and refused when large. The limits below bound
 * what a slow or greedy client can take. All functions are for the loop's thread. Next:
 * http_server.c.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http_reply.h"
#include "server.h"

#define HTTP_HEAD_SECONDS 30.0  /* for a head, from its first byte on */
#define HTTP_BODY_SECONDS 30.0  /* for a body, plus 1 s for each HTTP_PACE bytes read */
#define HTTP_IDLE_SECONDS 60.0  /* until the next request begins */
#define HTTP_SEND_SECONDS 60.0  /* in each 60 s the peer must accept 6,000 bytes */
#define HTTP_LINGER_SECONDS 2.0 /* to drop input after the last answer */

enum {
    HTTP_PACE = 100, /* bytes a second, at least */
    HTTP_DROP_MAX =
        64 * 1024,        /* bytes of a body that are read although no route takes it */
    HTTP_ALLOW_MAX = 128, /* room for the value of Allow */
    HTTP_SPARE_MAX = 32   /* spare transactions, see http_connection.h */
};

struct http_server;
struct http_transaction;

struct http_request { /* good until the handler returns */
    const struct http_head *head;
    struct span path;  /* begins with '/'; neither decoded nor normalised */
    struct span query; /* what follows '?', or empty */
    struct span body;  /* all of it; empty for a handler that takes none */
};

/* A handler: fills in `reply`, which is an empty 200. It must not block; reply->delay
 * delays the answer. */
typedef void http_handler(struct http_server *server, const struct http_request *request,
                          struct http_reply *reply);

struct http_route {
    const char *method; /* in capitals; a GET answers HEAD too, without its body */
    const char *path;   /* "/a" matches this path, "/a/" all that begin with it */
    http_handler *answer;
    size_t body_max; /* bytes of a request's body that it takes; more is a 413 */
};

struct http_server {
    struct server server; /* accepts the connections; has the address */
    /* The first row that matches is used. A row without a path ends the table. The reply
     * is 404 when no row has the path, and 405 with Allow when rows have the path but
     * none of them has the method. When `routes` is NULL, `answer` handles each GET. */
    const struct http_route *routes;
    http_handler *answer;
    /* Called for every reply before it is sent; `request` is NULL for a refused head.
     * May be NULL. */
    void (*log)(struct http_server *server, const struct http_request *request,
                const struct http_reply *reply);
    double latency; /* seconds by which each answer is delayed */
    void *context;  /* for the functions above */
    /* private */
    struct link connections;        /* struct http_connection, in order of arrival */
    struct http_transaction *spare; /* a stack of unused transactions */
    int spares;                     /* their number */
    struct http_route any[2];       /* the table when `routes` is NULL */
    bool closing;
    time_t now; /* the time of which `date` is the text, in seconds */
    char date[HTTP_DATE_SIZE];
};

/* Listens on `address`. Port 0 means any free port; server->server.address holds the one
 * that was chosen. The caller sets the public fields first; the struct must not move.
 * Returns 0 or an errno value. */
int http_server_start(struct http_server *server, struct loop *loop,
                      const struct address *address);

/* Serves `fd`, a connected socket, which the server owns from now on. */
void http_server_adopt(struct http_server *server, int fd);

/* Server.close(): accepts no connection and no request any more. Idle connections are
 * closed now, the others when their answer is sent. A second call does nothing. */
void http_server_close(struct http_server *server);

/* Server.close_clients(): closes every connection now, except those that are sending an
 * answer: these finish it. Server.abort_clients(): closes these too. Both can be called
 * at any time. New connections are still accepted unless http_server_close() was called
 * before. */
void http_server_close_clients(struct http_server *server);
void http_server_abort_clients(struct http_server *server);

/* Server.wait_closed(): waits until all connections have ended. */
static inline struct coro *http_server_wait_closed(struct server_wait_closed *self,
                                                   struct http_server *server)
{
    return server_wait_closed(self, &server->server);
}

/* Returns the row that is used for a request, or NULL. After NULL, `allow` holds the
 * methods of the rows that match the path, in the format of the Allow field, or "" when
 * no row does. */
const struct http_route *http_route(const struct http_route *routes, struct span method,
                                    struct span path, char allow[HTTP_ALLOW_MAX]);

#endif
