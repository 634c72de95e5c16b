/* passes.c - how many passes an await costs, and a cancel at any time. */
#include "timed_jobs.h"

static unsigned long since;

static void cost(const char *what)
{
    trace("%s=%lu", what, loop.turns - since);
    since = loop.turns;
}

static co_status nothing_body(struct coro *co)
{
    ASYNC (co) {
    }
    return co_done(co);
}

static struct coro *nothing(struct coro *co)
{
    return co_init(co, nothing_body);
}

static struct handle soon;
static struct future *pending_future;

static void set_result(struct handle *handle)
{
    (void)handle;
    future_set_result(pending_future, NULL);
}

static struct group_task member;
static struct task_group group;
static struct coro job_of_member;

static co_status one_task_body(struct coro *co)
{
    ASYNC (co) {
        task_group_create_task(&group, &member, nothing(&job_of_member));
    }
    return co_done(co);
}

STAGE(pass_costs, "done=0 coroutine=0 sleep0=1 task=2 future=2 gather=3 wait=3"
                  " shield=3 wait_for=0 wait_for0=3 group=3")
{
    struct stage *self = co_self(co, struct stage);
    static struct coro a, b;
    int err;

    ASYNC (co) {
        since = loop.turns;
        future_init(&self->f, &loop);
        future_set_result(&self->f, NULL);
        AWAIT(&self->f);
        cost("done");
        AWAIT(nothing(&a));
        cost("coroutine");
        YIELD();
        cost("sleep0");
        AWAIT(start(self, 0, nothing(&a)));
        cost("task");
        future_init(&self->f, &loop);
        loop_call_soon(&loop, &soon, set_result);
        pending_future = &self->f;
        AWAIT(&self->f);
        cost("future");
        start(self, 0, nothing(&a));
        start(self, 1, nothing(&b));
        AWAIT(async_gather(&self->gather, self->item, 2, 0));
        cost("gather");
        start(self, 0, nothing(&a));
        start(self, 1, nothing(&b));
        AWAIT(async_wait(&self->wait, self->item, 2, TIMEOUT_NONE, ALL_COMPLETED));
        cost("wait");
        start(self, 0, nothing(&a));
        AWAIT(async_shield(&self->shield, &self->task[0]));
        cost("shield");
        AWAIT(async_wait_for(&self->wait_for, nothing(&a), 1));
        cost("wait_for");
        AWAIT_CATCH(err, async_wait_for(&self->wait_for, nothing(&a), 0));
        EXPECT_INT(err, ETIMEDOUT);
        cost("wait_for0");
        AWAIT(async_task_group(&group, co_init(&a, one_task_body)));
        cost("group");
    }
    return co_done(co);
}

/* Awaits of objects that are done already, or are empty. */
STAGE(pass_costs_of_nothing, "group-empty=0 gather-empty=0 gather-done=0 wait-done=2"
                             " each-done=2 each-task=3")
{
    struct stage *self = co_self(co, struct stage);
    static struct coro a;

    ASYNC (co) {
        future_init(&self->f, &loop);
        future_set_result(&self->f, NULL);
        since = loop.turns;
        AWAIT(async_task_group(&group, nothing(&a)));
        cost("group-empty");
        AWAIT(async_gather(&self->gather, NULL, 0, 0));
        cost("gather-empty");
        self->item[0].future = self->item[1].future = &self->f;
        AWAIT(async_gather(&self->gather, self->item, 2, 0));
        cost("gather-done");
        AWAIT(async_wait(&self->wait, self->item, 1, TIMEOUT_NONE, ALL_COMPLETED));
        cost("wait-done");
        async_as_completed(&self->each, self->item, 1, TIMEOUT_NONE);
        AWAIT(as_completed_next(&self->each));
        cost("each-done");
        start(self, 0, nothing(&a));
        async_as_completed(&self->each, self->item, 1, TIMEOUT_NONE);
        AWAIT(as_completed_next(&self->each));
        cost("each-task");
    }
    return co_done(co);
}

struct compound {
    struct coro co;
    struct task_group group;
    struct group_task member[2];
    struct job job[5];
    struct stage in; /* room for the rest */
};

static struct compound compound;

static co_status compound_body(struct coro *co)
{
    struct compound *self = co_self(co, struct compound);
    struct stage *in = &self->in;
    struct job *job_of = self->job;

    ASYNC (co) {
        task_group_create_task(&self->group, &self->member[0], job(&job_of[0], "a", .12));
        task_group_create_task(&self->group, &self->member[1],
                               job_cleans(&job_of[1], "b", .9, .07));
        start(in, 0, job_cleans(&job_of[2], "c", .2, .03));
        start(in, 1, job(&job_of[3], "d", .3));
        start(in, 2, job_cleans(&job_of[4], "e", .4, .02));
        AWAIT(async_shield(&in->shield, &in->task[0]));
        mark("%s", "shielded");
        AWAIT(async_wait(&in->wait, in->item, 3, .05, ALL_COMPLETED));
        mark("%s", "waited");
        AWAIT(async_wait_for(&in->wait_for, async_gather(&in->gather, in->item + 1, 2, 0),
                             1));
        mark("%s", "gathered");
        async_as_completed(&in->each, in->item, 3, TIMEOUT_NONE);
        while (as_completed_left(&in->each) > 0) {
            AWAIT(as_completed_next(&in->each));
            mark("%s", "next");
        }

    FINALLY:
        AWAIT(async_wait(&in->rest, in->item, 3, TIMEOUT_NONE, ALL_COMPLETED));
        mark("%s", "fin");
    }
    return co_done(co);
}

static double cancel_after;

static void cancel_waiter(struct handle *handle)
{
    task_cancel(&container_of(handle, struct stage, timer.handle)->waiter_task, NULL);
}

static co_status cancel_at_body(struct coro *co)
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        co_init(&compound.co, compound_body);
        start_waiter(self, "compound", async_task_group(&compound.group, &compound.co),
                     NULL);
        timer_init(&self->timer);
        loop_call_later(&loop, &self->timer, cancel_after, cancel_waiter);
        AWAIT(&self->waiter_task);
    }
    return co_done(co);
}

static void cancel_at_any_time(void)
{
    static const struct {
        double at;
        const char *expected;
    } cases[] = {
        { 0.01, "a+:2@0.00 b+:2@0.00 c+:2@0.00 d+:2@0.00 e+:2@0.00 a.:6@0.12 c.:9@0.20"
                " d.:12@0.30 e.:15@0.40 fin:17@0.40 b-CE:18@0.40 b-clean:20@0.47"
                " compound=ECANCELED:22@0.47" },
        { 0.16, "a+:2@0.00 b+:2@0.00 c+:2@0.00 d+:2@0.00 e+:2@0.00 a.:4@0.12 c.:9@0.20"
                " d.:12@0.30 e.:15@0.40 fin:17@0.40 b-CE:18@0.40 b-clean:20@0.47"
                " compound=ECANCELED:22@0.47" },
        { 0.21, "a+:2@0.00 b+:2@0.00 c+:2@0.00 d+:2@0.00 e+:2@0.00 a.:4@0.12 c.:7@0.20"
                " shielded:9@0.20 d.:15@0.30 e.:18@0.40 fin:20@0.40 b-CE:21@0.40"
                " b-clean:23@0.47 compound=ECANCELED:25@0.47" },
        { 0.26, "a+:2@0.00 b+:2@0.00 c+:2@0.00 d+:2@0.00 e+:2@0.00 a.:4@0.12 c.:7@0.20"
                " shielded:9@0.20 waited:12@0.25 d-CE:14@0.26 e-CE:14@0.26"
                " e-clean:19@0.28 fin:21@0.28 b-CE:22@0.28 b-clean:24@0.35"
                " compound=ECANCELED:26@0.35" },
        { 0.31, "a+:2@0.00 b+:2@0.00 c+:2@0.00 d+:2@0.00 e+:2@0.00 a.:4@0.12 c.:7@0.20"
                " shielded:9@0.20 waited:12@0.25 d.:14@0.30 e-CE:17@0.31"
                " e-clean:19@0.33 fin:23@0.33 b-CE:24@0.33 b-clean:26@0.40"
                " compound=ECANCELED:28@0.40" },
        { 0.41, "a+:2@0.00 b+:2@0.00 c+:2@0.00 d+:2@0.00 e+:2@0.00 a.:4@0.12 c.:7@0.20"
                " shielded:9@0.20 waited:12@0.25 d.:14@0.30 e.:17@0.40"
                " gathered:19@0.40 next:21@0.40 next:21@0.40 next:21@0.40 fin:23@0.40"
                " b-CE:26@0.41 b-clean:28@0.48 compound=ECANCELED:30@0.48" },
        { 0.91, "a+:2@0.00 b+:2@0.00 c+:2@0.00 d+:2@0.00 e+:2@0.00 a.:4@0.12 c.:7@0.20"
                " shielded:9@0.20 waited:12@0.25 d.:14@0.30 e.:17@0.40"
                " gathered:19@0.40 next:21@0.40 next:21@0.40 next:21@0.40 fin:23@0.40"
                " b.:25@0.90 compound=0:27@0.90" },
    };

    for (int i = 0; i < (int)(sizeof cases / sizeof *cases); i++) {
        cancel_after = cases[i].at;
        run_stage(cancel_at_body, cases[i].expected);
        memset(&compound, 0xee, sizeof compound);
    }
}

CHECK_MAIN({ "passes: what an await costs", pass_costs },
           { "passes: what it costs with nothing to wait for", pass_costs_of_nothing },
           { "cancel at any time, in the midst of everything", cancel_at_any_time })
