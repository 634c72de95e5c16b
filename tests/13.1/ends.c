/*
 * ends.c - the end of a run or a loop: the owner of a handle, timer or task can still
 * touch it, nothing points into freed memory, and nothing leaks. It is also run under
 * -fsanitize=address and valgrind.
 */
#include <errno.h>

#include "turn_trace.h"

static struct future future;

static void stop_and_finish(struct handle *h)
{
    (void)h;
    loop_stop(&loop);
    future_set_result(&future, NULL);
}

/* The future completes in the same pass that stops the loop. Its callback waits for the
 * next run, although run_until_complete() has returned. */
static void a_run_that_is_over_leaves_nothing(void)
{
    struct word w = { .text = "w" };

    begin();
    future_init(&future, &loop);
    loop_call_soon(&loop, &w.handle, stop_and_finish);
    EXPECT_INT(loop_run_until_complete(&loop, &future), 0);
    EXPECT(ring_empty(&loop.ready));
    run_one_pass();
    end();
}

static void run_nested(struct handle *h)
{
    (void)h;
    EXPECT_INT(loop_run_until_complete(&loop, &future), AIO_LOOP_RUNNING);
    loop_stop(&loop);
}

static void a_refused_run_leaves_nothing(void)
{
    struct word w = { .text = "w" };

    begin();
    future_init(&future, &loop);
    future_set_result(&future, NULL);
    loop_call_soon(&loop, &w.handle, run_nested);
    loop_run_forever(&loop);
    EXPECT(ring_empty(&loop.ready));
    run_one_pass();
    end();
}

static void another_loops_future_is_refused(void)
{
    struct loop_policy policy = { &selector_poll, &clock_virtual };
    struct word stop = { .text = "stop", .stops = true };
    struct loop other;

    begin();
    EXPECT_INT(loop_init(&other, &policy), 0);
    future_init(&future, &other);
    soon(&stop);
    EXPECT_INT(loop_run_until_complete(&loop, &future), AIO_OTHER_LOOP);
    EXPECT(ring_empty(&future.callbacks));
    handle_cancel(&stop.handle);
    EXPECT_INT(loop_close(&other), 0);
    end();
}

static void a_timer_outlives_its_loop(void)
{
    struct word w = { .text = "w", .stops = true };

    begin();
    later(&w, 5);
    EXPECT_INT(loop_close(&loop), 0);
    timer_cancel(&loop, &w.timer);
    begin();
    later(&w, 1); /* it can be armed on the next one */
    loop_run_forever(&loop);
    EXPECT_TRACE("w@1");
    end();
}

/* ---- tasks that the loop owns ---- */

struct job {          /* async def job(on): await on, or sleep */
    struct task task; /* first: the block is freed with it */
    struct coro co;
    struct task *on;
    struct async_sleep sleep;
};

static co_status job_body(struct coro *co)
{
    struct job *self = co_self(co, struct job);

    ASYNC (co) {
        if (self->on != NULL)
            AWAIT(self->on);
        else
            AWAIT(async_sleep(&self->sleep, 100));
    }
    return co_done(co);
}

static struct job *detached_job(struct task *on)
{
    struct job *job = malloc(sizeof *job);

    job->on = on;
    loop_create_task(&loop, &job->task, co_init(&job->co, job_body));
    task_detach(&job->task);
    return job;
}

static void note(struct loop *l, const struct exception_context *context)
{
    char name[TASK_NAME_MAX];

    (void)l;
    trace("%s: %s", task_name(context->task, name), context->message);
}

static void pending_tasks_are_reported_and_freed(void)
{
    struct job *first;

    begin();
    loop.on_exception = note;
    first = detached_job(NULL);
    detached_job(&first->task);
    detached_job(&first->task);
    run_one_pass();
    EXPECT_INT(loop_close(&loop), 0);
    EXPECT_TRACE("Task-1: Task was destroyed but it is pending! "
                 "Task-2: Task was destroyed but it is pending! "
                 "Task-3: Task was destroyed but it is pending!");
}

struct family { /* a detached task whose frame holds its child's task */
    struct task task;
    struct coro co;
    struct job child;
};

static co_status family_body(struct coro *co)
{
    struct family *self = co_self(co, struct family);

    ASYNC (co) {
        self->child.on = NULL;
        loop_create_task(&loop, &self->child.task, co_init(&self->child.co, job_body));
        AWAIT(&self->child.task);
    }
    return co_done(co);
}

static void a_pending_parent_is_freed_after_its_child(void)
{
    struct family *family = malloc(sizeof *family);

    begin();
    loop.on_exception = note;
    loop_create_task(&loop, &family->task, co_init(&family->co, family_body));
    task_detach(&family->task);
    run_one_pass();
    run_one_pass();
    EXPECT_INT(loop_close(&loop), 0);
    EXPECT_TRACE("Task-1: Task was destroyed but it is pending! "
                 "Task-2: Task was destroyed but it is pending!");
}

static co_status ending_body(struct coro *co)
{
    ASYNC (co) {
        loop_stop(&loop);
        return co_raise(co, ENOENT);
    }
    return co_done(co);
}

/* The task ends in the last pass. It is freed with the loop, and its error is
 * reported. */
static void a_task_of_the_last_pass_is_freed(void)
{
    struct job *job = malloc(sizeof *job);

    begin();
    loop.on_exception = note;
    loop_create_task(&loop, &job->task, co_init(&job->co, ending_body));
    task_detach(&job->task);
    loop_run_forever(&loop);
    EXPECT_INT(loop_close(&loop), 0);
    EXPECT_TRACE("Task-1: Task exception was never retrieved");
}

CHECK_MAIN({ "a run that is over leaves nothing", a_run_that_is_over_leaves_nothing },
           { "a refused run leaves nothing", a_refused_run_leaves_nothing },
           { "another loop's future is refused", another_loops_future_is_refused },
           { "a timer outlives its loop", a_timer_outlives_its_loop },
           { "pending tasks are reported and freed",
             pending_tasks_are_reported_and_freed },
           { "a pending parent is freed after its child",
             a_pending_parent_is_freed_after_its_child },
           { "a task of the last pass is freed", a_task_of_the_last_pass_is_freed })
