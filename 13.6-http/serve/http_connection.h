/*
 * http_connection.h - one connection, for the files of the HTTP server only.
 *
 * What a connection needs while it works on a request is its desk: the head and the
 * reply. (The bytes that come in are in a buffer that streams share in the same way.) One
 * that waits for its next request has none: the desk lies on the server's stack of spare
 * ones, and the next connection to hear from its client takes it, warm as it is. So ten
 * thousand idle connections cost their structs only, and a request costs no malloc. Read
 * next: http_server.c, then http_desk.c.
 */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include "http_server.h"
#include "sleep.h"

enum { HTTP_ALLOW_MAX = 128 };

enum http_stage { HTTP_IDLE, HTTP_READING, HTTP_ANSWERING, HTTP_SENDING };

struct http_desk {
    struct http_desk *next; /* among server->spare */
    /* the present request */
    struct http_head head;
    ssize_t size; /* bytes of the head, 0: not complete */
    struct http_body body;
    const struct http_route *route; /* who answers, NULL: nobody */
    int refusal;                    /* the status that refuses it, or 0 */
    bool unread;                    /* its end will not be seen: no other can follow */
    size_t body_max;                /* bytes of its body that are read */
    double body_began;              /* in loop time */
    char *kept;                     /* its head's bytes if a body comes; owned */
    char *content;                  /* its body so far, owned, if somebody takes it */
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
    struct link link; /* its place among server->connections */
    struct stream stream;
    struct stream_fill fill;
    struct http_desk *desk; /* NULL: it has none */
    enum http_stage stage;
    bool linger; /* bytes may come that nobody reads */
    /* the clock */
    struct timer timer;
    double deadline; /* when it is given up, in loop time; 0: not now */
    off_t progress;  /* what was sent when the timer looked last */
};

/* Give the peer `seconds` from now; or for a body the time that what has come of it
 * buys. */
void http_allow(struct http_connection *self, double seconds);
void http_allow_body(struct http_connection *self);

/* Give it a desk, unless it has one. False: no memory. */
bool http_desk_take(struct http_connection *self);

/* The request is done with: let go of what it held, and be ready for the next. */
void http_desk_clear(struct http_desk *desk);

/* Nothing is there to read: clear the desk and put it and the buffer back. */
void http_desk_return(struct http_connection *self);

/* Free the spare ones. */
void http_desk_free_all(struct http_server *server);

/* The head is read, or malformed: what is to become of the request? Sets desk->refusal or
 * desk->route, desk->body_max, and desk->manner. The head stays in the stream. */
void http_decide(struct http_connection *self);

/* Let the handler answer, or the refusal, in desk->reply. */
void http_answer(struct http_connection *self);

/* The row that answers, or NULL and what Allow says: "" when no row fits the path. */
const struct http_route *http_route(const struct http_route *routes, struct span method,
                                    struct span path, char allow[HTTP_ALLOW_MAX]);

/* A body follows that is to be read: move the head out of its way, and say 100 (Continue)
 * to who waits for that. */
void http_body_begin(struct http_connection *self);

/* Take, or drop, what has come of it. True: that was all, or there is to be no more, with
 * desk->unread and desk->refusal set. */
bool http_body_in(struct http_connection *self);

#endif
