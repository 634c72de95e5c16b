/*
 * hostile-server.c - the hostile zoo as a server, to try a client on.
 *
 * Usage: build/tests/13.9/hostile-server [SECONDS]    (ends after SECONDS, or on SIGTERM)
 *        build/tests/13.9/hostile-server --list
 *
 * Prints its URL, a page that links to all behaviours: /7b/ is form b of behaviour 7. A
 * behaviour that begins before a request is read has an address of its own, printed on a
 * line with its number. 6, 7 and 8 concern the name server and are missing here. --list
 * prints each path with the reason for which it fails, or its status, or that it leads to
 * other hosts.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner.h"
#include "signals.h"
#include "zoo-peer.h"

static struct server server;
static struct sock full, first_in_line;
static struct address full_address;
static struct sock_connect connect_first;
static int nobody; /* a socket that has a port and does not listen */
static struct future stop;
static struct handle on_term;
static char index_text[8192];
static struct zoo_row index_row = { 0, "", "index", .end = ZOO_NEXT };

static bool is_here(const struct zoo_row *row)
{
    return row->door == ZOO_OPEN;
}

/* The page that links to all behaviours. */
static void make_index(void)
{
    static char body[4096];
    size_t n = 0;

    for (int i = 0; i < ZOO_ROWS; i++)
        if (is_here(&zoo_rows[i]))
            n += (size_t)snprintf(body + n, sizeof body - n,
                                  "<a href=/%d%s/>%d%s %s</a><br>\n", zoo_rows[i].number,
                                  zoo_rows[i].form, zoo_rows[i].number, zoo_rows[i].form,
                                  zoo_rows[i].name);
    index_row.text.n = (size_t)snprintf(index_text, sizeof index_text,
                                        HTML "Content-Length: %zu\r\n\r\n%s", n, body);
    index_row.text.at = index_text;
}

static void list(void)
{
    for (int i = 0; i < ZOO_ROWS; i++) {
        const struct zoo_row *row = &zoo_rows[i];

        if (!is_here(row))
            continue;
        printf("/%d%s/ ", row->number, row->form);
        if (row->pages > 1)
            puts("leads on");
        else if (row->reason != NULL)
            puts(row->reason);
        else
            printf("%d\n", row->status);
    }
}

static void connected(struct server *self, int fd)
{
    zoo_play(zoo_peer(NULL, &index_row), self, fd);
}

static void terminate(struct handle *h)
{
    (void)h;
    future_set_result(&stop, NULL);
}

/* A port that refuses: bound, but without a listener. */
static void tell_refusing(void)
{
    struct address address;
    socklen_t size;
    char text[ADDRESS_TEXT_MAX];

    address_from_text(&address, "127.0.0.1", 0);
    size = address_size(&address);
    nobody = socket(AF_INET, SOCK_STREAM, 0);
    if (nobody >= 0 && bind(nobody, &address.any, size) == 0 &&
        getsockname(nobody, &address.any, &size) == 0)
        printf("1 http://%s/\n", address_text(&address, text));
}

static int start(struct loop *loop)
{
    struct address address;
    char text[ADDRESS_TEXT_MAX];
    int err = loop_add_signal_handler(loop, SIGTERM, &on_term, terminate);

    address_from_text(&address, "127.0.0.1", 0);
    full_address = address;
    if (err == 0)
        err = server_start(&server, loop, &address, connected);
    if (err == 0)
        err = sock_listen(&full, loop, &full_address, 0);
    if (err == 0)
        printf("http://%s/\n", address_text(&server.address, text));
    return err;
}

static co_status serve_body(struct coro *co)
{
    char text[ADDRESS_TEXT_MAX];
    int err;

    ASYNC (co) {
        future_init(&stop, get_running_loop());
        err = start(get_running_loop());
        if (err != 0)
            return co_raise(co, err);
        sock_init(&first_in_line, get_running_loop());
        AWAIT(sock_connect(&connect_first, &first_in_line, &full_address));
        tell_refusing();
        printf("5 http://%s/\n", address_text(&full_address, text));
        AWAIT(&stop);

    FINALLY:
        server_close(&server);
        sock_close(&first_in_line);
        sock_close(&full);
    }
    return co_done(co);
}

int main(int argc, char **argv)
{
    struct coro co;
    int err;

    if (argc > 1 && strcmp(argv[1], "--list") == 0) {
        list();
        return 0;
    }
    if (argc > 1)
        alarm((unsigned)atoi(argv[1]));
    make_index();
    setvbuf(stdout, NULL, _IOLBF, 0);
    sock_init(&first_in_line, NULL);
    sock_init(&full, NULL);
    err = async_run(co_init(&co, serve_body));
    if (err != 0)
        fprintf(stderr, "hostile-server: %s\n", aio_strerror(err));
    return err != 0;
}
