/*
 * zoo-answer.h - one who plays a row, and what it answers to a request.
 *
 * Which row it is tells the address (zoo.c has a socket for each) or the path,
 * "/16b/" (hostile-server.c). Behind that, "next" is a second page, a number one in
 * a ring.
 * Read next: zoo-peer.h.
 */
#ifndef ZOO_ANSWER_H
#define ZOO_ANSWER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server.h"
#include "sleep.h"
#include "stream.h"
#include "zoo-rows.h"

enum { ZOO_BLOCK = 16 * 1024 };

struct zoo_count {            /* what a server has seen of those who came */
    int requests;             /* those of a deaf row too */
    int secrets;              /* requests that tell the password of 40d */
    unsigned long long bytes; /* sent */
};

struct zoo_peer { /* one connection; the block that its detached task frees */
    struct task task;
    struct coro co;
    const struct zoo_row *row;   /* NULL until a request names it */
    const struct zoo_row *known; /* what a request means that names none */
    struct zoo_count *count;     /* to count in, or NULL */
    struct server *server;
    struct stream stream;
    struct stream_read read;
    struct stream_drain drain;
    struct async_sleep sleep;
    struct sock_recv recv;
    char path[64];          /* of the request, behind "/N/" */
    char text[512];         /* an answer that is made up */
    struct zoo_text answer; /* what is sent first */
    bool plays;             /* it is the row's own answer: `again` and `end` follow */
    char *block;            /* `again`, as often as there is room */
    size_t block_n;
    long turn; /* how often it was sent */
    int error; /* of the last write */
};

/* The row that is called "16b", or NULL; `rest` is what comes behind it. */
static inline const struct zoo_row *zoo_find(const char *path, const char **rest)
{
    char name[8];

    for (int i = 0; i < ZOO_ROWS; i++) {
        size_t n = (size_t)snprintf(name, sizeof name, "%d%s", zoo_rows[i].number,
                                    zoo_rows[i].form);

        if (strncmp(path, name, n) == 0 && (path[n] == '/' || path[n] == '\0')) {
            *rest = path + n + (path[n] == '/');
            return &zoo_rows[i];
        }
    }
    return NULL;
}

static inline void zoo_say(struct zoo_peer *self, const char *status, const char *body)
{
    int n = snprintf(self->text, sizeof self->text,
                     "HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %zu\r\n"
                     "\r\n%s",
                     status, strlen(body), body);

    self->answer = (struct zoo_text){ self->text, (size_t)n };
}

/* The answer of page `k` in the ring: to the next one, from the last one to the first. */
static inline void zoo_redirect(struct zoo_peer *self, int k)
{
    char to[16] = "./";
    int n;

    if (self->row->ring < 0 || k + 1 < self->row->ring)
        snprintf(to, sizeof to, "%d", k + 1);
    n = snprintf(self->text, sizeof self->text, TO("%s\r\n\r\n"), to);
    self->answer = (struct zoo_text){ self->text, (size_t)n };
}

/* What the request gets, once the row is known. */
static inline void zoo_choose(struct zoo_peer *self)
{
    const struct zoo_row *row = self->row;

    self->plays = false;
    if (row->number == 0 && strcmp(self->path, "robots.txt") == 0)
        zoo_say(self, "404 Not Found", "");
    else if (row->number == 0 && row->text.n == 0)
        zoo_say(self, "200 OK", "<a href=a>a<a href=b>b<a href=c>c<a href=d>d");
    else if (row->ring != 0)
        zoo_redirect(self, atoi(self->path));
    else if (strcmp(self->path, "next") == 0)
        zoo_say(self, "200 OK", "<title>second</title>");
    else if (self->path[0] != '\0' && strcmp(self->path, "robots.txt") != 0)
        zoo_say(self, "404 Not Found", "");
    else {
        self->answer = row->text;
        self->plays = true;
    }
}

/* From "GET /16b/next HTTP/1.1\r\n..." to the row and "next". */
static inline void zoo_take_request(struct zoo_peer *self)
{
    char target[64] = "";
    const char *rest = target;
    const char *from = self->read.n > 5 ? self->read.data + 5 : "";

    snprintf(target, sizeof target, "%.*s", (int)strcspn(from, " \r"), from);
    self->row = zoo_find(target, &rest);
    if (self->row == NULL)
        self->row = self->known;
    snprintf(self->path, sizeof self->path, "%s", rest);
}

#endif
