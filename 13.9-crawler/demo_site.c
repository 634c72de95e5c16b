/* demo_site.c - a table of responses, each with its own latency. Next: main.c. */
#include "demo_site.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sleep.h"
#include "stream.h"

static const struct answer {
    const char *path;
    double latency;     /* seconds before the response; no two end at the same time */
    const char *status; /* the status line from the status on, and extra fields */
    const char *body;
} answers[] = {
    { "/robots.txt", 0.05, "200 OK\r\nContent-Type: text/plain",
      "User-agent: *\nDisallow: /private\n" },
    { "/", 0.10, "200 OK\r\nContent-Type: text/html",
      "<title>Home</title> <a href=a>a</a> <a href=b>b</a> <a href=/c>c</a>" },
    { "/a", 0.20, "200 OK\r\nContent-Type: text/html",
      "<title>A</title> <a href=/>home</a> <a href=b#top>b</a> <a href=d>d</a>" },
    { "/b", 0.90, "200 OK\r\nContent-Type: text/html",
      "<title>B, slow</title> <a href=c>c</a> <a href=e>e</a>" },
    { "/c", 0.13, "404 Not Found\r\nContent-Type: text/html", "<a href=/never>no</a>" },
    { "/d", 0.17, "200 OK\r\nContent-Type: text/html",
      "<title>D</title> <a href=f>f</a> <a href=private>private</a>" },
    { "/e", 0.07, "302 Found\r\nLocation: /f", "" },
    { "/f", 0.11, "200 OK\r\nContent-Type: text/html",
      "<title>F</title> <a href=g>g</a> <a href=a>a</a>" },
    { "/g", 0.19, "200 OK\r\nContent-Type: text/html", "<title>G</title> the end" },
};

static const struct answer refusal = { "/d", 0.06,
                                       "503 Service Unavailable\r\nRetry-After: 1", "" };
static const struct answer missing = { "", 0.01, "404 Not Found", "" };

struct visit { /* one connection; its detached task frees the block */
    struct task task;
    struct coro co;
    struct demo_site *site;
    struct stream stream;
    struct stream_read read;
    struct async_sleep sleep;
    const struct answer *answer;
    char text[1024];
};

/* Returns the response to a request such as "GET /a HTTP/1.1". */
static const struct answer *answer_to(struct visit *self)
{
    const char *request = self->read.data;
    size_t n = self->read.n > 4 ? strcspn(request + 4, " ") : 0;

    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        const struct answer *a = &answers[i];

        if (strlen(a->path) == n && memcmp(a->path, request + 4, n) == 0)
            return strcmp(a->path, "/d") == 0 && self->site->refusals++ == 0 ? &refusal
                                                                             : a;
    }
    return &missing;
}

static co_status visit_body(struct coro *co)
{
    struct visit *self = co_self(co, struct visit);
    int err, n;

    ASYNC (co) {
        for (;;) {
            AWAIT_CATCH(err, stream_readuntil(&self->read, &self->stream, "\r\n\r\n"));
            if (err != 0)
                return co_done(co);
            self->answer = answer_to(self);
            AWAIT(async_sleep(&self->sleep, self->answer->latency));
            n = snprintf(self->text, sizeof self->text,
                         "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s",
                         self->answer->status, strlen(self->answer->body),
                         self->answer->body);
            stream_write(&self->stream, self->text, (size_t)n);
        }

    FINALLY:
        stream_close(&self->stream);
        server_detach(&self->site->server);
    }
    return co_done(co);
}

static void connected(struct server *server, int fd)
{
    struct visit *self = calloc(1, sizeof *self);

    if (self == NULL) {
        close(fd);
        server_detach(server);
        return;
    }
    self->site = container_of(server, struct demo_site, server);
    stream_adopt(&self->stream, server->listener.loop, fd);
    loop_create_task(server->listener.loop, &self->task, co_init(&self->co, visit_body));
    task_detach(&self->task);
}

int demo_site_start(struct demo_site *site, struct loop *loop)
{
    struct address address;
    const char *tmp = getenv("TMPDIR");

    site->refusals = 0;
    snprintf(site->folder, sizeof site->folder, "%s/crawl-demo-XXXXXX",
             tmp != NULL && strlen(tmp) < 32 ? tmp : "/tmp");
    if (mkdtemp(site->folder) == NULL)
        return errno;
    snprintf(site->path, sizeof site->path, "%s/socket", site->folder);
    if (!address_from_path(&address, site->path))
        return ENAMETOOLONG;
    return server_start(&site->server, loop, &address, connected);
}

void demo_site_stop(struct demo_site *site)
{
    server_close(&site->server);
    unlink(site->path);
    rmdir(site->folder);
}
