/* threads.c - channels, and coroutines that other threads submit to the loop. */
#include "cfuture.h"
#include "channel.h"
#include "check.h"
#include "runner.h"
#include "sleep.h"

enum { ITEMS = 2000 };

static struct loop *the_loop;
static int numbers[ITEMS];

/* ---- a main coroutine that runs until the other thread says that it has finished
 * ---- */

struct until {
    struct coro co;
    struct future through;
    struct handle handle;
};

static struct until until;
static void *(*thread_main)(void *);
static pthread_t thread;

static void on_through(struct handle *h)
{
    (void)h;
    future_set_result(&until.through, NULL);
}

static void *thread_body(void *arg)
{
    thread_main(arg);
    loop_call_soon_threadsafe(the_loop, &until.handle, on_through);
    return NULL;
}

static co_status until_body(struct coro *co)
{
    ASYNC (co) {
        the_loop = get_running_loop();
        loop_open_inbox(the_loop);
        future_init(&until.through, the_loop);
        handle_init(&until.handle);
        pthread_create(&thread, NULL, thread_body, NULL);
        AWAIT(&until.through);
        pthread_join(thread, NULL);
    }
    return co_done(co);
}

static void with_thread(void *(*fn)(void *))
{
    thread_main = fn;
    EXPECT_INT(async_run(co_init(&until.co, until_body)), 0);
}

/* ---- run_coroutine_threadsafe ---- */

enum wish { RETURN, FAIL, WAIT, SWALLOW, CANCEL_ITSELF };

struct wisher {
    struct coro co;
    enum wish wish;
    int answer;
    struct future never;
};

static co_status wisher_body(struct coro *co)
{
    struct wisher *self = co_self(co, struct wisher);
    int err;

    ASYNC (co) {
        trace("begun");
        YIELD();
        if (self->wish == FAIL)
            return co_raise(co, EDOM);
        if (self->wish == CANCEL_ITSELF)
            task_cancel(task_current(), NULL);
        if (self->wish != RETURN) {
            future_init(&self->never, get_running_loop());
            AWAIT_CATCH_ALL(err, &self->never);
            trace("woke:%d", err == ECANCELED);
            if (self->wish != SWALLOW)
                return co_raise(co, err);
        }
        self->answer = 42;

    FINALLY:
        trace("ended");
    }
    return co_done(co);
}

static struct wisher wisher;
static struct cfuture cfuture;

static int ask(enum wish wish)
{
    wisher.wish = wish;
    wisher.answer = 0;
    return run_coroutine_threadsafe(&cfuture, the_loop, co_init(&wisher.co, wisher_body));
}

static void *asks_for_a_result(void *arg)
{
    EXPECT_INT(ask(RETURN), 0);
    EXPECT_INT(cfuture_result(&cfuture, -1), 0);
    EXPECT_INT(wisher.answer, 42);
    EXPECT(cfuture_done(&cfuture));
    EXPECT_INT(cfuture_result(&cfuture, 0), 0);
    EXPECT(!cfuture_cancel(&cfuture));
    cfuture_free(&cfuture);
    return arg;
}

static void result_crosses(void)
{
    with_thread(asks_for_a_result);
    EXPECT_TRACE("begun ended");
}

static void *asks_for_an_error(void *arg)
{
    EXPECT_INT(ask(FAIL), 0);
    EXPECT_INT(cfuture_result(&cfuture, 60), EDOM);
    cfuture_free(&cfuture);
    return arg;
}

static void error_crosses(void)
{
    with_thread(asks_for_an_error);
    EXPECT_TRACE("begun ended");
}

static void *gives_up(void *arg)
{
    EXPECT_INT(ask(WAIT), 0);
    EXPECT_INT(cfuture_result(&cfuture, 0.001), ETIMEDOUT);
    EXPECT(!cfuture_done(&cfuture));
    EXPECT_INT(cfuture_result(&cfuture, 0), ETIMEDOUT);
    EXPECT(cfuture_cancel(&cfuture));
    EXPECT(cfuture_done(&cfuture));
    EXPECT(!cfuture_cancel(&cfuture));
    EXPECT_INT(cfuture_result(&cfuture, -1), ECANCELED);
    cfuture_free(&cfuture);
    EXPECT(future_cancelled(&cfuture.task.future));
    return arg;
}

static void timeout_then_cancel_crosses(void)
{
    with_thread(gives_up);
    /* it may be cancelled before it reaches `never` */
    EXPECT(strcmp(check_trace, "begun woke:1 ended") == 0 ||
           strcmp(check_trace, "begun ended") == 0 || check_trace[0] == '\0');
}

static void *is_refused(void *arg)
{
    EXPECT_INT(ask(SWALLOW), 0);
    while (cfuture_result(&cfuture, 0.001) != ETIMEDOUT)
        ;
    EXPECT(cfuture_cancel(&cfuture));
    EXPECT_INT(cfuture_result(&cfuture, -1), ECANCELED);
    cfuture_free(&cfuture);
    EXPECT_INT(cfuture.error, ECANCELED); /* the task has since ended well */
    return arg;
}

static void cancel_is_final_for_the_thread(void)
{
    with_thread(is_refused);
}

static void *is_cancelled_there(void *arg)
{
    EXPECT_INT(ask(CANCEL_ITSELF), 0);
    EXPECT_INT(cfuture_result(&cfuture, -1), ECANCELED);
    cfuture_free(&cfuture);
    return arg;
}

static void the_tasks_cancel_crosses(void)
{
    with_thread(is_cancelled_there);
    EXPECT_TRACE("begun woke:1 ended");
}

/* Submitted and cancelled from the loop's own thread, so that the order is known: the
 * body starts and is cancelled at its first await, as in asyncio. */
static co_status at_home_body(struct coro *co)
{
    ASYNC (co) {
        the_loop = get_running_loop();
        loop_open_inbox(the_loop);
        EXPECT_INT(ask(WAIT), 0);
        EXPECT_INT(cfuture_result(&cfuture, -1), EDEADLK);
        EXPECT(cfuture_cancel(&cfuture));
        EXPECT_INT(cfuture_result(&cfuture, -1), ECANCELED);
        for (until.handle.fn = NULL; !future_done(&until.through);) {
            YIELD();
            trace("pass");
            if (cfuture.with_loop == 0)
                future_set_result(&until.through, NULL);
        }
        EXPECT(future_cancelled(&cfuture.task.future));
        cfuture_free(&cfuture);
    }
    return co_done(co);
}

static void cancelled_before_it_began(void)
{
    static struct loop dummy;

    ring_init(&dummy.ready);
    future_init(&until.through, &dummy);
    EXPECT_INT(async_run(co_init(&until.co, at_home_body)), 0);
    EXPECT_TRACE("pass begun pass ended pass pass");
}

static void a_closed_loop_refuses(void)
{
    static struct loop closed;

    loop_init(&closed, NULL);
    loop_open_inbox(&closed);
    the_loop = &closed;
    EXPECT_INT(ask(RETURN), 0);
    loop_close(&closed);
    EXPECT_INT(cfuture_result(&cfuture, 0), ETIMEDOUT);
    EXPECT(cfuture_cancel(&cfuture));
    cfuture_free(&cfuture); /* does not wait for a closed loop */
    EXPECT_INT(ask(RETURN), AIO_LOOP_CLOSED);
}

/* ---- channels ---- */

static struct channel channel, back;
static void *slots[3], *back_slots[1];

static void *puts_all(void *arg)
{
    int *first = arg;

    for (int i = 0; i < ITEMS / 2; i++)
        EXPECT_INT(channel_thread_put(&channel, first + i), 0);
    return NULL;
}

struct collect {
    struct coro co;
    struct channel_get get;
    pthread_t thread[2];
    int last[2], count;
};

static co_status collect_body(struct coro *co)
{
    struct collect *self = co_self(co, struct collect);
    int number;

    ASYNC (co) {
        EXPECT_INT(channel_init(&channel, get_running_loop(), slots, 0), EINVAL);
        EXPECT_INT(channel_init(&channel, get_running_loop(), slots, 3), 0);
        EXPECT_INT(channel_thread_put(&channel, numbers), EDEADLK);
        EXPECT_INT(channel_thread_get(&channel, slots), EDEADLK);
        for (int i = 0; i < 2; i++) {
            self->last[i] = -1;
            pthread_create(&self->thread[i], NULL, puts_all, numbers + i * ITEMS / 2);
        }
        for (self->count = 0; self->count < ITEMS; self->count++) {
            AWAIT(channel_get(&self->get, &channel));
            number = (int)((int *)self->get.item - numbers);
            EXPECT(number % (ITEMS / 2) == self->last[number >= ITEMS / 2] + 1);
            self->last[number >= ITEMS / 2]++;
        }
        for (int i = 0; i < 2; i++)
            pthread_join(self->thread[i], NULL);
        channel_free(&channel);
    }
    return co_done(co);
}

static void threads_to_loop(void)
{
    struct collect collect;

    EXPECT_INT(async_run(co_init(&collect.co, collect_body)), 0);
}

static void *echoes(void *arg)
{
    void *item;

    while (channel_thread_get(&channel, &item) == 0)
        EXPECT_INT(channel_thread_put(&back, item), 0);
    channel_close(&back);
    return arg;
}

struct sender {
    struct coro co;
    struct channel_put put;
    int i;
};

static co_status sender_body(struct coro *co)
{
    struct sender *self = co_self(co, struct sender);
    int err;

    ASYNC (co) {
        for (self->i = 0; self->i < ITEMS; self->i++)
            AWAIT(channel_put(&self->put, &channel, &numbers[self->i]));
        channel_close(&channel);
        AWAIT_CATCH(err, channel_put(&self->put, &channel, numbers));
        EXPECT_INT(err, AIO_QUEUE_SHUTDOWN);
    }
    return co_done(co);
}

struct echo {
    struct coro co;
    struct sender sender;
    struct task task;
    struct channel_get get;
    pthread_t thread;
    int count;
};

static co_status echo_body(struct coro *co)
{
    struct echo *self = co_self(co, struct echo);
    int err;

    ASYNC (co) {
        channel_init(&channel, get_running_loop(), slots, 3);
        channel_init(&back, get_running_loop(), back_slots, 1);
        pthread_create(&self->thread, NULL, echoes, NULL);
        loop_create_task(get_running_loop(), &self->task,
                         co_init(&self->sender.co, sender_body));
        for (self->count = 0;; self->count++) {
            AWAIT_CATCH(err, channel_get(&self->get, &back));
            if (err != 0)
                break;
            EXPECT(self->get.item == &numbers[self->count]);
        }
        EXPECT_INT(err, AIO_QUEUE_SHUTDOWN);
        EXPECT_INT(self->count, ITEMS);
        AWAIT(&self->task);
        pthread_join(self->thread, NULL);
        channel_free(&channel);
        channel_free(&back);
    }
    return co_done(co);
}

static void there_and_back(void)
{
    struct echo echo;

    EXPECT_INT(async_run(co_init(&echo.co, echo_body)), 0);
}

/* ---- cancelled while waiting at the channel: no item and no slot is lost ---- */

struct taker {
    struct coro co;
    const char *name;
    struct channel_get get;
};

static co_status taker_body(struct coro *co)
{
    struct taker *self = co_self(co, struct taker);
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, channel_get(&self->get, &channel));
        if (err != 0)
            trace("%s:%s", self->name, err == ECANCELED ? "cancelled" : "down");
        else
            trace("%s:%d", self->name, (int)((int *)self->get.item - numbers));
    }
    return co_done(co);
}

struct cancels {
    struct coro co;
    struct taker taker[3];
    struct task task[3];
    struct channel_put put;
    int i;
};

static co_status cancels_body(struct coro *co)
{
    static const char *const name[] = { "a", "b", "c" };
    struct cancels *self = co_self(co, struct cancels);

    ASYNC (co) {
        channel_init(&channel, get_running_loop(), slots, 3);
        for (int i = 0; i < 3; i++) {
            self->taker[i].name = name[i];
            loop_create_task(get_running_loop(), &self->task[i],
                             co_init(&self->taker[i].co, taker_body));
        }
        YIELD();
        AWAIT(channel_put(&self->put, &channel, &numbers[7]));
        YIELD(); /* `wake` has run: a is on its way */
        task_cancel(&self->task[0], NULL);
        for (self->i = 0; self->i < 4; self->i++)
            YIELD();
        trace("closing");
        channel_close(&channel);
        AWAIT(&self->task[2]);
        EXPECT(ring_empty(&channel.getters.ring));
        channel_free(&channel);
    }
    return co_done(co);
}

static void cancelled_taker_passes_it_on(void)
{
    struct cancels cancels;

    EXPECT_INT(async_run(co_init(&cancels.co, cancels_body)), 0);
    EXPECT_TRACE("a:cancelled b:7 closing c:down");
}

static void *blocked_until_the_end(void *arg)
{
    void *item;

    EXPECT_INT(channel_thread_get(&channel, &item), AIO_QUEUE_SHUTDOWN);
    EXPECT_INT(channel_thread_put(&channel, numbers), AIO_QUEUE_SHUTDOWN);
    return arg;
}

static void closing_the_loop_frees_threads(void)
{
    static struct loop loop;
    pthread_t blocked;

    loop_init(&loop, NULL);
    channel_init(&channel, &loop, slots, 3);
    pthread_create(&blocked, NULL, blocked_until_the_end, NULL);
    loop_close(&loop);
    pthread_join(blocked, NULL);
    channel_free(&channel);
}

CHECK_MAIN({ "a result crosses to the thread", result_crosses },
           { "an error crosses to the thread", error_crosses },
           { "a timeout leaves it running, a cancel crosses",
             timeout_then_cancel_crosses },
           { "for the thread its cancel is final", cancel_is_final_for_the_thread },
           { "a task that is cancelled crosses", the_tasks_cancel_crosses },
           { "cancelled before it began: cancelled at the first await",
             cancelled_before_it_began },
           { "a closed loop refuses, and is not waited for", a_closed_loop_refuses },
           { "two threads to the loop, each in order", threads_to_loop },
           { "there and back, closed at the end", there_and_back },
           { "a cancelled taker passes the item on", cancelled_taker_passes_it_on },
           { "closing the loop frees blocked threads", closing_the_loop_frees_threads })
