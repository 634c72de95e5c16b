/*
 * http_connection.h - one connection of an HTTP server: a task that answers its requests
 * in order. Only http_server.c uses it.
 *
 * A request in progress needs a transaction: its head, its body, its reply. A connection
 * that waits for the next request has none. It has put the transaction on the server's
 * stack of spare ones, where the next connection that receives bytes finds it, still in
 * the cache. So ten thousand idle connections cost only this struct each, and a request
 * costs no malloc. (Streams share their receive buffers in the same way.) Next:
 * http_connection.c.
 */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include "http_server.h"
#include "sleep.h"

enum http_stage { HTTP_IDLE, HTTP_READING, HTTP_ANSWERING, HTTP_SENDING };

struct http_transaction {
    struct http_transaction *next; /* among the server's spare ones */
    /* the request */
    struct http_head head;
    ssize_t size; /* bytes of the head; 0: not complete; below 0: malformed */
    struct http_body body;
    const struct http_route *route; /* the row that answers, or NULL */
    int refusal;                    /* the status that refuses the request, or 0 */
    bool unread;       /* the body's end will not be read: no request can follow */
    size_t body_max;   /* bytes of the body that are read */
    double body_began; /* in loop time */
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
    struct task task;    /* first: the loop frees the block */
    struct handle ended; /* called when the task is done */
    struct coro co;
    struct http_server *server;
    struct link link; /* its place in server->connections */
    struct stream stream;
    struct stream_fill fill;
    struct http_transaction *transaction; /* NULL: waits for a request */
    enum http_stage stage;
    bool linger; /* bytes may arrive that are not read */
    /* the deadline */
    struct timer timer;
    double deadline; /* when the peer is given up, in loop time; 0: not now */
    off_t progress;  /* bytes sent when the timer fired last */
};

/* Serves `fd`, a connected socket, which the connection owns. Returns 0, or ENOMEM: then
 * `fd` is still the caller's. When the connection has ended it calls server_detach() and
 * frees itself. */
int http_connection_start(struct http_server *server, int fd);

/* Frees the server's spare transactions. */
void http_connection_free_spares(struct http_server *server);

#endif
