/*
 * http_connection.h - one connection, for http_server.c and http_decide.c only.
 */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include "http_server.h"
#include "sleep.h"

enum http_stage { HTTP_IDLE, HTTP_READING, HTTP_ANSWERING, HTTP_SENDING };

struct http_connection {
    struct task task;    /* first: the loop frees the block */
    struct handle ended; /* called when the task is done */
    struct coro co;
    struct http_server *server;
    struct link link; /* its place among server->connections */
    struct stream stream;
    enum http_stage stage;
    /* the clock */
    struct timer timer;
    double deadline; /* when it is given up, in loop time; 0: not now */
    off_t progress;  /* what was sent when the timer looked last */
    /* the present request */
    struct http_head head;
    struct http_body body;
    ssize_t size; /* bytes of the head, 0: not complete */
    struct http_reply reply;
    struct http_manner manner;
    bool drop;   /* its body is to be read */
    bool linger; /* bytes may come that nobody reads */
    /* what it awaits, one at a time */
    struct stream_fill fill;
    struct async_sleep sleep;
    struct http_send send;
};

/* The head is read: decide what to answer, in self->reply, and how, in self->manner; the
 * head is gone from the stream then. */
void http_decide(struct http_connection *self);

#endif
