/*
 * zoo-peer.h - the coroutine that plays a row on a connection: it sends the row's bytes
 * and counts the requests. Read next: zoo.c.
 */
#ifndef ZOO_PEER_H
#define ZOO_PEER_H

#include <sys/socket.h>

#include "zoo-answer.h"

static inline void zoo_fill_block(struct zoo_peer *self)
{
    const struct zoo_text *again = &self->row->again;
    size_t times = self->row->pause > 0 || again->n == 0 ? 1 : ZOO_BLOCK / again->n;

    free(self->block);
    self->block = malloc(times * again->n + 1);
    self->block_n = times * again->n;
    for (size_t i = 0; i < times; i++)
        memcpy(self->block + i * again->n, again->at != NULL ? again->at : "", again->n);
    self->turn = 0;
}

/* Returns true when more of `again` is to be sent; then sets `answer` to the block, or to
 * its beginning. */
static inline bool zoo_more(struct zoo_peer *self)
{
    const struct zoo_row *row = self->row;
    size_t left;

    if (!self->plays || self->error != 0 || (row->again.n == 0 && row->pause <= 0) ||
        (row->times > 0 && self->turn >= row->times))
        return false;
    left = (size_t)(row->times - self->turn) * row->again.n;
    self->answer = (struct zoo_text){ self->block, self->block_n };
    if (row->times > 0 && left < self->block_n)
        self->answer.n = left;
    self->turn += row->again.n > 0 ? (long)(self->answer.n / row->again.n) : 1;
    return true;
}

static inline void zoo_count_sent(struct zoo_peer *self, int err)
{
    self->error = err;
    if (err == 0 && self->count != NULL)
        self->count->bytes += self->answer.n;
}

/* Returns true when another request is to be read after this answer. */
static inline bool zoo_goes_on(const struct zoo_peer *self)
{
    return self->error == 0 &&
           (!self->plays || self->row->end == ZOO_NEXT || self->row->end == ZOO_ONCE);
}

static inline void zoo_end(struct zoo_peer *self)
{
    struct linger none = { 1, 0 };

    if (self->row != NULL && self->plays && self->row->end == ZOO_RESET)
        setsockopt(self->stream.sock.fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    free(self->block);
    stream_close(&self->stream);
    server_detach(self->server);
}

/* Reads a request, or only its first byte when the row is deaf: the unread bytes turn the
 * close into a reset. */
static inline struct coro *zoo_listen(struct zoo_peer *self)
{
    if (self->row != NULL && self->row->deaf)
        return sock_recv(&self->recv, &self->stream.sock, self->text, 1);
    return stream_readuntil(&self->read, &self->stream, "\r\n\r\n");
}

static inline struct coro *zoo_send(struct zoo_peer *self)
{
    stream_write(&self->stream, self->answer.at, self->answer.n);
    return stream_flush(&self->drain, &self->stream);
}

/* Waits until the other side sends more or closes. */
static inline struct coro *zoo_wait(struct zoo_peer *self)
{
    return stream_read(&self->read, &self->stream, 4096);
}

/* Returns true, and counts the request, when it is the second one and the row answers
 * only one. */
static inline bool zoo_has_enough(struct zoo_peer *self)
{
    bool enough = self->plays && self->row->end == ZOO_ONCE;

    if (enough && self->count != NULL)
        self->count->requests++;
    return enough;
}

/* Returns true when the request contains the userinfo, "me:secret", of the URL that row
 * 40d redirects to, or any Authorization field. */
static inline bool zoo_tells_secret(const struct zoo_peer *self)
{
    static char text[4096];

    if (self->row->deaf)
        return false;
    snprintf(text, sizeof text, "%.*s", (int)self->read.n, self->read.data);
    return strstr(text, "secret") != NULL || strstr(text, "uthorization") != NULL;
}

static inline void zoo_heard(struct zoo_peer *self)
{
    if (self->row == NULL || !self->row->deaf)
        zoo_take_request(self);
    if (self->count != NULL)
        self->count->secrets += zoo_tells_secret(self);
    if (self->count != NULL)
        self->count->requests++;
    zoo_choose(self);
    zoo_fill_block(self);
}

static inline co_status zoo_body(struct coro *co)
{
    struct zoo_peer *self = co_self(co, struct zoo_peer);
    int err;

    ASYNC (co) {
        do {
            AWAIT_CATCH(err, zoo_listen(self));
            if (err != 0)
                return co_done(co);
            if (zoo_has_enough(self))
                return co_done(co);
            zoo_heard(self);
            if (self->row->latency > 0)
                AWAIT(async_sleep(&self->sleep, self->row->latency));
            for (;;) {
                AWAIT_CATCH(err, zoo_send(self));
                zoo_count_sent(self, err);
                if (!zoo_more(self))
                    break;
                if (self->row->pause > 0)
                    AWAIT(async_sleep(&self->sleep, self->row->pause));
            }
        } while (zoo_goes_on(self));
        if (self->error == 0 && self->row->end == ZOO_SILENT)
            AWAIT_CATCH(err, zoo_wait(self));

    FINALLY:
        zoo_end(self);
    }
    return co_done(co);
}

/* Returns a new peer for zoo_play(). `row` is the row of the address, or NULL when only
 * the path names a row. `known` is the row for a path that names none. */
static inline struct zoo_peer *zoo_peer(const struct zoo_row *row,
                                        const struct zoo_row *known)
{
    struct zoo_peer *self = calloc(1, sizeof *self);

    self->row = row;
    self->known = known;
    return self;
}

/* Plays on `fd`, a connection of `server`. The peer frees itself. */
static inline void zoo_play(struct zoo_peer *self, struct server *server, int fd)
{
    struct loop *loop = server->listener.loop;

    self->server = server;
    stream_adopt(&self->stream, loop, fd);
    loop_create_task(loop, &self->task, co_init(&self->co, zoo_body));
    task_detach(&self->task);
}

#endif
