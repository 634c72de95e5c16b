/* inbox.c - checks of posts: order, cancel, the wake-up pipe, the wrong thread. */
#include <errno.h>
#include <unistd.h>

#include "debug.h"
#include "inbox.h"
#include "sleep_notice.h"

static struct handle h[4];
static struct timer far;

/* ---- order, and cancel ---- */

static void say_a(struct handle *handle)
{
    (void)handle;
    trace("a");
}

static void say_b(struct handle *handle)
{
    (void)handle;
    trace("b");
}

static void say_c(struct handle *handle)
{
    (void)handle;
    trace("c");
}

/* On the loop's own thread, while it runs, a post is the same as call_soon. */
static void from_inside(struct handle *handle)
{
    (void)handle;
    loop_call_soon(&loop, &h[0], say_a);
    loop_call_soon_threadsafe(&loop, &h[1], say_b);
    loop_call_soon(&loop, &h[2], say_c);
}

static void in_order(void)
{
    open_loop(&selector_poll);
    loop_open_inbox(&loop);
    loop_call_soon(&loop, &h[3], from_inside);
    one_pass();
    one_pass();
    EXPECT_TRACE("a b c");
    loop_call_soon_threadsafe(&loop, &h[1], say_b); /* not running: through the inbox */
    loop_call_soon_threadsafe(&loop, &h[2], say_c);
    one_pass();
    EXPECT_TRACE("b c");
    close_loop();
}

static void cancel_c(struct handle *handle)
{
    (void)handle;
    handle_cancel_threadsafe(&loop, &h[2]);
}

static void cancelled(void)
{
    open_loop(&selector_poll);
    loop_open_inbox(&loop);
    loop_call_soon_threadsafe(&loop, &h[0], say_a);
    loop_call_soon_threadsafe(&loop, &h[1], say_b);
    handle_cancel_threadsafe(&loop, &h[0]); /* still in the inbox */
    handle_cancel_threadsafe(&loop, &h[0]); /* twice is harmless */
    one_pass();
    EXPECT_TRACE("b");
    loop_call_soon_threadsafe(&loop, &h[0], cancel_c);
    loop_call_soon_threadsafe(&loop, &h[2], say_c); /* taken from the inbox, not run */
    one_pass();
    one_pass();
    EXPECT_TRACE("");
    close_loop();
}

/* ---- the pipe: full is fine, one byte is enough, an error is reported ---- */

static void full_pipe(void)
{
    char byte;

    open_loop(&selector_poll);
    loop_open_inbox(&loop);
    while (write(loop.inbox.wake[1], "", 1) == 1)
        ;
    EXPECT_INT(errno, EAGAIN);
    atomic_store(&loop.inbox.asleep, true); /* so that the post has to write */
    EXPECT_INT(loop_call_soon_threadsafe(&loop, &h[0], say_a), 0);
    EXPECT(!atomic_load(&loop.inbox.asleep));
    atomic_store(&loop.inbox.asleep, true);
    EXPECT_INT(loop_call_soon_threadsafe(&loop, &h[1], say_b), 0);
    loop_call_later(&loop, &far, 1, stop);
    EXPECT_INT(loop_run_forever(&loop), 0);
    EXPECT_TRACE("a b");
    EXPECT(read(loop.inbox.wake[0], &byte, 1) < 0 && errno == EAGAIN); /* drained */
    close_loop();
}

static void one_byte(void)
{
    char bytes[8];

    open_loop(&selector_poll);
    loop_open_inbox(&loop);
    EXPECT_INT(loop_call_soon_threadsafe(&loop, &h[0], say_a), 0);
    EXPECT(read(loop.inbox.wake[0], bytes, 1) < 0); /* the loop does not sleep */
    atomic_store(&loop.inbox.asleep, true);         /* ... now it does */
    for (int i = 1; i < 4; i++)
        EXPECT_INT(loop_call_soon_threadsafe(&loop, &h[i], say_a), 0);
    EXPECT_INT(read(loop.inbox.wake[0], bytes, sizeof bytes), 1);
    EXPECT_INT(loop_wake(&loop), 0);
    EXPECT_INT(loop_wake(&loop), 0);
    EXPECT_INT(read(loop.inbox.wake[0], bytes, sizeof bytes), 1);
    EXPECT_INT(loop_close(&loop), 0);
    sem_destroy(&asleep);
}

/* A write to this end fails: the post reports it. (It is the pipe's read end.) */
static void broken_pipe(void)
{
    open_loop(&selector_poll);
    loop_open_inbox(&loop);
    EXPECT(dup2(loop.inbox.wake[0], loop.inbox.wake[1]) >= 0);
    atomic_store(&loop.inbox.asleep, true);
    EXPECT_INT(loop_call_soon_threadsafe(&loop, &h[0], say_a), EBADF);
    EXPECT(handle_scheduled(&h[0])); /* the handle is posted anyway */
    EXPECT_INT(loop_close(&loop), 0);
    sem_destroy(&asleep);
}

/* ---- in debug mode other threads may call nothing else ---- */

static void *try_doors(void *unused)
{
    wait_until_asleep();
    EXPECT_INT(loop_call_soon(&loop, &h[0], say_a), AIO_WRONG_THREAD);
    EXPECT_INT(loop_call_later(&loop, &far, 1, say_a), AIO_WRONG_THREAD);
    EXPECT_INT(loop_call_at(&loop, &far, 1, say_a), AIO_WRONG_THREAD);
    EXPECT(!handle_scheduled(&h[0]) && !handle_scheduled(&far.handle));
    EXPECT_INT(loop_call_soon_threadsafe(&loop, &h[1], stop), 0);
    return unused;
}

static void debug(void)
{
    pthread_t thread;

    open_loop(&selector_poll);
    loop_open_inbox(&loop);
    loop_set_debug(&loop, true);
    pthread_create(&thread, NULL, try_doors, NULL);
    EXPECT_INT(loop_run_forever(&loop), 0);
    pthread_join(thread, NULL);
    EXPECT_INT(loop_call_soon(&loop, &h[0], say_a), 0); /* its own thread may */
    one_pass();
    EXPECT_TRACE("a");
    close_loop();
}

CHECK_MAIN({ "in_order", in_order }, { "cancelled", cancelled },
           { "full_pipe", full_pipe }, { "one_byte", one_byte },
           { "broken_pipe", broken_pipe }, { "debug", debug })
