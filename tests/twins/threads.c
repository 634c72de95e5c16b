/*
 * threads.c - behaviour of the loop's calls from other threads, and of debug mode.
 * threads.py on asyncio.
 */
#include <pthread.h>

#include "cfuture.h"
#include "debug.h"
#include "inbox.h"
#include "scenario.h"

static void in_thread(void *(*fn)(void *)) /* and wait for that here */
{
    pthread_t thread;

    pthread_create(&thread, NULL, fn, NULL);
    pthread_join(thread, NULL);
}

static void *post_two(void *unused)
{
    loop_call_soon_threadsafe(&stage.loop, say(1, "one", NULL), say_it);
    loop_call_soon_threadsafe(&stage.loop, say(2, "two", NULL), say_it);
    return unused;
}

ROW(b13, "B13 what a thread posts stands in the line of call_soon")
{
    ASYNC (co) {
        loop_open_inbox(&stage.loop);
        soon(0, "before", NULL);
        in_thread(post_two);
        YIELD();
        SLEEP(.1);
    }
    return co_done(co);
}

static void set_f(struct handle *h)
{
    (void)h;
    future_set_result(&stage.f, NULL);
}

static void *post_f(void *unused)
{
    loop_call_soon_threadsafe(&stage.loop, say(1, "", NULL), set_f);
    return unused;
}

ROW(b13b, "B13b a post wakes a loop that sleeps")
{
    static pthread_t thread;

    ASYNC (co) {
        loop_open_inbox(&stage.loop);
        future_init(&stage.f, &stage.loop);
        later(0, 10, "never", NULL);
        loop_hold(&stage.loop, +1);
        pthread_create(&thread, NULL, post_f, NULL);
        AWAIT(&stage.f);
        loop_hold(&stage.loop, -1);
        timer_cancel(&stage.loop, &stage.say[0].timer);
        pthread_join(thread, NULL);
        at("woken");
    }
    return co_done(co);
}

static void *post_to_closed(void *unused)
{
    struct handle *h = say(0, "never", NULL);

    printf("post: %s\n", name_of(loop_call_soon_threadsafe(&stage.loop, h, say_it)));
    return unused;
}

LOOP_ROW(b13c, "B13c a post to a closed loop is an error in the thread that posts")
{
    loop_open_inbox(&stage.loop);
    loop_close(&stage.loop);
    in_thread(post_to_closed);
}

static void *try_doors(void *unused)
{
    struct loop *loop = &stage.loop;

    say(1, "never", NULL);
    mark("call_soon: %s", name_of(loop_call_soon(loop, say(0, "never", NULL), say_it)));
    mark("call_later: %s",
         name_of(loop_call_later(loop, &stage.say[1].timer, 1, say_it)));
    return unused;
}

static void *post_one(void *unused)
{
    loop_call_soon_threadsafe(&stage.loop, say(3, "a post", NULL), say_it);
    return unused;
}

ROW(b15, "B15 debug mode refuses calls from another thread")
{
    struct handle *h;

    ASYNC (co) {
        loop_open_inbox(&stage.loop);
        loop_set_debug(&stage.loop, true);
        set_event_loop(&stage.loop);
        in_thread(try_doors);
        h = say(2, "a callback", NULL);
        mark("here: %s", name_of(loop_call_soon(&stage.loop, h, say_it)));
        in_thread(post_one);
        SLEEP(.1);
        loop_set_debug(&stage.loop, false);
    }
    return co_done(co);
}

static void tell_slow(struct loop *loop, const struct exception_context *context)
{
    const char *took = strstr(context->message, "took");

    (void)loop;
    mark("%s", took != NULL ? took : context->message);
}

static double work;

static co_status works_body(struct coro *co)
{
    ASYNC (co) {
        stage.loop.virtual_now += work;
        mark("worked");
    }
    return co_done(co);
}

ROW(b16, "B16 debug mode tells of slow callbacks")
{
    static struct coro works;

    ASYNC (co) {
        stage.loop.on_exception = tell_slow;
        loop_set_debug(&stage.loop, true);
        for (work = .12; work > 0; work = work > .1 ? .01 : 0)
            AWAIT(start(0, co_init(&works, works_body)));
        loop_set_debug(&stage.loop, false);
    }
    return co_done(co);
}

/* ---- run_coroutine_threadsafe ---- */

struct asked {
    struct coro co;
    int error;
    double delay;
    struct async_sleep sleep;
};

static co_status asked_body(struct coro *co)
{
    struct asked *self = co_self(co, struct asked);
    int err;

    ASYNC (co) {
        if (self->error != 0)
            return co_raise(co, self->error);
        AWAIT_CATCH_ALL(err, async_sleep(&self->sleep, self->delay));
        if (err == ECANCELED)
            at("the coroutine is cancelled");
        return co_raise(co, err);
    }
    return co_done(co);
}

static struct asked asked;
static struct cfuture answer;

static void submit(int error, double delay)
{
    asked.error = error;
    asked.delay = delay;
    run_coroutine_threadsafe(&answer, &stage.loop, co_init(&asked.co, asked_body));
}

static const char *result(double timeout)
{
    const char *word = name_of(cfuture_result(&answer, timeout));

    if (timeout < 0)
        cfuture_free(&answer);
    return word;
}

static bool cancelled[2];

/* In a thread: a result, an error, a timeout, and a cancel. */
static void *ask(void *unused)
{
    submit(0, 0);
    at("result: %s", result(-1));
    submit(EIO, 0);
    at("error: %s", result(-1));
    submit(0, 10);
    at("in time: %s", result(.01));
    cancelled[0] = cfuture_cancel(&answer);
    cancelled[1] = cfuture_result(&answer, 0) == ECANCELED;
    cfuture_free(&answer);
    loop_call_soon_threadsafe(&stage.loop, say(0, "", NULL), set_f);
    return unused;
}

ROW(b87, "B87 a coroutine for a thread: result, error, timeout, cancel cross")
{
    static pthread_t thread;

    ASYNC (co) {
        loop_open_inbox(&stage.loop);
        future_init(&stage.f, &stage.loop);
        loop_hold(&stage.loop, +1);
        pthread_create(&thread, NULL, ask, NULL);
        AWAIT(&stage.f);
        pthread_join(thread, NULL);
        loop_hold(&stage.loop, -1);
        at("cancel: %s %s", truth(cancelled[0]), truth(cancelled[1]));
    }
    return co_done(co);
}

ROWS(&b13, &b13b, &b13c, &b15, &b16, &b87)
