/*
 * runner.c - behaviour of run(), of leftover tasks, and of the running loop. runner.py on
 * asyncio.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interrupt.h"
#include "scenario.h"
#include "signals.h"

static void run(co_status (*body)(struct coro *)) /* and report the outcome */
{
    runner_register_interrupts();
    printf("run: %s\n", name_of(async_run(co_init(&stage.body, body))));
}

static void tell(struct loop *loop, const struct exception_context *context)
{
    (void)loop;
    at("reported: %s", name_of(context->error));
}

static void begin(void)
{
    zero();
    get_running_loop()->on_exception = tell;
}

static const char *running(void)
{
    return get_running_loop() != NULL ? "ok" : "refused";
}

ROW(b17, "B17 a forked child has no running loop")
{
    pid_t pid;

    ASYNC (co) {
        mark("parent: %s", running());
        fflush(stdout);
        pid = fork();
        if (pid == 0) {
            at("child: %s", running());
            fflush(stdout);
            _exit(0);
        }
        waitpid(pid, NULL, 0);
    }
    return co_done(co);
}

static void *ask_elsewhere(void *elsewhere)
{
    *(struct loop **)elsewhere = get_running_loop();
    return NULL;
}

static co_status asks_body(struct coro *co)
{
    struct loop *elsewhere;
    pthread_t thread;

    ASYNC (co) {
        mark("the same: %s", truth(get_running_loop() == get_event_loop()));
        pthread_create(&thread, NULL, ask_elsewhere, &elsewhere);
        pthread_join(thread, NULL);
        mark("in another thread: %s", elsewhere == NULL ? "None" : "one");
    }
    return co_done(co);
}

LOOP_ROW(b18, "B18 the loop of a thread: inside run() there is one, after it none")
{
    printf("before: %s\n", get_running_loop() == NULL ? "None" : "one");
    async_run(co_init(&stage.body, asks_body));
    printf("after: %s\n", get_event_loop() == NULL ? "refused" : "ok");
}

static struct coro *leftover;

static co_status leaves_body(struct coro *co)
{
    ASYNC (co) {
        begin();
        start(0, leftover);
        SLEEP(.1);
        mark("main returns");
    }
    return co_done(co);
}

static void run_leaving(struct coro *task)
{
    leftover = task;
    run(leaves_body);
}

static void tell_left(void)
{
    printf("cancelled: %s\n", truth(future_cancelled(&stage.task[0].future)));
}

LOOP_ROW(b71, "B71 run() cancels what is left, waits for it, tells of its errors")
{
    run_leaving(job_answers(0, "a", 1, 0, .5, ECANCELED));
    tell_left();
    run_leaving(job_answers(0, "b", 1, 0, .5, EIO));
    run_leaving(job(0, "c", .05));
}

static co_status cleans_long_body(struct coro *co)
{
    static struct async_sleep sleep;

    ASYNC (co) {
        AWAIT(async_sleep(&sleep, 10));

    FINALLY:
        AWAIT(async_sleep(&sleep, 1));
        at("the longest clean-up");
    }
    return co_done(co);
}

static co_status leaves_two_body(struct coro *co)
{
    static struct coro cleans_long;

    ASYNC (co) {
        begin();
        start(0, job_answers(0, "a", 1, 0, 0, EIO));
        start(1, co_init(&cleans_long, cleans_long_body));
        SLEEP(.1);
    }
    return co_done(co);
}

LOOP_ROW(b71c, "B71c run() tells of errors when all have ended")
{
    run(leaves_two_body);
}

static co_status fails_body(struct coro *co)
{
    ASYNC (co) {
        begin();
        start(0, job(0, "a", 1));
        SLEEP(.1);
        return co_raise(co, EIO);
    }
    return co_done(co);
}

LOOP_ROW(b71b, "B71b run() does so when the main coroutine fails, too")
{
    run(fails_body);
    tell_left();
}

ROWS(&b17, &b18, &b71, &b71c, &b71b)
