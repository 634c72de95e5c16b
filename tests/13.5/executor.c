/* executor.c - the pool and run_in_executor, against the exact order of asyncio. */
#include <signal.h>
#include <sys/resource.h>

#include "thread_count.h"

static struct loop loop;
static struct executor ex;

static void open_all(int threads)
{
    loop_init(&loop, &virtual_policy);
    set_event_loop(&loop);
    EXPECT_INT(executor_init(&ex, threads), 0);
}

static void close_all(void)
{
    executor_shutdown(&ex, true, false);
    EXPECT_INT(loop.holds, 0);
    EXPECT_INT(loop.timers.count - loop.timers.cancelled, 0);
    EXPECT_INT(loop_close(&loop), 0);
    EXPECT(no_threads_left());
}

static int wait_for(struct future *f)
{
    return loop_run_until_future(&loop, f);
}

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

/* ---- growth ---- */

static void default_size(void)
{
    const char *want = getenv("WANT_THREADS");

    EXPECT_INT(executor_init(&ex, 0), 0);
    EXPECT_INT(ex.max_threads, executor_cpus() + 4 < 32 ? executor_cpus() + 4 : 32);
    if (want != NULL)
        EXPECT_INT(ex.max_threads, atoi(want));
    executor_shutdown(&ex, true, false);
    executor_shutdown(&ex, true, true);
    EXPECT_INT(executor_init(&ex, -1), EINVAL);
}

static void in_turn_one_thread(void)
{
    struct run_in_executor run;

    open_all(8);
    EXPECT_INT(executor_threads(&ex), 0);
    EXPECT(count_threads() <= OWN_THREADS);
    for (int i = 0; i < 2000; i++)
        EXPECT_INT(wait_for(loop_run_in_executor(&run, &ex, nothing, NULL, 0)), 0);
    EXPECT_INT(executor_threads(&ex), 1);
    close_all();
}

static int at_gate(void *arg)
{
    gate_wait(*(struct gate **)arg);
    return 0;
}

static void open_at_four(struct gate *gate)
{
    if (gate->arrived == 4) {
        EXPECT_INT(gate->loop->holds, 0);
        gate_open(gate);
    }
}

static void at_once_and_reuse(void)
{
    struct run_in_executor run[4];
    struct gate gate, *at = &gate;

    open_all(6);
    for (int round = 0; round < 200; round++) {
        gate_init(&gate, &loop, open_at_four);
        for (int i = 0; i < 4; i++)
            loop_run_in_executor(&run[i], &ex, at_gate, &at, sizeof at);
        EXPECT_INT(loop.holds, 4);
        for (int i = 0; i < 4; i++)
            EXPECT_INT(wait_for(&run[i].future), 0);
        EXPECT_INT(gate.handle.link.next != NULL, 0);
    }
    EXPECT_INT(executor_threads(&ex), 4);
    close_all();
}

static atomic_int inside, most;
static char letters[] = "abcdef", order[8];
static atomic_int ordered;

static int counted(void *arg)
{
    int n = atomic_fetch_add(&inside, 1) + 1;

    if (n > atomic_load(&most))
        atomic_store(&most, n);
    order[atomic_fetch_add(&ordered, 1)] = *(char *)arg;
    pause_ms(1);
    atomic_fetch_sub(&inside, 1);
    return 0;
}

static void bounded_and_in_order(void)
{
    struct run_in_executor run[6];

    for (int threads = 2; threads > 0; threads--) {
        open_all(threads);
        atomic_store(&most, 0);
        atomic_store(&ordered, 0);
        for (int i = 0; i < 6; i++)
            loop_run_in_executor(&run[i], &ex, counted, &letters[i], 1);
        for (int i = 0; i < 6; i++)
            EXPECT_INT(wait_for(&run[i].future), 0);
        EXPECT(atomic_load(&most) <= threads);
        EXPECT_INT(executor_threads(&ex), threads);
        close_all();
    }
    order[6] = '\0';
    EXPECT_STR(order, "abcdef");
}

/* ---- what a job sees, and its result ---- */

struct facts {
    int in;
    int out;
    pthread_t thread;
    bool blocked;
};

static int look_around(void *arg)
{
    struct facts *facts = arg;
    sigset_t mask;

    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    facts->blocked = sigismember(&mask, SIGINT) && sigismember(&mask, SIGTERM) &&
                     sigismember(&mask, SIGUSR1) && sigismember(&mask, SIGCHLD);
    facts->thread = pthread_self();
    facts->out = facts->in * 2;
    return 0;
}

static pthread_t told_by;

static void note_thread(struct handle *h)
{
    (void)h;
    told_by = pthread_self();
}

static void result_on_the_loop(void)
{
    struct facts facts = { .in = 21 };
    struct run_in_executor run;
    struct handle told;
    sigset_t mask;

    open_all(1);
    handle_init(&told);
    loop_run_in_executor(&run, &ex, look_around, &facts, sizeof facts);
    future_add_done_callback(&run.future, &told, note_thread);
    facts.in = 1; /* the thread has a copy */
    pause_ms(20);
    EXPECT_INT(facts.out, 0); /* and the result comes in a pass, not earlier */
    EXPECT(!run.future.done);
    EXPECT_INT(wait_for(&run.future), 0);
    turn(&loop, 1);
    EXPECT_INT(facts.out, 42);
    EXPECT(run.future.value == &facts);
    EXPECT(facts.blocked);
    EXPECT(!pthread_equal(facts.thread, pthread_self()));
    EXPECT(pthread_equal(told_by, pthread_self()));
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    EXPECT(!sigismember(&mask, SIGINT)); /* ours is unchanged */
    close_all();
}

static int fail_with(void *arg)
{
    return *(int *)arg;
}

static atomic_int dropped;

static void count_drop(void *arg)
{
    (void)arg;
    atomic_fetch_add(&dropped, 1);
}

static void errors_come_back(void)
{
    int errors[] = { ENOENT, AIO_NAME, ETIMEDOUT };
    struct run_in_executor run;
    int error = ECANCELED;

    open_all(1);
    for (int i = 0; i < 3; i++)
        EXPECT_INT(wait_for(loop_run_in_executor(&run, &ex, fail_with, &errors[i],
                                                 sizeof errors[i])),
                   errors[i]);
    atomic_store(&dropped, 0);
    loop_run_in_executor(&run, &ex, fail_with, &error, sizeof error);
    run_in_executor_drop(&run, count_drop);
    EXPECT_INT(wait_for(&run.future), ECANCELED);
    EXPECT(future_cancelled(&run.future) && run.future.message == NULL);
    EXPECT_INT(atomic_load(&dropped), 1);
    close_all();
}

/* ---- cancel ---- */

struct pass_cb {
    struct handle handle;
    const char *name;
    unsigned long base;
};

static void note_pass(struct handle *h)
{
    struct pass_cb *cb = container_of(h, struct pass_cb, handle);

    trace("%s@%lu", cb->name, loop.turns - cb->base);
}

static atomic_bool ran, finished;

static int mark_ran(void *arg)
{
    (void)arg;
    atomic_store(&ran, true);
    return 0;
}

static int gate_then_finish(void *arg)
{
    gate_wait(*(struct gate **)arg);
    atomic_store(&finished, true);
    return 0;
}

struct waiter {
    struct coro co;
    struct run_in_executor run;
    struct gate *gate;
    struct pass_cb cb;
};

static unsigned long base;

static co_status waiter_body(struct coro *co)
{
    struct waiter *self = co_self(co, struct waiter);
    int err;

    ASYNC (co) {
        loop_run_in_executor(&self->run, &ex, gate_then_finish, &self->gate,
                             sizeof self->gate);
        future_add_done_callback(&self->run.future, &self->cb.handle, note_pass);
        AWAIT_CATCH_ALL(err, &self->run.future);
        trace(err == ECANCELED ? "CE@%lu" : "?@%lu", loop.turns - base);
        return co_raise(co, err);

    FINALLY:
        trace("fin@%lu", loop.turns - base);
    }
    return co_done(co);
}

struct canceller {
    struct coro co;
    struct waiter waiter;
    struct task task;
    struct gate gate;
    struct async_sleep sleep;
    struct run_in_executor queued;
};

static co_status canceller_body(struct coro *co)
{
    struct canceller *self = co_self(co, struct canceller);
    int err;

    ASYNC (co) {
        gate_init(&self->gate, &loop, NULL);
        self->waiter.gate = &self->gate;
        self->waiter.cb.name = "cb";
        loop_create_task(&loop, &self->task, co_init(&self->waiter.co, waiter_body));
        AWAIT(async_sleep(&self->sleep, 0.1));
        loop_run_in_executor(&self->queued, &ex, mark_ran, NULL, 0);
        base = self->waiter.cb.base = loop.turns;
        trace("q.cancel=%d", future_cancel(&self->queued.future, NULL));
        trace("again=%d", future_cancel(&self->queued.future, NULL));
        trace("t.cancel=%d", task_cancel(&self->task, NULL));
        trace("done=%d", self->task.future.done);
        AWAIT_CATCH_ALL(err, &self->task);
        trace(err == ECANCELED ? "main@%lu" : "?@%lu", loop.turns - base);
        EXPECT_INT(ex.queued, 0);
        gate_open(&self->gate);
        executor_shutdown(&ex, true, false);
        YIELD();
        trace("end holds=%d", loop.holds);
    }
    return co_done(co);
}

/* B76: the expected text is the output of the same steps on CPython 3.13. */
static void cancel_order(void)
{
    struct canceller frame;
    struct task task;

    open_all(1);
    atomic_store(&ran, false);
    atomic_store(&finished, false);
    loop_create_task(&loop, &task, co_init(&frame.co, canceller_body));
    handle_init(&frame.waiter.cb.handle);
    EXPECT_INT(wait_for(&task.future), 0);
    EXPECT_TRACE(
        "q.cancel=1 again=0 t.cancel=1 done=0 cb@1 CE@1 fin@1 main@2 end holds=0");
    EXPECT(!atomic_load(&ran));
    EXPECT(atomic_load(&finished));
    close_all();
}

static enum job_stage stage_of(struct run_in_executor *run)
{
    enum job_stage stage;

    pthread_mutex_lock(&ex.lock);
    stage = run->job->stage;
    pthread_mutex_unlock(&ex.lock);
    return stage;
}

static void dropped_once(void)
{
    struct run_in_executor running, queued, posted;
    struct gate gate, *at = &gate;
    int answer = 5;

    open_all(1);
    atomic_store(&dropped, 0);
    gate_init(&gate, &loop, NULL);
    loop_run_in_executor(&running, &ex, at_gate, &at, sizeof at);
    run_in_executor_drop(&running, count_drop);
    run_until_arrival(&gate);
    loop_run_in_executor(&queued, &ex, mark_ran, NULL, 0);
    run_in_executor_drop(&queued, count_drop);
    EXPECT(future_cancel(&queued.future, "why"));
    EXPECT_STR(queued.future.message, "why");
    EXPECT_INT(atomic_load(&dropped), 1); /* at once: the job never ran */
    EXPECT(future_cancel(&running.future, NULL));
    EXPECT_INT(atomic_load(&dropped), 1); /* the thread still uses the copy */
    gate_open(&gate);
    loop_run_in_executor(&posted, &ex, fail_with, &answer, sizeof answer);
    run_in_executor_drop(&posted, count_drop);
    while (stage_of(&posted) != JOB_POSTED)
        pause_ms(1);
    EXPECT_INT(atomic_load(&dropped), 2);
    EXPECT(future_cancel(&posted.future, NULL)); /* the result is in the inbox */
    EXPECT_INT(atomic_load(&dropped), 3);
    turn(&loop, 3);
    EXPECT(future_cancelled(&posted.future));
    EXPECT_INT(loop_run_until_future(
                   &loop, loop_run_in_executor(&posted, &ex, nothing, NULL, 0)),
               0);
    run_in_executor_drop(&posted, count_drop); /* too late: no effect */
    EXPECT_INT(atomic_load(&dropped), 3);
    close_all();
}

static pthread_mutex_t late_lock = PTHREAD_MUTEX_INITIALIZER;

static int late(void *arg)
{
    struct facts *facts = arg;

    pthread_mutex_lock(&late_lock); /* held until the loop is closed */
    pthread_mutex_unlock(&late_lock);
    facts->out = 1;
    return 0;
}

/* Scenario 19: the loop and the frame are freed before the thread has a result. */
static void late_answer(void)
{
    struct loop *gone = malloc(sizeof *gone);
    struct run_in_executor *run = malloc(sizeof *run);
    struct facts *facts = calloc(1, sizeof *facts);

    EXPECT_INT(executor_init(&ex, 1), 0);
    loop_init(gone, &virtual_policy);
    set_event_loop(gone);
    pthread_mutex_lock(&late_lock);
    atomic_store(&dropped, 0);
    loop_run_in_executor(run, &ex, late, facts, sizeof *facts);
    run_in_executor_drop(run, count_drop);
    pause_ms(20);
    EXPECT(future_cancel(&run->future, NULL));
    EXPECT_INT(loop_close(gone), 0);
    free(gone);
    free(run);
    free(facts);
    pthread_mutex_unlock(&late_lock);
    executor_shutdown(&ex, true, false);
    EXPECT_INT(atomic_load(&dropped), 1);
    EXPECT(no_threads_left());
}

/* ---- shutdown, and misuse ---- */

static void shutdown_orders(void)
{
    struct run_in_executor running, queued[2], refused;
    struct pass_cb cb[2] = { { .name = "q0" }, { .name = "q1" } };
    struct gate gate, *at = &gate;

    open_all(1);
    gate_init(&gate, &loop, NULL);
    loop_run_in_executor(&running, &ex, at_gate, &at, sizeof at);
    run_until_arrival(&gate);
    atomic_store(&ran, false);
    for (int i = 0; i < 2; i++) {
        loop_run_in_executor(&queued[i], &ex, mark_ran, NULL, 0);
        handle_init(&cb[i].handle);
        cb[i].base = loop.turns;
        future_add_done_callback(&queued[i].future, &cb[i].handle, note_pass);
    }
    executor_shutdown(&ex, false, true);
    EXPECT(!queued[0].future.done && !queued[1].future.done);
    EXPECT_INT(future_error(loop_run_in_executor(&refused, &ex, nothing, NULL, 0)),
               AIO_SHUTDOWN);
    EXPECT(!future_cancel(&refused.future, NULL));
    turn(&loop, 3);
    EXPECT_TRACE("q0@2 q1@2");
    EXPECT(future_cancelled(&queued[0].future) && future_cancelled(&queued[1].future));
    EXPECT(!running.future.done && !atomic_load(&ran));
    gate_open(&gate);
    EXPECT_INT(wait_for(&running.future), 0);
    close_all();
}

static void shutdown_runs_the_queue(void)
{
    struct run_in_executor run[5];

    open_all(1);
    atomic_store(&ordered, 0);
    for (int i = 0; i < 5; i++)
        loop_run_in_executor(&run[i], &ex, counted, &letters[i], 1);
    executor_shutdown(&ex, true, false);
    order[5] = '\0';
    EXPECT_STR(order, "abcde");
    for (int i = 0; i < 5; i++)
        EXPECT_INT(wait_for(&run[i].future), 0);
    close_all();
}

static void misuse(void)
{
    struct run_in_executor run;

    EXPECT_INT(executor_init(&ex, 1), 0);
    set_event_loop(NULL);
    EXPECT_INT(future_error(loop_run_in_executor(&run, &ex, nothing, NULL, 0)),
               AIO_NO_RUNNING_LOOP);
    loop_init(&loop, &virtual_policy);
    loop_close(&loop);
    set_event_loop(&loop);
    EXPECT_INT(future_error(loop_run_in_executor(&run, &ex, nothing, NULL, 0)),
               AIO_LOOP_CLOSED);
    EXPECT_INT(future_error(to_thread(&run, nothing, NULL, 0)), AIO_LOOP_CLOSED);
    run_in_executor_drop(&run, count_drop);
    set_event_loop(NULL);
    executor_shutdown(&ex, true, false);
}

/* No thread can be created (no room for its stack): an error, and nothing stays
 * queued. This case comes first, before there are stacks to reuse; sanitizers need
 * the room too. */
static void no_thread(void)
{
    struct rlimit before, none;
    struct run_in_executor run;
    int error;

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
    return;
#endif
    open_all(2);
    getrlimit(RLIMIT_AS, &before);
    none = before;
    none.rlim_cur = 1;
    setrlimit(RLIMIT_AS, &none);
    error = future_error(loop_run_in_executor(&run, &ex, mark_ran, NULL, 0));
    setrlimit(RLIMIT_AS, &before);
    EXPECT(error == EAGAIN || error == ENOMEM);
    EXPECT_INT(ex.queued, 0);
    EXPECT_INT(loop.holds, 0);
    EXPECT_INT(wait_for(loop_run_in_executor(&run, &ex, nothing, NULL, 0)), 0);
    close_all();
}

/* ---- many ---- */

enum { MANY = 4000 };

static int square(void *arg)
{
    *(long *)arg *= *(long *)arg;
    return 0;
}

static void many(void)
{
    static struct run_in_executor run[MANY];
    static long n[MANY];
    long cancelled = 0, good = 0;
    unsigned random = 1;

    open_all(4);
    for (long i = 0; i < MANY; i++) {
        n[i] = i;
        loop_run_in_executor(&run[i], &ex, square, &n[i], sizeof n[i]);
        run_in_executor_drop(&run[i], count_drop);
        random = random * 1103515245u + 12345u;
        if (random >> 30 == 0)
            cancelled += future_cancel(&run[i / 2].future, NULL);
        if (i % 64 == 0)
            turn(&loop, 1);
    }
    for (long i = 0; i < MANY; i++)
        good += wait_for(&run[i].future) == 0 ? n[i] == i * i : n[i] == i;
    EXPECT_INT(good, MANY);
    EXPECT(cancelled > 0);
    executor_shutdown(&ex, true, false);
    EXPECT(executor_threads(&ex) <= 4);
    close_all();
}

CHECK_MAIN({ "no thread to be had", no_thread }, { "default size", default_size },
           { "jobs in turn take one thread", in_turn_one_thread },
           { "jobs at once take as many, later ones the idle", at_once_and_reuse },
           { "never more threads than allowed, first come first served",
             bounded_and_in_order },
           { "the result comes to the loop's thread", result_on_the_loop },
           { "errors come back", errors_come_back },
           { "cancel: the order of asyncio", cancel_order },
           { "a copy nobody gets is dropped once", dropped_once },
           { "a late answer touches neither loop nor future", late_answer },
           { "shutdown that cancels the queue", shutdown_orders },
           { "shutdown runs the queue to its end", shutdown_runs_the_queue },
           { "misuse is refused", misuse }, { "many jobs, some cancelled", many })
