/*
 * default.c - the default executor: created on first use, joined by run(), and abandoned
 * at the deadline.
 */
#include "thread_count.h"

static struct loop *loop;                    /* of the running case */
static struct gate gates[16], *gate = gates; /* one per case: a thread may outlive it */
static atomic_bool finished;

static int at_gate(void *arg)
{
    (void)arg;
    gate_wait(gate);
    atomic_store(&finished, true);
    return 0;
}

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static char told[128];

static void tell(struct loop *at, const struct exception_context *context)
{
    (void)at;
    snprintf(told, sizeof told, "%s", context->message);
}

/* Run `main` as asyncio.run() does, under virtual time, on a loop that is freed
 * afterwards. */
static void run(struct coro *main, int want)
{
    struct runner *runner = malloc(sizeof *runner);

    told[0] = '\0';
    atomic_store(&finished, false);
    EXPECT_INT(runner_init(runner, &virtual_policy), 0);
    loop = &runner->loop;
    loop->on_exception = tell;
    gate_init(++gate, loop, NULL);
    EXPECT_INT(runner_run(runner, main), want);
    EXPECT_INT(runner_close(runner), 0);
    EXPECT(loop->executor == NULL);
    free(runner);
}

struct frame {
    struct coro co;
    struct run_in_executor first, second;
    struct async_sleep sleep;
    struct shutdown_default_executor end, end2;
    struct task task, task2;
    struct timer timer;
    struct future arrival; /* from a thread at the gate */
    struct executor *made;
    double seconds;
};

static struct frame frame;

/* ---- created on first use, and joined ---- */

static co_status use_body(struct coro *co)
{
    struct frame *self = co_self(co, struct frame);

    ASYNC (co) {
        EXPECT(loop->executor == NULL);
        AWAIT(to_thread(&self->first, nothing, NULL, 0));
        self->made = loop->executor;
        EXPECT(self->made != NULL);
        AWAIT(to_thread(&self->first, nothing, NULL, 0));
        EXPECT(loop->executor == self->made);
        EXPECT_INT(executor_threads(self->made), 1);
        EXPECT_INT(count_threads(), OWN_THREADS + 1);
    }
    return co_done(co);
}

static void made_late(void)
{
    run(co_init(&frame.co, use_body), 0);
    EXPECT(no_threads_left());
    EXPECT_STR(told, "");
}

/* ---- B71: run() cancels the leftovers, then joins, while the loop still runs ---- */

static struct handle done_message;
static struct coro left_co;

static void on_done(struct handle *h)
{
    (void)h;
    trace("thread-done");
}

static int gate_and_tell(void *arg)
{
    (void)arg;
    gate_wait(gate);
    loop_call_soon_threadsafe(loop, &done_message, on_done);
    return 0;
}

static co_status left_body(struct coro *co)
{
    ASYNC (co) {
        AWAIT(to_thread(&frame.first, gate_and_tell, NULL, 0));

    FINALLY:
        trace("left0-fin");
    }
    return co_done(co);
}

static void open_it(struct handle *h)
{
    (void)h;
    trace("open@%.2f", loop_time(loop));
    gate_open(gate);
}

static co_status leave_body(struct coro *co)
{
    struct frame *self = co_self(co, struct frame);

    ASYNC (co) {
        loop_create_task(loop, &self->task, co_init(&left_co, left_body));
        AWAIT(async_sleep(&self->sleep, 0.1));
        timer_init(&self->timer);
        handle_init(&done_message);
        loop_call_later(loop, &self->timer, 0.5, open_it);
        trace("main-returns");
    }
    return co_done(co);
}

/* The expected text is the output of the same steps on CPython 3.13. */
static void run_joins(void)
{
    run(co_init(&frame.co, leave_body), 0);
    EXPECT_TRACE("main-returns left0-fin open@0.60 thread-done");
    EXPECT(no_threads_left());
    EXPECT_STR(told, "");
}

/* ---- the deadline ---- */

static co_status deadline_body(struct coro *co)
{
    struct frame *self = co_self(co, struct frame);

    ASYNC (co) {
        to_thread(&self->first, at_gate, NULL, 0);
        loop_hold(loop, -1); /* the join would stop virtual time */
        AWAIT(loop_shutdown_default_executor(&self->end, 0.25));
        loop_hold(loop, +1);
        trace("t=%.2f %s f.done=%d", loop_time(loop), told, self->first.future.done);
        told[0] = '\0';
        EXPECT_INT(future_error(to_thread(&self->second, nothing, NULL, 0)),
                   AIO_SHUTDOWN);
        gate_open(gate);
        AWAIT(&self->first.future);
        trace("answer");
    }
    return co_done(co);
}

static void deadline(void)
{
    run(co_init(&frame.co, deadline_body), 0);
    EXPECT_TRACE("t=0.25 The executor did not finish joining its threads within 0.25 "
                 "seconds f.done=0 answer");
    EXPECT(no_threads_left());
}

static co_status stuck_body(struct coro *co)
{
    struct frame *self = co_self(co, struct frame);

    ASYNC (co) {
        to_thread(&self->first, at_gate, NULL, 0);
        AWAIT(async_sleep(&self->sleep, 1));
        loop_hold(loop, -1); /* as above */
    }
    return co_done(co);
}

/* run() waits 300 s, then leaves the thread behind. The thread ends after the loop has
 * been freed, and frees the executor. */
static void left_behind(void)
{
    run(co_init(&frame.co, stuck_body), 0);
    EXPECT_STR(told,
               "The executor did not finish joining its threads within 300 seconds");
    EXPECT_INT(count_threads(), OWN_THREADS + 1);
    EXPECT(!atomic_load(&finished));
    pthread_mutex_lock(&gate->lock); /* gate_open() would use the loop */
    gate->open = true;
    pthread_cond_broadcast(&gate->opened);
    pthread_mutex_unlock(&gate->lock);
    EXPECT(no_threads_left());
    EXPECT(atomic_load(&finished));
    EXPECT(!frame.first.future.done);
}

/* ---- shutdown: before use, twice at once, cancelled ---- */

static co_status early_body(struct coro *co)
{
    struct frame *self = co_self(co, struct frame);

    ASYNC (co) {
        AWAIT(loop_shutdown_default_executor(&self->end, TIMEOUT_NONE));
        AWAIT(loop_shutdown_default_executor(&self->end, TIMEOUT_NONE));
        EXPECT_INT(future_error(to_thread(&self->second, nothing, NULL, 0)),
                   AIO_SHUTDOWN);
        loop->executor = NULL; /* as it was, for run() */
    }
    return co_done(co);
}

static void shutdown_before_use(void)
{
    run(co_init(&frame.co, early_body), 0);
}

static void tell_of_arrival(struct gate *at)
{
    (void)at;
    future_set_result(&frame.arrival, NULL);
}

static co_status twice_body(struct coro *co)
{
    struct frame *self = co_self(co, struct frame);
    int err;

    ASYNC (co) {
        future_init(&self->arrival, loop);
        gate->on_arrival = tell_of_arrival;
        to_thread(&self->first, at_gate, NULL, 0);
        loop_create_task(loop, &self->task,
                         loop_shutdown_default_executor(&self->end, TIMEOUT_NONE));
        loop_create_task(loop, &self->task2,
                         loop_shutdown_default_executor(&self->end2, 10));
        AWAIT(&self->arrival);                   /* sleep, as run_until_arrival() */
        EXPECT(self->end2.watcher.loop == loop); /* it waits for the threads to end */
        EXPECT(!self->task.future.done && !self->task2.future.done);
        task_cancel(&self->task, NULL);
        AWAIT_CATCH_ALL(err, &self->task);
        EXPECT_INT(err, ECANCELED);
        memset(&self->end, 0, sizeof self->end); /* nothing may touch it now */
        gate_open(gate);
        AWAIT(&self->task2);
        EXPECT(self->first.future.done); /* the result comes before the threads' end */
        EXPECT_INT(loop->holds, 0);
        EXPECT(atomic_load(&finished));
    }
    return co_done(co);
}

static void shutdown_twice(void)
{
    run(co_init(&frame.co, twice_body), 0);
    EXPECT_STR(told, "");
    EXPECT(no_threads_left());
}

/* ---- a custom executor as the default ---- */

static struct executor own;

static co_status own_body(struct coro *co)
{
    struct frame *self = co_self(co, struct frame);

    ASYNC (co) {
        EXPECT_INT(loop_set_default_executor(loop, &own), 0);
        EXPECT_INT(loop_set_default_executor(loop, &own), EBUSY);
        AWAIT(to_thread(&self->first, nothing, NULL, 0));
        EXPECT_INT(executor_threads(&own), 1);
    }
    return co_done(co);
}

static void own_default(void)
{
    EXPECT_INT(executor_init(&own, 1), 0);
    run(co_init(&frame.co, own_body), 0);
    EXPECT(no_threads_left()); /* run() joined them */
    executor_shutdown(&own, true, false);
}

/* ---- loop_close() alone ---- */

static struct loop *bare_loop(void)
{
    loop = malloc(sizeof *loop);
    loop_init(loop, &virtual_policy);
    set_event_loop(loop);
    loop->on_exception = tell;
    gate_init(++gate, loop, NULL);
    atomic_store(&finished, false);
    return loop;
}

static void close_idle(void)
{
    struct loop *bare = bare_loop();
    struct run_in_executor posted;

    EXPECT_INT(loop_run_until_future(bare, to_thread(&frame.first, nothing, NULL, 0)), 0);
    to_thread(&posted, nothing, NULL, 0);
    pause_ms(20);
    EXPECT_INT(loop_close(bare), 0); /* a result is in the inbox */
    EXPECT(!posted.future.done);
    EXPECT(no_threads_left());
    free(bare);
}

static void close_busy(void)
{
    struct loop *bare = bare_loop();
    struct shutdown_default_executor *end = malloc(sizeof *end);
    struct task *task = malloc(sizeof *task);

    to_thread(&frame.first, at_gate, NULL, 0);
    loop_create_task(bare, task, loop_shutdown_default_executor(end, TIMEOUT_NONE));
    run_until_arrival(gate);
    turn(bare, 3);
    EXPECT_INT(loop_close(bare), 0);
    EXPECT_STR(told, "Task was destroyed but it is pending!");
    free(task); /* its frame no longer waits for the threads to end */
    free(end);
    free(bare);
    pthread_mutex_lock(&gate->lock);
    gate->open = true;
    pthread_cond_broadcast(&gate->opened);
    pthread_mutex_unlock(&gate->lock);
    EXPECT(no_threads_left());
    EXPECT(atomic_load(&finished) && !frame.first.future.done);
}

CHECK_MAIN({ "made at the first use, gone at the end", made_late },
           { "run() cancels, then joins, and the loop goes on", run_joins },
           { "shutdown: the deadline passes, with a warning", deadline },
           { "run() leaves a stuck thread behind, safely", left_behind },
           { "shutdown before any use", shutdown_before_use },
           { "two shutdowns at once, one cancelled", shutdown_twice },
           { "an executor of one's own as the default", own_default },
           { "loop_close() with idle threads", close_idle },
           { "loop_close() with a running job", close_busy })
