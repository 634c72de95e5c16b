/*
 * http_server.h - HTTP/1.1 for those who connect: one task for each, requests in order,
 * one plain function that answers them.
 *
 * Only GET and HEAD are known. A request's body is read and dropped when it is small, and
 * refused otherwise. Bounds against slow and greedy clients are below. Read next:
 * http_server.c; then static_files.h, which answers from a folder.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http_reply.h"
#include "server.h"

/* Seconds: for a head or a body to arrive; for the next request to begin; between two
 * looks at a peer that has to take some of the answer in between; to read what still
 * comes after an answer that closes. */
#define HTTP_HEAD_SECONDS 30.0
#define HTTP_IDLE_SECONDS 60.0
#define HTTP_SEND_SECONDS 60.0
#define HTTP_LINGER_SECONDS 2.0

enum {
    HTTP_DROP_MAX = 64 * 1024
}; /* bytes of a request body that are read and dropped */

struct http_request { /* good until `answer` returns */
    const struct http_head *head;
    struct span path;  /* begins with '/'; neither decoded nor normalised */
    struct span query; /* what follows '?', or empty */
};

struct http_server {
    struct server server; /* address, accepting, wait_closed */
    /* Fills in `reply`, an empty 200 before. Must not wait: see reply->delay. */
    void (*answer)(struct http_server *server, const struct http_request *request,
                   struct http_reply *reply);
    /* Told of every reply before it is sent; `request` is NULL for a refused head. May be
     * NULL. */
    void (*log)(struct http_server *server, const struct http_request *request,
                const struct http_reply *reply);
    double latency; /* seconds by which each answer is delayed */
    void *context;  /* for the two functions above */
    /* its own */
    struct link connections; /* struct http_connection, in order of arrival */
    bool closing;
    time_t now; /* the second that `date` spells */
    char date[HTTP_DATE_SIZE];
};

/* Listen on `address` (port 0: any free one, then in server->server.address). The fields
 * above "its own" are set by the caller, before; the struct must not move. 0 or an errno
 * value. */
int http_server_start(struct http_server *server, struct loop *loop,
                      const struct address *address);

/* Speak HTTP on `fd`, a connected socket that is the server's from now on. */
void http_server_adopt(struct http_server *server, int fd);

/* No more connections and no more requests: idle connections are closed now, the others
 * when their answer is sent. Harmless twice. */
void http_server_close(struct http_server *server);

/* Server.close_clients(): close every connection now, but for those that are sending an
 * answer, which finish it. Server.abort_clients(): close them too. Harmless at any time; to
 * end soon, call http_server_close() first. */
void http_server_close_clients(struct http_server *server);
void http_server_abort_clients(struct http_server *server);

/* Until all are: server_wait_closed(). */
static inline struct coro *http_server_wait_closed(struct server_wait_closed *self,
                                                   struct http_server *server)
{
    return server_wait_closed(self, &server->server);
}

#endif
