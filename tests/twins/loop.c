/* loop.c - behaviour of the loop itself: order, timers, stopping. loop.py on asyncio. */
#include <unistd.h>

#include "scenario.h"

static void run_one_pass(void)
{
    loop_stop(&stage.loop);
    loop_run_forever(&stage.loop);
}

static void stop(void)
{
    loop_stop(&stage.loop);
}

static void a2(void)
{
    soon(3, "A2", NULL);
}

static void b2_too(void)
{
    soon(4, "B2", NULL);
}

LOOP_ROW(b1, "B1 what a callback schedules runs in the next pass")
{
    soon(0, "A", a2);
    soon(1, "B", b2_too);
    soon(2, "C", NULL);
    run_one_pass();
    run_one_pass();
}

LOOP_ROW(b2, "B2 ready, then descriptors, then timers that are due")
{
    int ends[2];

    if (pipe(ends) != 0 || write(ends[1], "x", 1) != 1)
        return;
    loop_add_reader(&stage.loop, ends[0], say(0, "io", NULL), say_it);
    later(1, 0, "later0", NULL);
    later(2, -1, "past", NULL);
    soon(3, "soon", NULL);
    run_one_pass();
    loop_remove_reader(&stage.loop, ends[0]);
    close(ends[0]);
    close(ends[1]);
}

static void soon_again(void)
{
    soon(2, "soon, a pass later", NULL);
}

LOOP_ROW(b3, "B3 call_later(0) is behind everything ready, in the same pass")
{
    later(0, 0, "later", NULL);
    soon(1, "soon", soon_again);
    run_one_pass();
    run_one_pass();
}

LOOP_ROW(b5, "B5 a timer is due less than a tick of the clock early")
{
    later(0, 1, "on time", NULL);
    later(1, 1 + 5e-10, "half a tick later", NULL);
    later(2, 1 + 3e-9, "three ticks later", stop);
    loop_run_forever(&stage.loop);
}

static void cancel_second(void)
{
    handle_cancel(&stage.say[1].timer.handle);
}

static void cancel_all(struct timer *timers, int count)
{
    for (int i = 0; i < count; i++)
        timer_cancel(&stage.loop, &timers[i]);
}

LOOP_ROW(b6, "B6 cancelled timers: skipped when ready, swept when many")
{
    static struct timer timers[150];

    soon(0, "cancels the second", cancel_second);
    soon(1, "second", NULL);
    soon(2, "third", NULL);
    for (int i = 0; i < 150; i++) {
        timer_init(&timers[i]);
        loop_call_later(&stage.loop, &timers[i], 10, say_it);
    }
    cancel_all(timers, 100);
    mark("%zu", stage.loop.timers.count);
    run_one_pass();
    mark("%zu", stage.loop.timers.count);
    cancel_all(timers + 100, 50);
    run_one_pass();
    mark("%zu", stage.loop.timers.count);
}

static void stop_and_schedule(void)
{
    loop_stop(&stage.loop);
    soon(2, "late", NULL);
}

LOOP_ROW(b7, "B7 stop: the rest of the pass runs, what it schedules waits")
{
    soon(0, "a", stop_and_schedule);
    soon(1, "b", NULL);
    loop_run_forever(&stage.loop);
    mark("stopped");
    run_one_pass();
}

static void soon_next_run(void)
{
    soon(2, "the next run's", NULL);
}

LOOP_ROW(b8, "B8 stop before run: one pass, without waiting")
{
    later(0, 5, "never", NULL);
    soon(1, "ready", soon_next_run);
    loop_stop(&stage.loop);
    loop_run_forever(&stage.loop);
    mark("stopped");
    run_one_pass();
}

static co_status never_done_body(struct coro *co)
{
    ASYNC (co) {
        mark("main");
        SLEEP(1);
        mark("main is done");
    }
    return co_done(co);
}

LOOP_ROW(b9, "B9 stop during run_until_complete is an error, the task goes on")
{
    struct task *task = start(0, co_init(&stage.body, never_done_body));

    future_add_done_callback(&task->future, say(0, "its callback", NULL), say_it);
    later(1, .5, "stop", stop);
    mark("%s", name_of(loop_run_until_complete(&stage.loop, task)));
    mark("%s", truth(task->future.done));
    mark("%s", name_of(loop_run_until_complete(&stage.loop, task)));
    mark("%s", truth(task->future.done));
}

static void misuse(void)
{
    mark("close: %s", name_of(loop_close(&stage.loop)));
    mark("run: %s", name_of(loop_run_forever(&stage.loop)));
    loop_stop(&stage.loop);
}

LOOP_ROW(b10, "B10 a running loop refuses to run and to close, a closed one everything")
{
    struct loop *loop = &stage.loop;

    soon(0, "running", misuse);
    loop_run_forever(loop);
    printf("close: %s\n", name_of(loop_close(loop)));
    printf("again: %s\n", name_of(loop_close(loop)));
    printf("call_soon: %s\n",
           name_of(loop_call_soon(loop, say(1, "never", NULL), say_it)));
    say(2, "never", NULL);
    printf("call_later: %s\n",
           name_of(loop_call_later(loop, &stage.say[2].timer, 1, say_it)));
    printf("run: %s\n", name_of(loop_run_forever(loop)));
}

static void tell(void)
{
    loop_call_exception_handler(&stage.loop, "wrong", EIO, NULL);
}

LOOP_ROW(b11, "B11 the exception handler is told, the next callbacks run")
{
    soon(0, "a", tell);
    soon(1, "b", NULL);
    run_one_pass();
}

ROWS(&b1, &b2, &b3, &b5, &b6, &b7, &b8, &b9, &b10, &b11)
