/*
 * connect.c - connects to the addresses of a host, in a race or in order.
 *
 * In a race, each attempt is a task that only connects. One coroutine starts these tasks
 * and waits for them; on_ended() chooses the winner. Read
 * open_connection_staggered_body() first. Next: server.h.
 */
#include "connect.h"

static const struct future_kind connection_kind = { .what = "a connection",
                                                    .cancel = future_end_cancelled };

/* ---- the order of the attempts ---- */

static bool same_family(const struct address *a, const struct address *b)
{
    return a->any.sa_family == b->any.sa_family;
}

/* Returns the index of the `n`-th address, from 0, of the family of address `first`.
 * Returns -1 when there is none, or when `first` is not the first of its family. */
static int nth_of_family(const struct host_addresses *a, int first, int n)
{
    int seen = 0;

    for (int i = 0; i < a->count; i++) {
        if (!same_family(&a->address[i], &a->address[first]))
            continue;
        if (i < first)
            return -1;
        if (seen++ == n)
            return i;
    }
    return -1;
}

/* _interleave_addrinfos(): takes the first address of each family, then the second of
 * each, with the families in the order of their first addresses. */
static void interleave(struct open_connection_staggered *self)
{
    const struct host_addresses *a = self->addresses;

    for (int n = 0; self->count < a->count; n++) {
        for (int first = 0; first < a->count; first++) {
            struct staggered_attempt *next = &self->attempt[self->count];
            int i = nth_of_family(a, first, n);

            if (i < 0)
                continue;
            next->race = self;
            next->i = i;
            sock_init(&next->sock, self->stream->sock.loop);
            sock_connect(&next->connect, &next->sock, &a->address[i]);
            self->count++;
        }
    }
}

/* ---- the race ---- */

/* Wakes the coroutine, unless it is awake already. */
static void wake_up(struct open_connection_staggered *self)
{
    if (!future_done(&self->changed))
        future_set_result(&self->changed, NULL);
}

static void on_delay(struct handle *h)
{
    wake_up(container_of(h, struct open_connection_staggered, timer.handle));
}

static void cancel_all(struct open_connection_staggered *self)
{
    for (int i = 0; i < self->started; i++)
        task_cancel(&self->attempt[i].task, NULL);
}

/* Handles the end of an attempt. The failure of an earlier attempt than the latest
 * does not wake the coroutine, unless no attempt is running any more. */
static void on_ended(struct handle *h)
{
    struct staggered_attempt *attempt = container_of(h, struct staggered_attempt, ended);
    struct open_connection_staggered *self = attempt->race;
    bool latest = attempt == &self->attempt[self->started - 1];

    self->live--;
    attempt->error = future_error(&attempt->task.future);
    if (attempt->error == 0 && self->winner == NULL) {
        self->winner = attempt;
        cancel_all(self);
    } else {
        sock_close(
            &attempt->sock); /* open when it connected in the same pass as the winner */
    }
    if (latest || attempt == self->winner || self->live == 0)
        wake_up(self);
}

/* Starts the next attempt, if there is one, and the delay after it. Returns 0, or the
 * timer's error. */
static int start_next(struct open_connection_staggered *self)
{
    struct loop *loop = self->stream->sock.loop;
    struct staggered_attempt *next = &self->attempt[self->started];

    timer_cancel(loop, &self->timer);
    if (self->started == self->count)
        return 0;
    self->started++;
    self->live++;
    loop_create_task(loop, &next->task, &next->connect.co);
    handle_init(&next->ended);
    future_add_done_callback(&next->task.future, &next->ended, on_ended);
    if (self->started == self->count)
        return 0;
    return loop_call_later(loop, &self->timer, self->delay, on_delay);
}

/* Returns the future that wake_up() completes, initialized anew for each wait. */
static struct future *changed(struct open_connection_staggered *self)
{
    future_init_kind(&self->changed, self->stream->sock.loop, &connection_kind);
    return &self->changed;
}

static co_status open_connection_staggered_body(struct coro *co)
{
    struct open_connection_staggered *self =
        co_self(co, struct open_connection_staggered);
    struct loop *loop = get_running_loop();
    int err;

    ASYNC (co) {
        stream_init(self->stream, loop);
        if (self->addresses->count == 0)
            AWAIT(async_resolve(&self->resolve, self->addresses));
        interleave(self);
        if (self->count == 0)
            return co_raise(co, AIO_NAME);
        do {
            err = start_next(self);
            if (err != 0)
                return co_raise(co, err);
            AWAIT(changed(self));
        } while (self->winner == NULL && (self->live > 0 || self->started < self->count));
        while (self->live > 0)
            AWAIT(changed(self));
        if (self->winner == NULL)
            return co_raise(co, self->attempt[0].error);
        self->stream->sock = self->winner->sock; /* no callback of it is registered */
        sock_init(&self->winner->sock, loop);

    FINALLY: /* needed after an error or a cancel; otherwise nothing is left to do */
        timer_cancel(loop, &self->timer);
        cancel_all(self);
        while (self->live > 0)
            AWAIT_CATCH_ALL(err, changed(self));
        if (self->winner != NULL)
            sock_close(&self->winner->sock);
    }
    return co_done(co);
}

struct coro *open_connection_staggered(struct open_connection_staggered *self,
                                       struct stream *stream,
                                       struct host_addresses *addresses, double delay)
{
    self->stream = stream;
    self->addresses = addresses;
    self->delay = delay;
    self->count = self->started = self->live = 0;
    self->winner = NULL;
    timer_init(&self->timer);
    return co_init(&self->co, open_connection_staggered_body);
}

/* ---- one family, or a race of two ---- */

static bool two_families(const struct host_addresses *a)
{
    for (int i = 1; i < a->count; i++)
        if (a->address[i].any.sa_family != a->address[0].any.sa_family)
            return true;
    return false;
}

static co_status open_connection_body(struct coro *co)
{
    struct open_connection *self = co_self(co, struct open_connection);
    struct host_addresses *a = self->addresses;
    int err;

    ASYNC (co) {
        stream_init(self->stream, get_running_loop());
        if (a->count == 0)
            AWAIT(async_resolve(&self->resolve, a));
        if (two_families(a)) {
            AWAIT(
                open_connection_staggered(&self->race, self->stream, a, STAGGERED_DELAY));
            self->i = self->race.winner->i;
            return co_done(co);
        }
        for (self->i = 0; self->i < a->count; self->i++) {
            AWAIT_CATCH(err, sock_connect(&self->connect, &self->stream->sock,
                                          &a->address[self->i]));
            if (err == 0 || self->i + 1 == a->count)
                return co_raise(co, err);
        }
    }
    return co_done(co);
}

struct coro *open_connection(struct open_connection *self, struct stream *stream,
                             struct host_addresses *addresses)
{
    self->stream = stream;
    self->addresses = addresses;
    return co_init(&self->co, open_connection_body);
}
