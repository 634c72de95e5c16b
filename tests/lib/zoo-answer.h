/*
 * zoo-answer.h - struct zoo_peer, a peer that plays a row, and how it chooses its answer
 * to a request.
 *
 * A request's path names the row: "/16b/" is form b of behaviour 16. In zoo.c, each row
 * also has a socket of its own, so the peer knows its row before the request. After the
 * row's name, "next" is the second page, and a number is a page in a ring of redirects.
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

struct zoo_count {            /* what a server has counted */
    int requests;             /* requests received, also by deaf rows */
    int secrets;              /* requests that contain the password of row 40d */
    unsigned long long bytes; /* bytes sent */
};

struct zoo_peer { /* one connection; its detached task frees this block */
    struct task task;
    struct coro co;
    const struct zoo_row *row;   /* the row it plays; NULL until a request names it */
    const struct zoo_row *known; /* the row for a request that names none */
    struct zoo_count *count;     /* the counters, or NULL */
    struct server *server;
    struct stream stream;
    struct stream_read read;
    struct stream_drain drain;
    struct async_sleep sleep;
    struct sock_recv recv;
    char path[64];          /* the request's path after "/16b/" */
    char text[512];         /* a generated answer */
    struct zoo_text answer; /* what is sent next */
    bool plays;             /* `answer` is the row's own: `again` and `end` apply */
    char *block;            /* copies of `again`, which are sent together */
    size_t block_n;
    long turn; /* how many times `again` was sent */
    int error; /* errno value of the last write */
};

/* Returns the row that `path` begins with (such as "16b/"), or NULL. Sets *rest to the
 * path after it. */
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

/* Answers as page `k` of the ring: redirects to the next page, or from the last page to
 * the first. */
static inline void zoo_redirect(struct zoo_peer *self, int k)
{
    char to[16] = "./";
    int n;

    if (self->row->ring < 0 || k + 1 < self->row->ring)
        snprintf(to, sizeof to, "%d", k + 1);
    n = snprintf(self->text, sizeof self->text, TO("%s\r\n\r\n"), to);
    self->answer = (struct zoo_text){ self->text, (size_t)n };
}

/* Chooses the answer to the request. The row must be known. */
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

/* Finds the row and the path: in "GET /16b/next HTTP/1.1\r\n...", row 16b and "next". */
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
