/* signals.c - checks of signals that become callbacks. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "signals.h"
#include "sleep_notice.h"

static struct handle usr1, usr2, h[2];

static void say_usr1(struct handle *handle)
{
    (void)handle;
    trace("usr1");
}

static void say_usr2(struct handle *handle)
{
    (void)handle;
    trace("usr2");
}

static void say_next(struct handle *handle)
{
    (void)handle;
    trace("next");
}

static void say_soon(struct handle *handle)
{
    trace("soon");
    loop_call_soon(&loop, handle, say_next);
}

static void send(struct handle *handle)
{
    (void)handle;
    loop_call_soon(&loop, &h[1], say_soon);
    raise(SIGUSR1);
    trace("sent");
}

static void some_passes(void)
{
    for (int i = 0; i < 4; i++)
        one_pass();
}

static void default_action(int number)
{
    struct sigaction action;

    EXPECT_INT(sigaction(number, NULL, &action), 0);
    EXPECT(action.sa_handler == SIG_DFL);
}

static void order(void)
{
    open_loop(&selector_poll);
    EXPECT_INT(loop_add_signal_handler(&loop, SIGUSR1, &usr1, say_usr1), 0);
    loop_call_soon(&loop, &h[0], send);
    some_passes();
    EXPECT_TRACE("sent soon next usr1");
    EXPECT(loop_remove_signal_handler(&loop, SIGUSR1));
    EXPECT(!loop_remove_signal_handler(&loop, SIGUSR1));
    default_action(SIGUSR1);
    close_loop();
}

/* One flag per signal: a signal that came several times before the loop looked is
 * reported once. */
static void several(void)
{
    open_loop(&selector_poll);
    loop_add_signal_handler(&loop, SIGUSR1, &usr1, say_usr1);
    loop_add_signal_handler(&loop, SIGUSR2, &usr2, say_usr2);
    for (int i = 0; i < 3; i++)
        raise(SIGUSR1);
    some_passes();
    EXPECT_TRACE("usr1");
    raise(SIGUSR1); /* and again after it was reported */
    raise(SIGUSR2);
    some_passes();
    EXPECT_TRACE("usr1 usr2");
    close_loop(); /* removes what is left */
    default_action(SIGUSR1);
    default_action(SIGUSR2);
}

static void refused(void)
{
    static struct loop other;
    static const struct loop_policy policy = { &selector_poll, &clock_virtual };
    static const int wrong[] = { SIGKILL, SIGSTOP, 0, -1, 65, 1000 };

    open_loop(&selector_poll);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        EXPECT_INT(loop_add_signal_handler(&loop, wrong[i], &usr1, say_usr1), EINVAL);
        EXPECT(!loop_remove_signal_handler(&loop, wrong[i]));
    }
    EXPECT_INT(loop_add_signal_handler(&loop, SIGUSR1, &usr1, say_usr1), 0);
    EXPECT_INT(loop_init(&other, &policy), 0);
    EXPECT_INT(loop_add_signal_handler(&other, SIGUSR1, &usr2, say_usr2), EBUSY);
    EXPECT(!loop_remove_signal_handler(&other, SIGUSR1));
    EXPECT_INT(loop_close(&other), 0);
    EXPECT_INT(loop_add_signal_handler(&other, SIGUSR2, &usr2, say_usr2),
               AIO_LOOP_CLOSED);
    raise(SIGUSR1); /* still belongs to the first loop */
    some_passes();
    EXPECT_TRACE("usr1");
    close_loop();
}

static void replaced(void)
{
    open_loop(&selector_poll);
    loop_add_signal_handler(&loop, SIGUSR1, &usr1, say_usr1);
    EXPECT_INT(loop_add_signal_handler(&loop, SIGUSR1, &usr2, say_usr2), 0);
    raise(SIGUSR1);
    some_passes();
    EXPECT_TRACE("usr2");
    EXPECT(loop_remove_signal_handler(&loop, SIGUSR1));
    EXPECT_INT(loop_add_signal_handler(&loop, SIGUSR1, &usr1, say_usr1), 0);
    raise(SIGUSR1);
    some_passes();
    EXPECT_TRACE("usr1");
    close_loop();
}

static void remove_it(struct handle *handle)
{
    (void)handle;
    raise(SIGUSR1);
    EXPECT(loop_remove_signal_handler(&loop, SIGUSR1));
}

static void removed(void) /* between the signal and its callback: not called */
{
    open_loop(&selector_poll);
    loop_add_signal_handler(&loop, SIGUSR1, &usr1, say_usr1);
    loop_call_soon(&loop, &h[0], remove_it);
    some_passes();
    EXPECT_TRACE("");
    close_loop();
}

/* After the handler is removed a signal has its default effect on the process. */
static void kills_again(void)
{
    int status = 0;
    pid_t child;

    fflush(stdout);
    if ((child = fork()) == 0) {
        open_loop(&selector_poll);
        loop_add_signal_handler(&loop, SIGUSR1, &usr1, say_usr1);
        raise(SIGUSR1); /* it has no effect on the process */
        loop_remove_signal_handler(&loop, SIGUSR1);
        raise(SIGUSR1);
        _exit(0);
    }
    EXPECT(waitpid(child, &status, 0) == child);
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGUSR1);
}

/* ---- while the loop sleeps: EINTR is no error ---- */

enum { ROUNDS = 20 };

static pthread_t loop_thread;
static sem_t told;
static int rounds;

static void count_round(struct handle *handle)
{
    (void)handle;
    sem_post(&told);
    if (++rounds == ROUNDS)
        loop_stop(&loop);
}

/* One signal each time the loop is about to sleep: it arrives before, in or after
 * poll. */
static void *signal_sleeper(void *unused)
{
    for (int i = 0; i < ROUNDS; i++) {
        wait_until_asleep();
        for (int yields = 0; yields < i; yields++)
            sched_yield();
        pthread_kill(loop_thread, SIGUSR1);
        while (sem_wait(&told) != 0)
            ;
    }
    return unused;
}

static void while_asleep(void)
{
    pthread_t thread;

    loop_thread = pthread_self();
    for (int i = 0; selectors[i] != NULL; i++) {
        open_loop(selectors[i]);
        sem_init(&told, 0, 0);
        rounds = 0;
        EXPECT_INT(loop_add_signal_handler(&loop, SIGUSR1, &usr1, count_round), 0);
        pthread_create(&thread, NULL, signal_sleeper, NULL);
        EXPECT_INT(loop_run_forever(&loop), 0);
        pthread_join(thread, NULL);
        EXPECT_INT(rounds, ROUNDS);
        sem_destroy(&told);
        close_loop();
    }
}

/* ---- 100,000 signals of three kinds: no kind is lost ---- */

static struct handle kinds[3];
static int kinds_seen;

static void see(struct handle *handle)
{
    kinds_seen |= 1 << (handle - kinds);
}

static void raise_many(struct handle *handle)
{
    (void)handle;
    raise(SIGHUP); /* once, before the flood */
    for (int i = 0; i < 100000; i++)
        raise(i < 99999 ? SIGUSR1 : SIGUSR2); /* and once at its end */
}

static void flood(void)
{
    open_loop(&selector_poll);
    loop_add_signal_handler(&loop, SIGUSR1, &kinds[0], see);
    loop_add_signal_handler(&loop, SIGUSR2, &kinds[1], see);
    loop_add_signal_handler(&loop, SIGHUP, &kinds[2], see);
    kinds_seen = 0;
    loop_call_soon(&loop, &h[0], raise_many);
    some_passes();
    EXPECT_INT(kinds_seen, 7);
    close_loop();
}

CHECK_MAIN({ "order", order }, { "several", several }, { "refused", refused },
           { "replaced", replaced }, { "removed", removed },
           { "kills_again", kills_again }, { "while_asleep", while_asleep },
           { "flood", flood })
