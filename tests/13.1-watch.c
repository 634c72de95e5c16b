/*
 * 13.1-watch.c - readers and writers, the same under poll, select and epoll. The traces
 * are CPython 3.13's.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "13.1-help.h"

static int ends[2]; /* of a pipe or a socket pair */

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

/* Run `body` under each selector that is compiled in. */
static void by_each(void (*body)(const struct selector *selector))
{
    for (int i = 0; selectors[i] != NULL; i++)
        body(selectors[i]);
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

/* The reader is ready already when an earlier callback of the same pass takes it away. */
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

/* The other end goes away: readers read the end, writers get EPIPE, both must wake. */
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
        continue; /* so that it is not writable but broken */
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

/* The number is closed, given out again by the system, and watched again. */
static void closed(const struct selector *selector)
{
    struct word r = { .text = "r" };
    struct word again = { .text = "again", .stops = true };
    int number, others[2];

    begin_by(selector);
    open_pair();
    number = ends[0];
    loop_add_reader(&loop, number, &r.handle, say_handle);
    close_pair();
    EXPECT(loop_remove_reader(&loop, number));
    EXPECT(!loop_remove_reader(&loop, number));

    open_pair();
    EXPECT_INT(ends[0], number);
    loop_add_reader(&loop, number, &r.handle, say_handle);
    close_pair(); /* forgotten: the loop still thinks that it watches it */
    EXPECT_INT(pipe(others), 0);
    EXPECT_INT(others[0], number);
    EXPECT_INT(write(others[1], "x", 1), 1);
    loop_remove_reader(&loop, number);
    EXPECT_INT(loop_add_reader(&loop, number, &again.handle, say_handle), 0);
    loop_run_forever(&loop);
    EXPECT_TRACE("again@1");
    EXPECT(loop_remove_reader(&loop, number));
    close(others[0]);
    close(others[1]);
    end();
}

static void removing_after_close_is_harmless(void)
{
    by_each(closed);
}

/* The same, and the other side of the new one is added while the old one's is there. */
static void reused(const struct selector *selector)
{
    struct word r = { .text = "r" }, w = { .text = "w", .stops = true };

    begin_by(selector);
    open_pair();
    loop_add_reader(&loop, ends[0], &r.handle, say_handle);
    close_pair();
    open_pair();
    EXPECT_INT(loop_add_writer(&loop, ends[0], &w.handle, say_handle), 0);
    loop_run_forever(&loop);
    EXPECT_TRACE("w@1");
    EXPECT(loop_remove_writer(&loop, ends[0]) && loop_remove_reader(&loop, ends[0]));
    close_pair();
    end();
}

static void a_number_given_out_again_is_watched(void)
{
    by_each(reused);
}

static void no_such_descriptor(const struct selector *selector)
{
    struct word w = { .text = "w" };

    begin_by(selector);
    EXPECT_INT(loop_add_reader(&loop, -1, &w.handle, say_handle), EBADF);
    EXPECT_INT(loop_add_writer(&loop, -5, &w.handle, say_handle), EBADF);
    end();
}

static void a_negative_descriptor_is_refused(void)
{
    by_each(no_such_descriptor);
}

static void epoll_refuses_a_regular_file(void)
{
    struct word w = { .text = "w" };
    int fd = open("/proc/self/exe", O_RDONLY);

    begin_by(selectors[0]);
    if (strcmp(selectors[0]->name, "epoll") == 0) {
        EXPECT_INT(loop_add_reader(&loop, fd, &w.handle, say_handle), EPERM);
        EXPECT(!loop_remove_reader(&loop, fd));
    }
    close(fd);
    end();
}

static void select_refuses_high_numbers(void)
{
    struct word w = { .text = "w" };
    struct rlimit limit;
    int high;

    begin_by(&selector_select);
    EXPECT_INT(pipe(ends), 0);
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur <= FD_SETSIZE && limit.rlim_max > FD_SETSIZE) {
        limit.rlim_cur = FD_SETSIZE + 10;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    high = fcntl(ends[0], F_DUPFD, FD_SETSIZE);
    EXPECT(high >= FD_SETSIZE);
    EXPECT_INT(loop_add_reader(&loop, high, &w.handle, say_handle), EINVAL);
    EXPECT(!loop_remove_reader(&loop, high));
    EXPECT_INT(loop.watched, 0);
    EXPECT_INT(loop_add_reader(&loop, ends[0], &w.handle, say_handle), 0);
    EXPECT(loop_remove_reader(&loop, ends[0]));
    close(high);
    close_pair();
    end();
}

/* ---- many at once: more than epoll reports in one wait ---- */

enum { PAIRS = 400 };
static struct word readers[PAIRS], writers[PAIRS];
static int pairs[PAIRS][2], calls;

static void count_reader(struct handle *h)
{
    struct word *w = container_of(h, struct word, handle);

    calls++;
    EXPECT(loop_remove_reader(&loop, pairs[w - readers][0]));
}

static void count_writer(struct handle *h)
{
    struct word *w = container_of(h, struct word, handle);

    calls++;
    EXPECT(loop_remove_writer(&loop, pairs[w - writers][1]));
}

static void many(const struct selector *selector)
{
    begin_by(selector);
    calls = 0;
    for (int i = 0; i < PAIRS; i++) {
        EXPECT_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]), 0);
        EXPECT_INT(write(pairs[i][1], "x", 1), 1);
        loop_add_reader(&loop, pairs[i][0], &readers[i].handle, count_reader);
        loop_add_writer(&loop, pairs[i][1], &writers[i].handle, count_writer);
    }
    run_one_pass();
    run_one_pass();
    EXPECT_INT(calls, 2 * PAIRS);
    for (int i = 0; i < PAIRS; i++) {
        close(pairs[i][0]);
        close(pairs[i][1]);
    }
    end();
}

static void eight_hundred_ready_descriptors(void)
{
    by_each(many);
}

/* ---- the environment ---- */

static void the_environment_names_the_policy(void)
{
    struct loop_policy policy;
    const char *wrong = NULL;

    for (int i = 0; selectors[i] != NULL; i++) {
        setenv("LOOP_SELECTOR", selectors[i]->name, 1);
        EXPECT_INT(loop_policy_from_environment(&policy, &wrong), 0);
        EXPECT(policy.selector == selectors[i] && policy.clock == &clock_monotonic);
    }
    setenv("LOOP_CLOCK", "virtual", 1);
    EXPECT_INT(loop_policy_from_environment(&policy, &wrong), 0);
    EXPECT(policy.clock == &clock_virtual);
    setenv("LOOP_CLOCK", "sundial", 1);
    EXPECT_INT(loop_policy_from_environment(&policy, &wrong), EINVAL);
    EXPECT_STR(wrong, "sundial");
    setenv("LOOP_SELECTOR", "nonesuch", 1);
    EXPECT_INT(loop_policy_from_environment(&policy, &wrong), EINVAL);
    EXPECT_STR(wrong, "nonesuch");
    EXPECT_INT(loop_init(&loop, NULL), EINVAL);
    EXPECT_INT(loop_close(&loop), 0); /* what was never open is closed */
    unsetenv("LOOP_SELECTOR");
    unsetenv("LOOP_CLOCK");
    EXPECT_INT(loop_policy_from_environment(&policy, &wrong), 0);
    EXPECT(policy.selector == selectors[0] && policy.clock == &clock_monotonic);
}

CHECK_MAIN({ "ready, then descriptors, then timers", ready_then_descriptors_then_timers },
           { "the reader before the writer; the last one counts",
             the_reader_before_the_writer_and_the_last_one_counts },
           { "a removed reader leaves the writer", a_removed_reader_leaves_the_writer },
           { "a reader removed in its pass does not run",
             a_reader_removed_in_its_pass_does_not_run },
           { "an event in the last pass is told once",
             an_event_in_the_last_pass_is_told_once },
           { "a hang-up wakes", a_hang_up_wakes },
           { "removing after close is harmless", removing_after_close_is_harmless },
           { "a number given out again is watched", a_number_given_out_again_is_watched },
           { "a negative descriptor is refused", a_negative_descriptor_is_refused },
           { "epoll refuses a regular file", epoll_refuses_a_regular_file },
           { "select refuses high numbers", select_refuses_high_numbers },
           { "800 ready descriptors", eight_hundred_ready_descriptors },
           { "the environment names the policy", the_environment_names_the_policy })
