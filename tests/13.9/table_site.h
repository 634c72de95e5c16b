/*
 * table_site.h - shared by the checks of 13.9: a loop in virtual time, and a server at a
 * Unix socket that answers from a table. When site.tells is set, each request adds a mark
 * to the trace.
 *
 * Every host name but "nowhere" has the address of the socket, so a table can hold
 * several hosts.
 */
#ifndef TABLE_SITE_H
#define TABLE_SITE_H

#include <fcntl.h>
#include <unistd.h>

#include "check.h"
#include "connect.h"
#include "runner.h"
#include "server.h"
#include "sleep.h"

struct answer {       /* a row; the first one that matches is used */
    const char *path; /* "/path" of any host, or "host/path" */
    const char *head; /* status and fields, NULL: "200 OK" and Content-Type: text/html */
    const char *body; /* its Content-Length is added to the head */
    size_t n;         /* bytes of the body; 0: up to its NUL */
    const char *raw;  /* the whole response, instead of head and body; or NULL */
    double latency;   /* seconds before the head */
    double drip;      /* seconds before each byte of the response; 0: all at once */
    int times;        /* how many requests it answers; 0: any number */
    bool closes;      /* the server closes afterwards */
};

#define NEVER 1e6 /* a latency in seconds, longer than any case */
#define ANSWER(path_, head_, body_)                       \
    {                                                     \
        .path = (path_), .head = (head_), .body = (body_) \
    }

struct site {
    struct server server;
    char folder[64], path[80];
    const struct answer *rows; /* ends with a row without path */
    int used[64];              /* requests that each row has answered */
    int visits;                /* connections accepted */
    int requests, busy, peak;  /* requests: so far, now in progress, most at a time */
    int asleep;                /* visits with an armed timer */
    struct visit *latest;      /* the latest visit */
    int descriptors;           /* open descriptors before the case */
    bool tells;
    double began;
};

static struct site site;
static struct runner runner;

struct visit { /* one connection; its detached task frees this block */
    struct task task;
    struct coro co;
    struct stream stream;
    struct stream_read read;
    struct stream_drain drain;
    struct async_sleep sleep;
    const struct answer *answer;
    char name[512]; /* "host/path" */
    size_t body;    /* bytes of the request's body, which are read and dropped */
    char *text;
    size_t n, at;
};

static inline double now(void)
{
    return loop_time(&runner.loop) - site.began;
}

/* Makes the name "h/a" from "GET /a HTTP/1.1\r\nHost: h\r\n...". A body of more than
 * 65,536 bytes is not read. */
static inline void name_request(struct visit *self)
{
    static char text[65536];
    const char *host, *length, *path;

    snprintf(text, sizeof text, "%.*s", (int)self->read.n, self->read.data);
    host = strstr(text, "\r\nHost: ");
    length = strstr(text, "\r\nContent-Length: ");
    self->body = length != NULL ? strtoul(length + 18, NULL, 10) : 0;
    if (self->body > 65536)
        self->body = 0;
    path = text + strcspn(text, " ");
    path += *path == ' ';
    snprintf(self->name, sizeof self->name, "%.*s%.*s",
             host != NULL ? (int)strcspn(host + 8, "\r") : 0,
             host != NULL ? host + 8 : "", (int)strcspn(path, " "), path);
}

static inline const struct answer *find_answer(const char *name)
{
    static const struct answer missing = { .path = "", .head = "404 Not Found" };

    for (int i = 0; site.rows[i].path != NULL; i++) {
        const struct answer *row = &site.rows[i];
        const char *part = row->path[0] == '/' ? name + strcspn(name, "/") : name;

        if (strcmp(row->path, part) != 0 ||
            (row->times > 0 && site.used[i] == row->times))
            continue;
        site.used[i]++;
        return row;
    }
    return &missing;
}

static inline void take_request(struct visit *self)
{
    static const char html[] = "200 OK\r\nContent-Type: text/html";
    const struct answer *row;
    const char *body;
    size_t n;

    name_request(self);
    row = self->answer = find_answer(self->name);
    body = row->body != NULL ? row->body : "";
    n = row->n > 0 ? row->n : strlen(body);
    self->n = row->raw != NULL ? strlen(row->raw) : n + 512;
    self->text = malloc(self->n + 1);
    if (row->raw != NULL) {
        strcpy(self->text, row->raw);
    } else {
        self->n =
            (size_t)sprintf(self->text, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n",
                            row->head != NULL ? row->head : html, n);
        memcpy(self->text + self->n, body, n);
        self->n += n;
    }
    if (site.tells)
        trace("%s@%.2f", strchr(self->name, '/'), now());
    site.requests++;
    if (++site.busy > site.peak)
        site.peak = site.busy;
}

static inline co_status visit_body(struct coro *co)
{
    struct visit *self = co_self(co, struct visit);
    int err;

    ASYNC (co) {
        do {
            AWAIT_CATCH(err, stream_readuntil(&self->read, &self->stream, "\r\n\r\n"));
            if (err != 0)
                return co_done(co);
            take_request(self);
            if (self->body > 0)
                AWAIT_CATCH(err,
                            stream_readexactly(&self->read, &self->stream, self->body));
            site.asleep += self->answer->latency > 0 || self->answer->drip > 0;
            if (self->answer->latency > 0)
                AWAIT(async_sleep(&self->sleep, self->answer->latency));
            for (self->at = 0; self->answer->drip > 0 && self->at < self->n; self->at++) {
                AWAIT(async_sleep(&self->sleep, self->answer->drip));
                stream_write(&self->stream, self->text + self->at, 1);
            }
            site.asleep -= self->answer->latency > 0 || self->answer->drip > 0;
            site.busy--;
            if (self->answer->drip <= 0)
                stream_write(&self->stream, self->text, self->n);
            AWAIT_CATCH(err, stream_flush(&self->drain, &self->stream));
            free(self->text);
            self->text = NULL;
        } while (err == 0 && !self->answer->closes);

    FINALLY:
        free(self->text);
        stream_close(&self->stream);
        server_detach(&site.server);
    }
    return co_done(co);
}

static inline void visited(struct server *server, int fd)
{
    struct visit *self = calloc(1, sizeof *self);

    (void)server;
    site.visits++;
    site.latest = self;
    stream_adopt(&self->stream, &runner.loop, fd);
    loop_create_task(&runner.loop, &self->task, co_init(&self->co, visit_body));
    task_detach(&self->task);
}

static inline int lookup(struct host_addresses *addresses)
{
    if (strcmp(addresses->host, "nowhere") == 0)
        return AIO_NAME;
    addresses->count = 1;
    return address_from_path(&addresses->address[0], site.path) ? 0 : ENAMETOOLONG;
}

/* Returns the number of open descriptors. */
static inline int descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

/* Opens a loop in virtual time and starts the site, which answers from `rows`. */
static inline void begin(const struct answer *rows)
{
    struct loop_policy policy = { &selector_poll, &clock_virtual };
    struct address address;
    const char *tmp = getenv("TMPDIR");
    int open = descriptors();

    EXPECT_INT(runner_init(&runner, &policy), 0);
    site = (struct site){ .rows = rows, .descriptors = open };
    site.began = loop_time(&runner.loop);
    names_lookup = lookup;
    snprintf(site.folder, sizeof site.folder, "%s/crawl-check-XXXXXX",
             tmp != NULL && strlen(tmp) < 32 ? tmp : "/tmp");
    EXPECT(mkdtemp(site.folder) != NULL);
    snprintf(site.path, sizeof site.path, "%s/socket", site.folder);
    EXPECT(address_from_path(&address, site.path));
    EXPECT_INT(server_start(&site.server, &runner.loop, &address, visited), 0);
}

static inline int run(struct coro *co)
{
    return runner_run(&runner, co);
}

/* Returns the number of armed timers, without the site's. */
static inline int timers(void)
{
    timer_heap_sweep(&runner.loop.timers);
    return (int)(runner.loop.timers.count - runner.loop.timers.cancelled) - site.asleep;
}

static inline void wait(double seconds)
{
    struct async_sleep sleep;

    EXPECT_INT(run(async_sleep(&sleep, seconds)), 0);
}

/* Ends the remaining visits and closes the loop; the folder must be empty then. */
static inline void end(void)
{
    wait(0.01); /* lets every visit begin: before that, it could not clean up */
    server_close(&site.server);
    EXPECT_INT(runner_close(&runner), 0);
    EXPECT_INT(site.server.live, 0);
    unlink(site.path);
    EXPECT_INT(rmdir(site.folder), 0);
    EXPECT_INT(descriptors(), site.descriptors);
}

#endif
