/*
 * serve.c - serves a folder over HTTP, as `python3 -m http.server` does.
 *
 * usage: serve [--port N] [--bind ADDRESS] [--latency MS] [--quiet] DIR
 *
 * It is the peer of 13.9's crawler, on the same loop and the same streams: one task for
 * each connection.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"
#include "runner.h"
#include "signals.h"
#include "static_files.h"
#include "timeout.h"

#define GRACE_SECONDS 10.0 /* for answers under way, after Ctrl-C */

static const char usage[] =
    "usage: serve [--port N] [--bind ADDRESS] [--latency MS] [--quiet] DIR\n"
    "Serve the folder DIR over HTTP until Ctrl-C.\n"
    "  --port N        listen on port N (8000); 0: any free one\n"
    "  --bind ADDRESS  listen on this IP address (127.0.0.1)\n"
    "  --latency MS    delay each answer by MS milliseconds\n"
    "  --quiet         do not log the requests\n"
    "  --help, --version\n";

struct options {
    const char *folder, *bind; /* --bind: an IP address as text */
    unsigned port, latency;    /* latency in milliseconds */
    bool quiet;                /* no log */
};

/* ---- the program ------------------------------------------------------------------- */

struct serve { /* async def serve() */
    struct coro co;
    const struct options *options;
    struct http_server server;
    int root;           /* the folder, -1: not open */
    struct future stop; /* Ctrl-C */
    struct handle on_int, on_term;
    struct server_wait_closed wait_closed;
    struct async_timeout limit;
    char where[ADDRESS_TEXT_MAX];
    const char *what; /* what could not be set up */
};

static void answer(struct http_server *server, const struct http_request *request,
                   struct http_reply *reply)
{
    struct serve *self = container_of(server, struct serve, server);

    static_files_answer(self->root, request, reply);
}

/* The parser accepts only printable ASCII in a method and a target, so both are safe on a
 * terminal. `request` is NULL when it accepted none. */
static void log_reply(struct http_server *server, const struct http_request *request,
                      const struct http_reply *reply)
{
    (void)server;
    if (request == NULL)
        fprintf(stderr, "%d %jd -\n", reply->status, (intmax_t)reply->size);
    else
        fprintf(stderr, "%d %jd %.*s %.*s\n", reply->status, (intmax_t)reply->size,
                (int)request->head->method.n, request->head->method.at,
                (int)request->head->target.n, request->head->target.at);
}

static void on_int(struct handle *h)
{
    future_set_result(&container_of(h, struct serve, on_int)->stop, NULL);
}

static void on_term(struct handle *h)
{
    future_set_result(&container_of(h, struct serve, on_term)->stop, NULL);
}

static int start(struct serve *self, struct loop *loop)
{
    const struct options *o = self->options;
    struct address address;
    int err;

    address_from_text(&address, o->bind, o->port);
    self->what = o->folder;
    err = folder_open(&self->root, o->folder);
    if (err != 0)
        return err;
    self->what = address_text(&address, self->where);
    err = http_server_start(&self->server, loop, &address);
    if (err != 0)
        return err;
    self->what = "signals";
    err = loop_add_signal_handler(loop, SIGINT, &self->on_int, on_int);
    if (err == 0)
        err = loop_add_signal_handler(loop, SIGTERM, &self->on_term, on_term);
    if (err == 0)
        printf("serving %s at http://%s/\n", o->folder,
               address_text(&self->server.server.address, self->where));
    fflush(stdout);
    return err;
}

static co_status serve_body(struct coro *co)
{
    struct serve *self = co_self(co, struct serve);
    struct loop *loop = get_running_loop();
    int err;

    ASYNC (co) {
        future_init(&self->stop, loop);
        err = start(self, loop);
        if (err != 0)
            return co_raise(co, err);
        AWAIT(&self->stop);
        loop_remove_signal_handler(loop, SIGINT); /* the second Ctrl-C kills at once */
        http_server_close(&self->server);
        AWAIT_CATCH(err, async_timeout(
                             &self->limit, GRACE_SECONDS,
                             http_server_wait_closed(&self->wait_closed, &self->server)));

    FINALLY:
        if (self->server.server.connected != NULL)
            http_server_close(&self->server);
        folder_close(self->root);
    }
    return co_done(co);
}

static int run(const struct options *options)
{
    struct serve serve = { .options = options, .root = -1, .what = "event loop" };
    int err;

    serve.server.answer = answer;
    serve.server.log = options->quiet ? NULL : log_reply;
    serve.server.latency = options->latency / 1000.0;
    err = async_run(co_init(&serve.co, serve_body));
    if (err != 0)
        fprintf(stderr, "serve: %s: %s\n", serve.what, aio_strerror(err));
    return err != 0;
}

/* ---- the command line -------------------------------------------------------------- */

static int wrong(const char *what, const char *argument)
{
    fprintf(stderr, "serve: %s%s%s; try --help\n", what, argument != NULL ? " " : "",
            argument != NULL ? argument : "");
    return 2;
}

static bool number(const char *text, unsigned max, unsigned *value)
{
    *value = 0;
    if (*text == '\0')
        return false;
    for (; *text >= '0' && *text <= '9'; text++) {
        *value = *value * 10 + (unsigned)(*text - '0');
        if (*value > max)
            return false;
    }
    return *text == '\0';
}

/* Sets an option to its argument. Returns 0, or the exit status 2. */
static int set_option(struct options *o, const char *name, const char *argument)
{
    struct address address;

    if (strcmp(name, "--port") != 0 && strcmp(name, "--bind") != 0 &&
        strcmp(name, "--latency") != 0)
        return wrong("unknown option", name);
    if (argument == NULL)
        return wrong("an argument is missing after", name);
    if (strcmp(name, "--port") == 0)
        return number(argument, 65535, &o->port) ? 0 : wrong("not a port:", argument);
    if (strcmp(name, "--latency") == 0)
        return number(argument, 3600000, &o->latency)
                   ? 0
                   : wrong("not milliseconds, at most 3600000:", argument);
    o->bind = argument;
    return address_from_text(&address, argument, 0)
               ? 0
               : wrong("not an IP address:", argument);
}

/* Returns 0 to go on, -1 after --help and --version, or the exit status of an error. */
static int parse(struct options *o, char **argv)
{
    int status = 0;

    while (*++argv != NULL && status == 0) {
        if (strcmp(*argv, "--help") == 0)
            status = fputs(usage, stdout) < 0 ? 1 : -1;
        else if (strcmp(*argv, "--version") == 0)
            status = puts("serve 1.0") < 0 ? 1 : -1;
        else if (strcmp(*argv, "--quiet") == 0)
            o->quiet = true;
        else if (**argv == '-') {
            status = set_option(o, argv[0], argv[1]);
            argv += argv[1] != NULL;
        } else if (o->folder == NULL)
            o->folder = *argv;
        else
            status = wrong("more than one folder:", *argv);
    }
    if (status == 0 && o->folder == NULL)
        status = wrong("which folder?", NULL);
    return status;
}

int main(int argc, char **argv)
{
    struct options options = { .bind = "127.0.0.1", .port = 8000 };
    const char *clock = getenv("LOOP_CLOCK");
    int status = argc > 0 ? parse(&options, argv) : 2;

    if (status == 0 && clock != NULL && strcmp(clock, "virtual") == 0)
        status = wrong("a server needs the real clock, not LOOP_CLOCK=virtual", NULL);
    if (status != 0)
        return status < 0 ? 0 : status;
    return run(&options);
}
