/*
 * http_server.c - starts and ends connections, and finds the row of the table that
 * answers. Next: http_connection.h.
 */
#include "http_server.h"

#include <string.h>

#include "http_connection.h"

/* ---- routes ------------------------------------------------------------------------ */

/* Does the path of this row match? */
static bool fits(const struct http_route *row, struct span path)
{
    size_t n = strlen(row->path);

    if (path.n < n || memcmp(path.at, row->path, n) != 0)
        return false;
    return path.n == n || row->path[n - 1] == '/';
}

/* Adds `name` to the list unless it is there, or does not fit. */
static void add_method(char allow[HTTP_ALLOW_MAX], const char *name)
{
    size_t n = strlen(allow), more = strlen(name);
    const char *at = strstr(allow, name);

    if (at != NULL && (at[more] == '\0' || at[more] == ',') &&
        (at == allow || at[-1] == ' '))
        return;
    if (n + more + sizeof ", " > HTTP_ALLOW_MAX)
        return;
    if (n > 0)
        strcpy(allow + n, ", ");
    strcat(allow, name);
}

const struct http_route *http_route(const struct http_route *routes, struct span method,
                                    struct span path, char allow[HTTP_ALLOW_MAX])
{
    const char *wanted = http_method_is(method, "HEAD") ? "GET" : NULL;

    allow[0] = '\0';
    for (const struct http_route *row = routes; row->path != NULL; row++) {
        if (!fits(row, path))
            continue;
        if (http_method_is(method, row->method) ||
            (wanted != NULL && strcmp(row->method, wanted) == 0))
            return row;
        add_method(allow, row->method);
        if (strcmp(row->method, "GET") == 0)
            add_method(allow, "HEAD");
    }
    return NULL;
}

/* ---- the server -------------------------------------------------------------------- */

void http_server_adopt(struct http_server *server, int fd)
{
    struct sock sock;

    server->server.live++;
    if (http_connection_start(server, fd) == 0)
        return;
    sock_adopt(&sock, server->server.listener.loop, fd);
    sock_close(&sock);
    server_detach(&server->server);
}

static void on_connected(struct server *server, int fd)
{
    server->live--; /* http_server_adopt() counts it */
    http_server_adopt(container_of(server, struct http_server, server), fd);
}

int http_server_start(struct http_server *server, struct loop *loop,
                      const struct address *address)
{
    ring_init(&server->connections);
    server->spare = NULL;
    server->spares = 0;
    server->any[0] = (struct http_route){ "GET", "/", server->answer, 0 };
    server->any[1] = (struct http_route){ NULL, NULL, NULL, 0 };
    server->closing = false;
    server->now = 0;
    server->date[0] = '\0';
    return server_start(&server->server, loop, address, on_connected);
}

/* Cancels the connections whose stage is `last` or earlier. Each leaves the ring when its
 * task is done, some passes later. The others end after their present answer. */
static void close_up_to(struct http_server *server, enum http_stage last)
{
    for (struct link *at = server->connections.next; at != &server->connections;
         at = at->next) {
        struct http_connection *each = container_of(at, struct http_connection, link);

        if (each->stage <= last)
            task_cancel(&each->task, NULL);
        else if (each->transaction != NULL)
            each->transaction->manner.keep = false;
    }
}

void http_server_close(struct http_server *server)
{
    server->closing = true;
    http_connection_free_spares(server);
    server_close(&server->server);
    close_up_to(server, HTTP_IDLE);
}

void http_server_close_clients(struct http_server *server)
{
    close_up_to(server, HTTP_ANSWERING);
}

void http_server_abort_clients(struct http_server *server)
{
    close_up_to(server, HTTP_SENDING);
}
