/*
 * life.c - which calls a running and a closed loop refuse, and which loop a thread has.
 */
#include <errno.h>
#include <math.h>
#include <sys/wait.h>
#include <unistd.h>

#include "turn_trace.h"

/* ---- misuse is refused ---- */

static struct future pending;

static void run_nested(struct handle *h)
{
    struct loop other;
    struct loop_policy policy = { &selector_poll, &clock_virtual };

    (void)h;
    EXPECT_INT(loop_run_forever(&loop), AIO_LOOP_RUNNING);
    EXPECT_INT(loop_run_until_complete(&loop, &pending), AIO_LOOP_RUNNING);
    EXPECT(ring_empty(&pending.callbacks));
    EXPECT_INT(loop_close(&loop), AIO_LOOP_RUNNING);
    EXPECT_INT(loop_init(&other, &policy), 0);
    EXPECT_INT(loop_run_forever(&other), AIO_LOOP_RUNNING);
    EXPECT_INT(loop_close(&other), 0);
    EXPECT(get_running_loop() == &loop && loop.running);
    loop_stop(&loop);
}

static void a_running_loop_refuses_to_run_and_to_close(void)
{
    struct word w = { .text = "w" };

    begin();
    future_init(&pending, &loop);
    loop_call_soon(&loop, &w.handle, run_nested);
    EXPECT_INT(loop_run_forever(&loop), 0);
    end();
}

static void a_closed_loop_refuses_everything(void)
{
    struct word w = { .text = "w" };
    struct task task;
    struct coro co = { 0 };

    begin();
    soon(&w);
    EXPECT_INT(loop_close(&loop), 0);
    EXPECT_INT(loop_close(&loop), 0);
    EXPECT(!handle_scheduled(&w.handle));
    future_init(&pending, &loop);
    EXPECT_INT(loop_call_soon(&loop, &w.handle, say_handle), AIO_LOOP_CLOSED);
    EXPECT_INT(loop_call_later(&loop, &w.timer, 1, say_timer), AIO_LOOP_CLOSED);
    EXPECT_INT(loop_call_at(&loop, &w.timer, 1, say_timer), AIO_LOOP_CLOSED);
    EXPECT_INT(loop_add_reader(&loop, 0, &w.handle, say_handle), AIO_LOOP_CLOSED);
    EXPECT_INT(loop_add_writer(&loop, 1, &w.handle, say_handle), AIO_LOOP_CLOSED);
    EXPECT(!loop_remove_reader(&loop, 0) && !loop_remove_writer(&loop, 1));
    EXPECT_INT(loop_create_task(&loop, &task, &co), AIO_LOOP_CLOSED);
    EXPECT_INT(loop_run_forever(&loop), AIO_LOOP_CLOSED);
    EXPECT_INT(loop_run_until_complete(&loop, &pending), AIO_LOOP_CLOSED);
    EXPECT_STR(aio_strerror(AIO_LOOP_CLOSED), "Event loop is closed");
    EXPECT_STR(aio_strerror(AIO_LOOP_RUNNING), "This event loop is already running");
}

static void a_scheduled_handle_and_a_nan_are_refused(void)
{
    struct word w = { .text = "w" };

    begin();
    soon(&w);
    EXPECT_INT(loop_call_soon(&loop, &w.handle, say_handle), EBUSY);
    later(&w, 1);
    EXPECT_INT(loop_call_later(&loop, &w.timer, 2, say_timer), EBUSY);
    EXPECT_INT(loop_call_at(&loop, &w.timer, 2, say_timer), EBUSY);
    timer_cancel(&loop, &w.timer);
    EXPECT_INT(loop_call_later(&loop, &w.timer, NAN, say_timer), EINVAL);
    EXPECT_INT(loop_call_at(&loop, &w.timer, NAN, say_timer), EINVAL);
    later(&w, 3); /* a cancelled handle may be scheduled again at once */
    run_one_pass();
    run_one_pass();
    EXPECT_TRACE("w@1");
    timer_cancel(&loop, &w.timer);
    end();
}

/* ---- which loop, which policy ---- */

static void *ask_in_thread(void *answer)
{
    *(bool *)answer = get_running_loop() == NULL && get_event_loop() == NULL;
    return NULL;
}

static void ask_while_running(struct handle *h)
{
    bool none_there = false;
    pthread_t thread;

    (void)h;
    EXPECT(get_running_loop() == &loop && get_event_loop() == &loop);
    pthread_create(&thread, NULL, ask_in_thread, &none_there);
    pthread_join(thread, NULL);
    EXPECT(none_there);
    loop_stop(&loop);
}

static void each_thread_has_its_own_loop(void)
{
    struct word w = { .text = "w" };

    begin();
    EXPECT(get_running_loop() == NULL && get_event_loop() == NULL);
    set_event_loop(&loop);
    EXPECT(get_running_loop() == NULL && get_event_loop() == &loop);
    set_event_loop(NULL);
    loop_call_soon(&loop, &w.handle, ask_while_running);
    loop_run_forever(&loop);
    EXPECT(get_running_loop() == NULL && get_event_loop() == NULL);
    set_event_loop(&loop);
    end();
    EXPECT(get_event_loop() == NULL); /* a closed loop is no longer current */
}

static int child_status;

static void fork_while_running(struct handle *h)
{
    pid_t pid = fork();

    (void)h;
    if (pid == 0)
        _exit(get_running_loop() == NULL ? 7 : 1);
    waitpid(pid, &child_status, 0);
    EXPECT(get_running_loop() == &loop);
    loop_stop(&loop);
}

static void a_forked_child_has_no_running_loop(void)
{
    struct word w = { .text = "w" };

    begin();
    loop_call_soon(&loop, &w.handle, fork_while_running);
    loop_run_forever(&loop);
    EXPECT(WIFEXITED(child_status));
    EXPECT_INT(WEXITSTATUS(child_status), 7);
    end();
}

/* ---- the end of a loop, and what it reports ---- */

static struct closer first_closer, second_closer;

static void note_closer(struct closer *closer)
{
    trace(closer == &first_closer ? "first" : "second");
    EXPECT(!loop.closed);
}

static void closers_are_called_newest_first_and_once(void)
{
    begin();
    first_closer.close = second_closer.close = note_closer;
    loop_on_close(&loop, &first_closer);
    loop_on_close(&loop, &second_closer);
    EXPECT_INT(loop_close(&loop), 0);
    EXPECT_INT(loop_close(&loop), 0);
    EXPECT_TRACE("second first");
}

/* The output of the default handler, read back through a pipe. */
static void the_default_handler_writes_one_line(void)
{
    char text[200] = "";
    int ends[2], kept = dup(STDERR_FILENO);

    begin();
    EXPECT_INT(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    loop_call_exception_handler(&loop, "it failed", ENOENT, NULL);
    dup2(kept, STDERR_FILENO);
    EXPECT(read(ends[0], text, sizeof text - 1) > 0);
    EXPECT_STR(text, "it failed: No such file or directory\n");
    close(kept);
    close(ends[0]);
    close(ends[1]);
    end();
}

static void every_error_has_a_text(void)
{
    for (int e = AIO_BASE + 1; e < AIO_END; e++)
        EXPECT(strlen(aio_strerror(e)) > 5);
    EXPECT_STR(aio_strerror(ENOENT), strerror(ENOENT));
    EXPECT(aio_strerror(AIO_BASE) != NULL && aio_strerror(AIO_END) != NULL);
}

CHECK_MAIN({ "a running loop refuses", a_running_loop_refuses_to_run_and_to_close },
           { "a closed loop refuses", a_closed_loop_refuses_everything },
           { "EBUSY and NaN", a_scheduled_handle_and_a_nan_are_refused },
           { "each thread has its own loop", each_thread_has_its_own_loop },
           { "a forked child has no running loop", a_forked_child_has_no_running_loop },
           { "closers are called newest first",
             closers_are_called_newest_first_and_once },
           { "the default handler writes one line", the_default_handler_writes_one_line },
           { "every error has a text", every_error_has_a_text })
