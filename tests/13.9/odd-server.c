/*
 * odd-server.c - a server that behaves oddly, for tests/crawl.bats.
 *
 * Prints its URL, then the path of each request as it arrives; ends on SIGTERM. /wait is
 * answered when a client asks for /go, /hang never.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner.h"
#include "server.h"
#include "signals.h"
#include "stream.h"

#define HTML "200 OK\r\nContent-Type: text/html"

static const struct answer {
    const char *path, *head, *body;
} answers[] = {
    { "/", HTML, "<title>start</title><a href=page>" },
    { "/page", HTML, "a page" },
    { "/both", HTML, "<a href=wait><a href=hang>" },
    { "/wait", HTML, "<a href=never>" },
    { "/go", HTML, "" },
    { "/hostile", HTML,
      "<title>\x1b]0;title\x07</title><a href='\x1b[2J'><a href=c1><a href=bad>" },
    { "/c1", "302 \x9b 2J\r\nLocation: http://[\x9b 2J\xff", "" },
    { "/busy", "503 Busy", "" },
};
static const struct answer missing = { "", "404 Not Found", "" };

static char big[1000000]; /* the body of /big */
static struct loop *loop;
static struct server server;
static struct future stop;
static struct handle on_term;
static struct link waiting; /* visits that asked for /wait */

struct visit { /* one connection; the block that its detached task frees */
    struct task task;
    struct coro co;
    struct stream stream;
    struct stream_read read;
    struct stream_drain drain;
    struct link in_line;
    struct future told;
    char path[64];
};

static void answer(struct visit *self)
{
    const struct answer *a = &missing;
    bool is_big = strcmp(self->path, "/big") == 0;
    char head[512];
    int n;

    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (strcmp(answers[i].path, self->path) == 0)
            a = &answers[i];
    n = snprintf(head, sizeof head, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s",
                 is_big ? "200 OK" : a->head, is_big ? sizeof big : strlen(a->body),
                 is_big ? "" : a->body);
    stream_write(&self->stream, head, (size_t)n);
    if (is_big)
        stream_write(&self->stream, big, sizeof big);
}

static void tell_all(void)
{
    while (!ring_empty(&waiting)) {
        struct visit *first = container_of(waiting.next, struct visit, in_line);

        ring_remove(&first->in_line);
        future_set_result(&first->told, NULL);
    }
}

static void take_request(struct visit *self)
{
    const char *path = self->read.data + 4;

    snprintf(self->path, sizeof self->path, "%.*s", (int)strcspn(path, " "), path);
    puts(self->path);
    future_init(&self->told, loop);
    if (strcmp(self->path, "/wait") == 0)
        ring_append(&waiting, &self->in_line);
    else if (strcmp(self->path, "/hang") != 0)
        future_set_result(&self->told, NULL);
    if (strcmp(self->path, "/go") == 0)
        tell_all();
}

static co_status visit_body(struct coro *co)
{
    struct visit *self = co_self(co, struct visit);
    int err;

    ASYNC (co) {
        for (;;) {
            AWAIT_CATCH(err, stream_readuntil(&self->read, &self->stream, "\r\n\r\n"));
            if (err != 0)
                return co_done(co);
            take_request(self);
            AWAIT(&self->told);
            answer(self);
            AWAIT_CATCH(err, stream_flush(&self->drain, &self->stream));
        }

    FINALLY:
        ring_remove(&self->in_line);
        stream_close(&self->stream);
        server_detach(&server);
    }
    return co_done(co);
}

static void connected(struct server *s, int fd)
{
    struct visit *self = calloc(1, sizeof *self);

    (void)s;
    stream_adopt(&self->stream, loop, fd);
    loop_create_task(loop, &self->task, co_init(&self->co, visit_body));
    task_detach(&self->task);
}

static void terminate(struct handle *h)
{
    (void)h;
    future_set_result(&stop, NULL);
}

static co_status serve_body(struct coro *co)
{
    struct address address;
    char text[ADDRESS_TEXT_MAX];
    int err;

    ASYNC (co) {
        loop = get_running_loop();
        ring_init(&waiting);
        future_init(&stop, loop);
        address_from_text(&address, "127.0.0.1", 0);
        err = loop_add_signal_handler(loop, SIGTERM, &on_term, terminate);
        if (err == 0)
            err = server_start(&server, loop, &address, connected);
        if (err != 0)
            return co_raise(co, err);
        printf("http://%s\n", address_text(&server.address, text));
        AWAIT(&stop);

    FINALLY:
        server_close(&server);
    }
    return co_done(co);
}

int main(void)
{
    struct coro co;
    int err;

    alarm(60); /* whatever happens to the check that started it */
    memset(big, 'x', sizeof big);
    setvbuf(stdout, NULL, _IOLBF, 0);
    err = async_run(co_init(&co, serve_body));
    if (err != 0)
        fprintf(stderr, "odd-server: %s\n", aio_strerror(err));
    return err != 0;
}
