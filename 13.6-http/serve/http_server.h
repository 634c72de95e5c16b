/*
 * http_server.h - HTTP/1.1 for those who connect: one task for each, requests in order,
 * and a table of plain functions that answer them.
 *
 * A request's body is collected for a handler that takes one, up to its limit; else it is
 * read and dropped when it is small, and refused otherwise. Bounds against slow and
 * greedy clients are below. Read next: http_server.c; then static_files.h, which answers
 * from a folder.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http_reply.h"
#include "server.h"

/* Seconds: for a head to arrive, from its first byte on; for a body, and a second more
 * for each HTTP_PACE bytes of it that have come; for the next request to begin; between
 * two looks at a peer that has to take HTTP_PACE bytes a second of the answer in
 * between; to read what still comes after an answer that closes. */
#define HTTP_HEAD_SECONDS 30.0
#define HTTP_BODY_SECONDS 30.0
#define HTTP_IDLE_SECONDS 60.0
#define HTTP_SEND_SECONDS 60.0
#define HTTP_LINGER_SECONDS 2.0

enum {
    HTTP_PACE = 100,           /* bytes a second, at least */
    HTTP_DROP_MAX = 64 * 1024, /* bytes of a body that nobody takes, yet are read */
    HTTP_SPARE_MAX = 32 /* desks kept for the next request, see http_connection.h */
};

struct http_server;
struct http_desk;

struct http_request { /* good until the handler returns */
    const struct http_head *head;
    struct span path;  /* begins with '/'; neither decoded nor normalised */
    struct span query; /* what follows '?', or empty */
    struct span body;  /* all of it; empty for a handler that takes none */
};

/* Fills in `reply`, an empty 200 before. Must not wait: see reply->delay. */
typedef void http_handler(struct http_server *server, const struct http_request *request,
                          struct http_reply *reply);

struct http_route {
    const char *method; /* in capitals; a GET answers HEAD too, without its body */
    const char *path;   /* "/a" is this path, "/a/" every path that begins so */
    http_handler *answer;
    size_t body_max; /* bytes of a request's body that it takes: beyond is a 413 */
};

struct http_server {
    struct server server; /* address, accepting, wait_closed */
    /* The first row that fits answers; ended by a row without a path. No path fits: 404;
     * no method: 405 with Allow. NULL: `answer` answers each GET. */
    const struct http_route *routes;
    http_handler *answer;
    /* Told of every reply before it is sent; `request` is NULL for a refused head. May be
     * NULL. */
    void (*log)(struct http_server *server, const struct http_request *request,
                const struct http_reply *reply);
    double latency; /* seconds by which each answer is delayed */
    void *context;  /* for the functions above */
    /* its own */
    struct link connections;  /* struct http_connection, in order of arrival */
    struct http_desk *spare;  /* desks that nobody uses, the latest first */
    int spares;               /* how many they are */
    struct http_route any[2]; /* the table when there is none */
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
 * answer, which finish it. Server.abort_clients(): close them too. Harmless at any time;
 * to end soon, call http_server_close() first. */
void http_server_close_clients(struct http_server *server);
void http_server_abort_clients(struct http_server *server);

/* Until all are: server_wait_closed(). */
static inline struct coro *http_server_wait_closed(struct server_wait_closed *self,
                                                   struct http_server *server)
{
    return server_wait_closed(self, &server->server);
}

#endif
