/*
 * streams.c - checks of streams: reading at every cut, the limit, the end, the marks of
 * writing, and the state after a cancel or a close. The expected results of reads and
 * marks are those of CPython 3.13 in the same cases.
 */
#include "stream_case.h"

#include <signal.h>

/* ---- reading ---- */

static const char script[] = "one\r\nhead: a\r\nb: c\r\n\r\n12345rest";

struct reads {
    struct coro co;
    struct stream *stream;
    struct stream_read read;
    size_t rest;
};

static co_status reads_body(struct coro *co)
{
    struct reads *self = co_self(co, struct reads);
    int err;

    ASYNC (co) {
        AWAIT_CATCH(err, stream_readline(&self->read, self->stream));
        show(err, &self->read);
        AWAIT_CATCH(err, stream_readuntil(&self->read, self->stream, "\r\n\r\n"));
        show(err, &self->read);
        AWAIT_CATCH(err, stream_readexactly(&self->read, self->stream, 5));
        show(err, &self->read);
        self->rest = 0;
        do {
            AWAIT(stream_read(&self->read, self->stream, 3));
            EXPECT(self->read.n <= 3);
            self->rest += self->read.n;
        } while (self->read.n > 0);
        trace("%d", (int)self->rest);
    }
    return co_done(co);
}

/* The script in two parts, or in steps of one byte when `first` is 0. */
static void read_script(size_t first)
{
    int descriptors = count_open();
    struct reads reads = { .stream = &stage.near };
    struct task task;

    open_virtual_loop();
    connect_ends();
    start(0, peer(&stage.peer, &stage.far, script, sizeof script - 1, first,
                  first > 0 ? sizeof script : 1, true));
    loop_create_task(&loop, &task, co_init(&reads.co, reads_body));
    EXPECT_INT(loop_run_until_complete(&loop, &task), 0);
    EXPECT_TRACE("oneRN head: aRNb: cRNRN 12345 4");
    EXPECT_INT(loop_run_until_complete(&loop, &stage.task[0]), 0);
    stream_close(&stage.near);
    stream_close(&stage.far);
    close_empty_loop(descriptors);
}

static void every_cut(void)
{
    for (size_t first = 0; first < sizeof script; first++)
        read_script(first);
}

static char pattern[300 * 1000];

static void make_pattern(void)
{
    for (size_t i = 0; i < sizeof pattern; i++)
        pattern[i] = (char)(i * 31 + i / 251);
}

/* readexactly() ignores the limit; memory grows as bytes arrive. */
CASE(every_step)
{
    static const size_t steps[] = { 1, 2, 3, 7, 64, 1000, 4096, 65536, 100000 };
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        make_pattern();
        for (self->i = 0; self->i < (int)(sizeof steps / sizeof *steps); self->i++) {
            start(0, peer(&self->peer, &self->far, pattern, 100000, 0, steps[self->i],
                          false));
            AWAIT(stream_readexactly(&self->read[0], &self->near, 100000));
            EXPECT(memcmp(self->read[0].data, pattern, 100000) == 0);
            AWAIT(&self->task[0]);
        }
        start(0,
              peer(&self->peer, &self->far, pattern, sizeof pattern, 0, 100000, false));
        for (self->n = 0; self->n < sizeof pattern;
             self->n += 25000) { /* across the buffer */
            AWAIT(stream_readexactly(&self->read[0], &self->near, 25000));
            EXPECT(memcmp(self->read[0].data, pattern + self->n, 25000) == 0);
        }
        AWAIT(&self->task[0]);
    }
    return co_done(co);
}

struct limited {
    const char *sent, *separator, *expected;
};

static const struct limited limited[] = {
    { "0123456789\n", "\n", "0123456789N" },
    { "0123456789a\n", "\n", "OVERRUN()" },
    { "0123456789a", "\n", "OVERRUN()" },
    { "0123456789", "\n", "INCOMPLETE(0123456789)" },
    { "0123456789\r\n\r\n", "\r\n\r\n", "0123456789RNRN" },
    { "0123456789a\r\n\r\n", "\r\n\r\n", "OVERRUN()" },
    { "0123456789\r\n\r", "\r\n\r\n", "INCOMPLETE(0123456789RNR)" },
    { "\r\n\r\r\n\r\n", "\r\n\r\n", "RNRRNRN" },
    { "aaab", "aab", "aaab" },
    { "", "\n", "INCOMPLETE()" },
};

struct until {
    struct coro co;
    const struct limited *row;
    struct stream_read read;
    size_t n;
};

static co_status until_body(struct coro *co)
{
    struct until *self = co_self(co, struct until);
    int err;

    ASYNC (co) {
        AWAIT_CATCH(err,
                    stream_readuntil(&self->read, &stage.near, self->row->separator));
        show(err, &self->read);
        if (err == AIO_LIMIT_OVERRUN) { /* it has consumed nothing */
            AWAIT(stream_readexactly(&self->read, &stage.near, strlen(self->row->sent)));
            EXPECT(memcmp(self->read.data, self->row->sent, self->read.n) == 0);
        }
    }
    return co_done(co);
}

static void limit_row(const struct limited *row, size_t first)
{
    int descriptors = count_open();
    struct until until = { .row = row };
    struct task task;

    open_virtual_loop();
    connect_ends();
    stage.near.limit = 10;
    start(0, peer(&stage.peer, &stage.far, row->sent, strlen(row->sent), first,
                  first > 0 ? 1000 : 1, true));
    loop_create_task(&loop, &task, co_init(&until.co, until_body));
    EXPECT_INT(loop_run_until_complete(&loop, &task), 0);
    EXPECT_TRACE(row->expected);
    EXPECT_INT(loop_run_until_complete(&loop, &stage.task[0]), 0);
    stream_close(&stage.near);
    stream_close(&stage.far);
    close_empty_loop(descriptors);
}

static void limits(void)
{
    for (size_t i = 0; i < sizeof limited / sizeof *limited; i++)
        for (size_t first = 0; first <= strlen(limited[i].sent); first++)
            limit_row(&limited[i], first);
}

/* Zero bytes are requested, or no more bytes arrive. */
CASE(ends)
{
    struct stage *self = co_self(co, struct stage);
    struct stream_read *read = &self->read[0];
    int err;

    ASYNC (co) {
        AWAIT(stream_read(read, &self->near, 0));
        show(0, read);
        AWAIT(stream_readexactly(read, &self->near, 0));
        show(0, read);
        stream_write(&self->far, "abc", 3);
        stream_close(&self->far);
        AWAIT_CATCH(err, stream_readexactly(read, &self->near, 10));
        show(err, read);
        AWAIT_CATCH(err, stream_readexactly(read, &self->near, 1));
        show(err, read);
        AWAIT(stream_readline(read, &self->near));
        show(0, read);
        AWAIT(stream_read(read, &self->near, 10));
        show(0, read);
        EXPECT_TRACE("- - INCOMPLETE(abc) INCOMPLETE() - -");
    }
    return co_done(co);
}

CASE(last_line)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        stream_write(&self->far, "one\ntwo", 7);
        stream_close(&self->far);
        for (self->i = 0; self->i < 3; self->i++) {
            AWAIT(stream_readline(&self->read[0], &self->near));
            show(0, &self->read[0]);
        }
        EXPECT_TRACE("oneN two -");
    }
    return co_done(co);
}

/* Either side may close its direction and go on reading. */
CASE(half_close)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        stream_write(&self->near, "ask", 3);
        EXPECT_INT(stream_write_eof(&self->near), 0);
        AWAIT(stream_readline(&self->read[0], &self->far));
        show(0, &self->read[0]);
        stream_write(&self->far, "answer", 6);
        stream_close(&self->far);
        AWAIT(stream_readline(&self->read[0], &self->near));
        show(0, &self->read[0]);
        EXPECT_TRACE("ask answer");
    }
    return co_done(co);
}

/* ---- a cancel, a close ---- */

static size_t total; /* bytes of the pattern read so far, all in order */

static co_status greedy_body(struct coro *co)
{
    struct stream_read *read = &stage.read[0];

    ASYNC (co) {
        for (;;) {
            AWAIT(stream_read(read, &stage.near, 30000));
            if (read->n == 0)
                break;
            EXPECT(memcmp(read->data, pattern + total, read->n) == 0);
            total += read->n;
        }
    }
    return co_done(co);
}

/* However often the reader is cancelled, in any pass, no byte is lost. */
CASE(cancelled_reads)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        make_pattern();
        total = 0;
        start(0, peer(&self->peer, &self->far, pattern, sizeof pattern, 0, 100000, true));
        for (self->i = 0; self->i < 60; self->i++) {
            start(1, co_init(&self->any[0], greedy_body));
            for (self->k = self->i % 7; self->k > 0; self->k--)
                YIELD();
            task_cancel(&self->task[1], NULL);
            AWAIT_CATCH_ALL(err, &self->task[1]);
            EXPECT(err == ECANCELED || total == sizeof pattern);
            EXPECT(self->near.sock.reader == NULL);
        }
        start(1, co_init(&self->any[0], greedy_body));
        AWAIT(&self->task[1]);
        EXPECT_INT(total, sizeof pattern);
        AWAIT(&self->task[0]);
    }
    return co_done(co);
}

static co_status read_any_body(struct coro *co)
{
    struct stream_read *read = &stage.read[0];

    ASYNC (co) {
        AWAIT(stream_read(read, &stage.near, 10));
    }
    return co_done(co);
}

CASE(close_while_reading)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        start(0, co_init(&self->any[0], read_any_body));
        YIELD();
        AWAIT_CATCH(err, stream_read(&self->read[1], &self->near, 10));
        trace("second reader %s", error_name(err));
        stream_close(&self->near);
        AWAIT_CATCH(err, &self->task[0]);
        trace("reader %s", error_name(err));
        AWAIT_CATCH(err, stream_read(&self->read[1], &self->near, 10));
        trace("later %s", error_name(err));
        trace("write %s", error_name(stream_write(&self->near, "x", 1)));
        EXPECT_TRACE("second reader EBUSY reader ECONNABORTED later EBADF "
                     "write ECONNABORTED");
        EXPECT(self->near.in == NULL);
        stream_close(&self->near);
    }
    return co_done(co);
}

/* A cancelled reader does not block the next one. */
CASE(cancelled_reader)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        start(0, co_init(&self->any[0], read_any_body));
        AWAIT(async_sleep(&self->sleep, 1));
        task_cancel(&self->task[0], NULL);
        AWAIT_CATCH_ALL(err, &self->task[0]);
        EXPECT_INT(err, ECANCELED);
        EXPECT(self->near.sock.reader == NULL);
        start(0, co_init(&self->any[0], read_any_body));
        AWAIT(async_sleep(&self->sleep, 1));
        stream_write(&self->far, "abc", 3);
        AWAIT(&self->task[0]);
        EXPECT_INT(self->read[0].n, 3);
    }
    return co_done(co);
}

/* A pass may bring both bytes and a cancel: the bytes wait for the next reader. */
CASE(cancel_beside_bytes)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        for (self->i = 0; self->i < 4; self->i++) {
            start(0, co_init(&self->any[0], read_any_body));
            YIELD();
            stream_write(&self->far, "abc", 3);
            for (self->k = self->i; self->k > 0; self->k--)
                YIELD();
            task_cancel(&self->task[0], NULL);
            AWAIT_CATCH_ALL(err, &self->task[0]);
            if (err == 0) {
                EXPECT_INT(self->read[0].n, 3);
                continue;
            }
            AWAIT(stream_readexactly(&self->read[1], &self->near, 3));
            EXPECT(memcmp(self->read[1].data, "abc", 3) == 0);
        }
    }
    return co_done(co);
}

/* A reader that always finds bytes still lets the other tasks run. */
static int ticks;

static co_status tick_body(struct coro *co)
{
    ASYNC (co) {
        for (ticks = 0;; ticks++)
            YIELD();
    }
    return co_done(co);
}

CASE(fair)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        make_pattern();
        start(0, co_init(&self->any[0], tick_body));
        for (self->i = 0; self->i < 3; self->i++) {
            stream_write(&self->far, pattern, 150000);
            EXPECT_INT(stream_unsent(&self->far), 0);
            self->k = ticks;
            AWAIT(stream_readexactly(&self->read[0], &self->near, 150000));
            EXPECT(ticks - self->k >= 2); /* more than STREAM_BUFFER: received twice */
        }
        task_cancel(&self->task[0], NULL);
        AWAIT_CATCH_ALL(err, &self->task[0]);
        EXPECT_INT(err, ECANCELED);
    }
    return co_done(co);
}

/* The peer closes before it has read all bytes; a later write raises no signal. */
CASE(reset)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        signal(SIGPIPE, SIG_DFL);
        stream_write(&self->near, "unread", 6);
        stream_close(&self->far);
        AWAIT_CATCH(err, stream_read(&self->read[0], &self->near, 10));
        trace("read %s", error_name(err));
        trace("write %s", error_name(stream_write(&self->near, "x", 1)));
        trace("again %s", error_name(stream_write(&self->near, "x", 1)));
        AWAIT_CATCH(err, stream_drain(&self->drain[0], &self->near));
        trace("drain %s", error_name(err));
        EXPECT_TRACE("read ECONNRESET write EPIPE again EPIPE drain EPIPE");
    }
    return co_done(co);
}

CHECK_MAIN({ "readline, readuntil, readexactly, read at every cut", every_cut },
           { "100,000 bytes in steps of 1 to 100,000", every_step },
           { "the limit at every cut: overrun takes nothing", limits },
           { "nothing asked for, end of the stream, partial", ends },
           { "the last line has no end", last_line }, { "half-close", half_close },
           { "cancelled in any pass, no byte is lost", cancelled_reads },
           { "a cancelled reader is in nobody's way", cancelled_reader },
           { "bytes and a cancel in one pass", cancel_beside_bytes },
           { "closed while somebody reads; a second reader", close_while_reading },
           { "a busy reader hands the turn back", fair },
           { "a reset, and no SIGPIPE", reset })
