/*
 * watch.c - readers and writers, the same under poll, select and epoll. The traces are
 * CPython 3.13's: each mark is a word and the turn of the loop.
 */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "turn_trace.h"

static int ends[2]; /* the ends of a pipe or a socket pair */

static void open_pair(void)
{
    EXPECT_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
}

static void close_pair(void)
{
    close(ends[0]);
    close(ends[1]);
}

static void remove_reader(struct handle *h)
{
    say_handle(h);
    loop_remove_reader(&loop, ends[0]);
}

static void remove_writer(struct handle *h)
{
    say_handle(h);
    loop_remove_writer(&loop, ends[0]);
}

static void order(const struct selector *selector)
{
    struct word zero = { .text = "later0", .stops = true }, past = { .text = "past" };
    struct word io = { .text = "io" }, ready = { .text = "soon" };

    begin_by(selector);
    open_pair();
    EXPECT_INT(write(ends[1], "x", 1), 1);
    later(&zero, 0);
    EXPECT_INT(loop_call_at(&loop, &past.timer, -1, say_timer), 0);
    loop_add_reader(&loop, ends[0], &io.handle, remove_reader);
    soon(&ready);
    loop_run_forever(&loop);
    EXPECT_TRACE("soon@1 io@1 past@1 later0@1");
    close_pair();
    end();
}

static void ready_then_descriptors_then_timers(void)
{
    by_each(order);
}

static void one_descriptor(const struct selector *selector)
{
    struct word w = { .text = "w" }, r1 = { .text = "r1" }, r2 = { .text = "r2" };
    struct word stop = { .text = "stop", .stops = true };

    begin_by(selector);
    open_pair();
    EXPECT_INT(write(ends[1], "x", 1), 1);
    EXPECT_INT(loop_add_writer(&loop, ends[0], &w.handle, remove_writer), 0);
    EXPECT_INT(loop_add_reader(&loop, ends[0], &r1.handle, say_handle), 0);
    EXPECT_INT(loop_add_reader(&loop, ends[0], &r2.handle, remove_reader), 0);
    later(&stop, 1);
    loop_run_forever(&loop);
    EXPECT_TRACE("r2@1 w@1 stop@2");
    EXPECT(!loop_remove_reader(&loop, ends[0]) && !loop_remove_writer(&loop, ends[0]));
    close_pair();
    end();
}

static void the_reader_before_the_writer_and_the_last_one_counts(void)
{
    by_each(one_descriptor);
}

static void one_side_removed(const struct selector *selector)
{
    struct word r = { .text = "r" }, w = { .text = "w", .stops = true };

    begin_by(selector);
    open_pair();
    EXPECT_INT(write(ends[1], "x", 1), 1);
    loop_add_reader(&loop, ends[0], &r.handle, say_handle);
    loop_add_writer(&loop, ends[0], &w.handle, say_handle);
    EXPECT(loop_remove_reader(&loop, ends[0]));
    EXPECT(!loop_remove_reader(&loop, ends[0]));
    loop_run_forever(&loop);
    EXPECT_TRACE("w@1");
    EXPECT(loop_remove_writer(&loop, ends[0]));
    EXPECT(!loop_remove_writer(&loop, ends[0]));
    EXPECT(!loop_remove_reader(&loop, -1) && !loop_remove_writer(&loop, 1 << 20));
    close_pair();
    end();
}

static void a_removed_reader_leaves_the_writer(void)
{
    by_each(one_side_removed);
}

static struct word replacement = { .text = "new" };

static void replace_reader(struct handle *h)
{
    say_handle(h);
    loop_add_reader(&loop, ends[0], &replacement.handle, remove_reader);
}

/* The reader is already ready when an earlier callback of the same pass removes it. */
static void taken_in_its_pass(const struct selector *selector)
{
    struct word old = { .text = "old" }, first = { .text = "first" };
    struct word stop = { .text = "stop", .stops = true };

    begin_by(selector);
    open_pair();
    EXPECT_INT(write(ends[1], "x", 1), 1);
    loop_add_reader(&loop, ends[0], &old.handle, say_handle);
    loop_call_soon(&loop, &first.handle, remove_reader);
    run_one_pass();
    loop_add_reader(&loop, ends[0], &old.handle, say_handle);
    loop_call_soon(&loop, &first.handle, replace_reader);
    later(&stop, 0.1);
    loop_run_forever(&loop);
    EXPECT_TRACE("first@1 first@2 new@3 stop@4");
    close_pair();
    end();
}

static void a_reader_removed_in_its_pass_does_not_run(void)
{
    by_each(taken_in_its_pass);
}

static void stopped(const struct selector *selector)
{
    struct word io = { .text = "io" }, stop = { .text = "stop", .stops = true };

    begin_by(selector);
    open_pair();
    EXPECT_INT(write(ends[1], "x", 1), 1);
    loop_add_reader(&loop, ends[0], &io.handle, remove_reader);
    soon(&stop);
    loop_run_forever(&loop);
    run_one_pass();
    EXPECT_TRACE("stop@1 io@1");
    close_pair();
    end();
}

static void an_event_in_the_last_pass_is_told_once(void)
{
    by_each(stopped);
}

/* The other end closes: readers read the end, writers get EPIPE, both must wake. */
static void hung_up(const struct selector *selector)
{
    struct word hup = { .text = "hup", .stops = true };
    struct word err = { .text = "err", .stops = true };

    begin_by(selector);
    EXPECT_INT(pipe(ends), 0);
    close(ends[1]);
    loop_add_reader(&loop, ends[0], &hup.handle, say_handle);
    loop_run_forever(&loop);
    loop_remove_reader(&loop, ends[0]);
    close(ends[0]);
    EXPECT_INT(pipe(ends), 0);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    while (write(ends[1], "full", 4) > 0)
        continue; /* so that it is broken and not writable */
    close(ends[0]);
    loop_add_writer(&loop, ends[1], &err.handle, say_handle);
    loop_run_forever(&loop);
    loop_remove_writer(&loop, ends[1]);
    close(ends[1]);
    EXPECT_TRACE("hup@1 err@2");
    end();
}

static void a_hang_up_wakes(void)
{
    by_each(hung_up);
}

CHECK_MAIN({ "ready, then descriptors, then timers", ready_then_descriptors_then_timers },
           { "the reader before the writer; the last one counts",
             the_reader_before_the_writer_and_the_last_one_counts },
           { "a removed reader leaves the writer", a_removed_reader_leaves_the_writer },
           { "a reader removed in its pass does not run",
             a_reader_removed_in_its_pass_does_not_run },
           { "an event in the last pass is told once",
             an_event_in_the_last_pass_is_told_once },
           { "a hang-up wakes", a_hang_up_wakes })
