/*
 * http_connection.h - one connection of an HTTP server: a task that answers its requests
 * in order. Only http_server.c uses it.
 *
 * A request in progress needs a transaction: its head, its body, its reply. A connection
 * that waits for the next request has none: it has put its transaction on the server's
 * stack of spare ones. The next connection that receives bytes takes the transaction from
 * there, while its memory is still in the processor's cache. So each of ten thousand idle
 * connections costs only a struct http_connection, and a request without a body usually
 * needs no malloc(). Streams share their receive buffers in the same way. Next:
 * http_connection.c.
 */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include "http_server.h"
#include "sleep.h"

enum http_stage { HTTP_IDLE, HTTP_READING, HTTP_ANSWERING, HTTP_SENDING };

struct http_transaction {
    struct http_transaction *next; /* the next one on the server's stack of spare ones */
    /* the request */
    struct http_head head;
    ssize_t size; /* bytes of the head; 0: not complete; below 0: malformed */
    struct http_body body;
    const struct http_route *route; /* the row that answers, or NULL */
    int refusal;                    /* the status that refuses the request, or 0 */
    bool unread;       /* the rest of the body is not read: no request can follow */
    size_t body_max;   /* bytes of the body that are read, at most */
    double body_began; /* loop time at which the body began */
    char *kept;        /* a copy of the head's bytes if a body follows; owned */
    char *content;     /* the body so far, if the route takes one; owned */
    size_t content_n, content_room;
    /* the answer */
    struct http_reply reply;
    struct http_manner manner;
    char allow[HTTP_ALLOW_MAX];
    struct async_sleep sleep;
    struct http_send send;
};

struct http_connection {
    struct task task;    /* must be first: the loop frees the task, and so the block */
    struct handle ended; /* called when the task is done */
    struct coro co;
    struct http_server *server;
    struct link link; /* its place in server->connections */
    struct stream stream;
    struct stream_fill fill;
    struct http_transaction *transaction; /* NULL: waits for a request */
    enum http_stage stage;
    bool linger; /* before the close, drop the bytes that still arrive */
    /* the deadline */
    struct timer timer;
    double deadline; /* when a slow connection is closed, in loop time; 0: none */
    off_t progress;  /* bytes of the body sent before the last deadline */
};

/* Serves `fd`, a connected socket, in a new task. Returns 0, and the connection owns
 * `fd`; or ENOMEM, and the caller still owns it. A connection that ends calls
 * server_detach() and frees itself. */
int http_connection_start(struct http_server *server, int fd);

/* Frees the server's spare transactions. */
void http_connection_free_spares(struct http_server *server);

#endif
