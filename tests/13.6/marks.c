/*
 * marks.c - checks of writing: the high and low marks of drain, which tasks wait for
 * them, and the effect of a cancel, a close or a broken connection on the waiters. The
 * order is CPython 3.13's, except where a close ends a wait: asyncio's close() goes on
 * sending.
 */
#include "stream_case.h"

enum { MANY = 2 * 1024 * 1024 };

static char many[MANY];
static const char *const names[] = { "a", "b", "c", "flush" };

/* any[0..2] drain, any[3] flushes; each reports how it ends. */
static co_status drainer_body(struct coro *co)
{
    int n = (int)(co - stage.any), err;

    ASYNC (co) {
        trace("%s+", names[(int)(co - stage.any)]);
        AWAIT_CATCH_ALL(
            err, (n < 3 ? stream_drain : stream_flush)(&stage.drain[n], &stage.near));
        trace(err == 0 ? "%s" : "%s=%s", names[n], error_name(err));
        return co_raise(co, err == ECANCELED ? err : 0);
    }
    return co_done(co);
}

static void start_drainer(int n)
{
    start(n, co_init(&stage.any[n], drainer_body));
}

/* Read at the far end until no more than `left` bytes are unsent at the near one. */
struct take {
    struct coro co;
    size_t left;
    struct stream_read read;
};

static co_status take_body(struct coro *co)
{
    struct take *self = co_self(co, struct take);

    ASYNC (co) {
        while (stream_unsent(&stage.near) > self->left) {
            AWAIT(stream_read(&self->read, &stage.far, 4096));
            YIELD(); /* let the pump send */
        }
    }
    return co_done(co);
}

static struct take taker;

static struct coro *take(size_t left)
{
    taker.left = left;
    return co_init(&taker.co, take_body);
}

/* Make the socket buffers small, so that the unsent bytes shrink in small steps. */
static void hold_little(void)
{
    int little = 4096;

    setsockopt(stage.near.sock.fd, SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
}

static void write_many(void)
{
    hold_little();
    EXPECT_INT(stream_write(&stage.near, many, MANY), 0);
    EXPECT(stream_unsent(&stage.near) > STREAM_HIGH_MARK);
}

static void fill_to(size_t unsent)
{
    write_many();
    stage.near.out_start = stage.near.out_end - unsent; /* pretend to have sent it */
    stage.near.paused = unsent > STREAM_HIGH_MARK;
}

CASE(below_the_mark)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        start_drainer(0);
        AWAIT(&self->task[0]); /* nothing is unsent */
        fill_to(STREAM_HIGH_MARK);
        self->n = loop.turns;
        AWAIT(stream_drain(&self->drain[1], &self->near));
        EXPECT_INT(loop.turns - self->n, 0);
        EXPECT_TRACE("a+ a");
        self->near.out_start++; /* one byte below the mark: no effect, */
        stream_write(&self->near, "x", 1);
        EXPECT(!self->near.paused);
        stream_write(&self->near, "x", 1); /* one more does */
        EXPECT(self->near.paused);
    }
    return co_done(co);
}

/* After the high mark was exceeded, a drain waits for the low mark, also between the
 * two. */
CASE(between_the_marks)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        fill_to(STREAM_HIGH_MARK + 1);
        start_drainer(0);
        AWAIT(take(STREAM_HIGH_MARK));
        start_drainer(1);
        AWAIT(async_sleep(&self->sleep, 1));
        EXPECT_TRACE("a+ b+");
        AWAIT(take(STREAM_LOW_MARK));
        AWAIT(&self->task[1]);
        EXPECT_TRACE("a b");
        start_drainer(2);
        AWAIT(&self->task[2]);
        EXPECT_TRACE("c+ c");
    }
    return co_done(co);
}

/* All wake, in the order in which they came; a cancelled one leaves the list. */
CASE(several)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        write_many();
        for (self->i = 0; self->i < 3; self->i++)
            start_drainer(self->i);
        AWAIT(async_sleep(&self->sleep, 1));
        task_cancel(&self->task[1], NULL);
        AWAIT(async_sleep(&self->sleep, 1));
        EXPECT_TRACE("a+ b+ c+ b=ECANCELED");
        AWAIT(take(STREAM_LOW_MARK));
        AWAIT(&self->task[2]);
        EXPECT_TRACE("a c");
    }
    return co_done(co);
}

CASE(flush_waits_for_all)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        write_many();
        start_drainer(3);
        start_drainer(0);
        AWAIT(take(STREAM_LOW_MARK));
        AWAIT(&self->task[0]);
        EXPECT_TRACE("flush+ a+ a");
        AWAIT(take(0));
        AWAIT(&self->task[3]);
        EXPECT_TRACE("flush");
    }
    return co_done(co);
}

/* Cancelled in any pass, a drainer leaves no entry in the list of waiters. */
CASE(cancelled_anywhere)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        write_many();
        for (self->i = 0; self->i < 12; self->i++) {
            start_drainer(self->i % 2 * 3);
            for (self->k = self->i / 2; self->k > 0; self->k--)
                YIELD();
            task_cancel(&self->task[self->i % 2 * 3], NULL);
            AWAIT_CATCH_ALL(err, &self->task[self->i % 2 * 3]);
            EXPECT_INT(err, ECANCELED);
            EXPECT(ring_empty(&self->near.drainers.ring));
        }
        trace_reset();
    }
    return co_done(co);
}

CASE(closed_while_draining)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        write_many();
        start_drainer(0);
        start_drainer(3);
        AWAIT(async_sleep(&self->sleep, 1));
        stream_close(&self->near);
        stream_close(&self->near);
        AWAIT(&self->task[3]);
        start_drainer(1);
        AWAIT(&self->task[1]);
        EXPECT_TRACE("a+ flush+ a=ECONNABORTED flush=ECONNABORTED b+ b=ECONNABORTED");
    }
    return co_done(co);
}

/* The peer closes while tasks wait for it: drain raises the error. */
CASE(broken_while_draining)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        write_many();
        start_drainer(0);
        start_drainer(3);
        AWAIT(async_sleep(&self->sleep, 1));
        stream_close(&self->far);
        AWAIT(&self->task[3]);
        EXPECT_TRACE("a+ flush+ a=EPIPE flush=EPIPE");
        err = stream_write(&self->near, "x", 1);
        EXPECT_INT(err, EPIPE);
    }
    return co_done(co);
}

/* The written bytes arrive in order, however little the reader takes at a time. */
CASE(in_order)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        for (size_t i = 0; i < MANY; i++)
            many[i] = (char)(i * 7 + i / 253);
        for (self->n = 0; self->n < MANY; self->n += 32768)
            EXPECT_INT(stream_write(&self->near, many + self->n, 32768), 0);
        AWAIT(stream_readexactly(&self->read[0], &self->far, MANY));
        EXPECT(memcmp(self->read[0].data, many, MANY) == 0);
        EXPECT_INT(stream_unsent(&self->near), 0);
    }
    return co_done(co);
}

/* The same while another task reads, and with a writer that drains. */
static co_status read_all_body(struct coro *co)
{
    struct stream_read *read = &stage.read[0];

    ASYNC (co) {
        for (stage.n = 0; stage.n < MANY; stage.n += read->n) {
            AWAIT(stream_read(read, &stage.far, 5000));
            EXPECT(memcmp(read->data, many + stage.n, read->n) == 0);
        }
    }
    return co_done(co);
}

CASE(in_order_drained)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        for (size_t i = 0; i < MANY; i++)
            many[i] = (char)(i * 7 + i / 253);
        hold_little();
        start(0, co_init(&self->any[0], read_all_body));
        for (self->i = 0; self->i < MANY; self->i += 32768) {
            EXPECT_INT(stream_write(&self->near, many + self->i, 32768), 0);
            AWAIT(stream_drain(&self->drain[0], &self->near));
        }
        AWAIT(&self->task[0]);
        EXPECT_INT(self->n, MANY);
        EXPECT(self->near.out_room <= 4 * STREAM_HIGH_MARK);
    }
    return co_done(co);
}

CHECK_MAIN({ "up to the high mark drain waits for nothing", below_the_mark },
           { "above it, for the low mark", between_the_marks },
           { "several wait and all wake; one is cancelled", several },
           { "flush waits for all", flush_waits_for_all },
           { "cancelled in any pass, nothing stays in line", cancelled_anywhere },
           { "closed while they wait", closed_while_draining },
           { "broken while they wait", broken_while_draining },
           { "written in pieces, read in order", in_order },
           { "the same, drained: the buffer stays small", in_order_drained })
