/*
 * policy.c - selectors and clocks: the limits of each, many descriptors at once, a custom
 * clock, and the environment.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "turn_trace.h"

static void select_refuses_high_numbers(void)
{
    struct word w = { .text = "w" };
    struct rlimit limit;
    int high;

    begin_by(&selector_select);
    int ends[2];

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
    close(ends[0]);
    close(ends[1]);
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

static int waits;

static int counting_wait(struct loop *l, double timeout)
{
    waits++;
    return clock_virtual.wait(l, timeout);
}

static double counting_time(struct loop *l)
{
    return clock_virtual.time(l);
}

/* A custom policy: the trace is the same, and a busy pass without descriptors makes no
 * system call. */
static void a_counting_policy_changes_no_trace(void)
{
    static const struct clock counting = { "counting", counting_time, counting_wait };
    struct loop_policy policy = { &selector_select, &counting };
    struct word a = { .text = "A" }, fast = { .text = "fast" };
    struct word slow = { .text = "slow", .stops = true };

    waits = 0;
    EXPECT_INT(loop_init(&loop, &policy), 0);
    later(&slow, 0.2);
    later(&fast, 0.1);
    soon(&a);
    loop_run_forever(&loop);
    EXPECT_TRACE("A@1 fast@2 slow@3");
    EXPECT_INT(waits, 2);
    end();
}

/* ---- virtual time stands still while somebody works for the loop ---- */

static int pipe_ends[2];

static void *write_later(void *unused)
{
    struct timespec moment = { 0, 20000000 };

    nanosleep(&moment, NULL);
    EXPECT_INT(write(pipe_ends[1], "x", 1), 1);
    return unused;
}

static void end_hold(struct handle *h)
{
    say_handle(h);
    EXPECT(loop_time(&loop) == 0);
    loop_remove_reader(&loop, pipe_ends[0]);
    loop_hold(&loop, -1);
}

static void virtual_time_waits_for_what_is_held(void)
{
    struct word io = { .text = "io" }, timer = { .text = "timer", .stops = true };
    pthread_t thread;

    begin();
    EXPECT_INT(pipe(pipe_ends), 0);
    later(&timer, 5);
    loop_add_reader(&loop, pipe_ends[0], &io.handle, end_hold);
    loop_hold(&loop, +1);
    pthread_create(&thread, NULL, write_later, NULL);
    loop_run_forever(&loop);
    pthread_join(thread, NULL);
    EXPECT_TRACE("io@1 timer@2");
    EXPECT(loop_time(&loop) == 5);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    end();
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
    EXPECT_INT(loop_close(&loop), 0); /* the selector was never opened */
    unsetenv("LOOP_SELECTOR");
    unsetenv("LOOP_CLOCK");
    EXPECT_INT(loop_policy_from_environment(&policy, &wrong), 0);
    EXPECT(policy.selector == selectors[0] && policy.clock == &clock_monotonic);
}

CHECK_MAIN({ "select refuses high numbers", select_refuses_high_numbers },
           { "800 ready descriptors", eight_hundred_ready_descriptors },
           { "a policy of one's own", a_counting_policy_changes_no_trace },
           { "virtual time waits for what is held", virtual_time_waits_for_what_is_held },
           { "the environment names the policy", the_environment_names_the_policy })
