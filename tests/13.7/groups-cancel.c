/* groups-cancel.c - checks of the task group: its parent is cancelled. */
#include "traced_group.h"

/* Run the group as a task, cancel it after .1 s and perhaps again, wait for its end. */
#define CANCEL_PARTY(...)                           \
    do {                                            \
        start(self, 3, party(&outer, __VA_ARGS__)); \
        AWAIT(async_sleep(&self->sleep, .1));       \
    } while (0)
#define END_PARTY()                                                                     \
    do {                                                                                \
        task_cancel(&self->task[3], NULL);                                              \
        AWAIT(async_wait(&self->rest, &self->item[3], 1, TIMEOUT_NONE, ALL_COMPLETED)); \
        trace("%s", future_cancelled(&self->task[3].future) ? "cancelled" : "0");       \
    } while (0)

STAGE(group_parent_cancelled, "body+:1@0.00 a+:2@0.00 b+:2@0.00 body-CE:5@0.10"
                              " a-CE:6@0.10 b-CE:6@0.10 a-clean:9@0.20"
                              " group=ECANCELED:11@0.20 1 0 a+:15@0.20 b+:15@0.20"
                              " a-CE:19@0.30 b-CE:19@0.30 a-clean:22@0.40"
                              " group=ECANCELED:24@0.40 1 0")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        CANCEL_PARTY(2, job_cleans(&self->job[0], "a", 1, .1), job(&self->job[1], "b", 1),
                     NULL, job(&self->job[2], "body", .5));
        END_PARTY();
        CANCEL_PARTY(2, job_cleans(&self->job[0], "a", 1, .1), job(&self->job[1], "b", 1),
                     NULL, NULL);
        END_PARTY();
    }
    return co_done(co);
}

STAGE(group_parent_cancelled_error, "a+:2@0.00 b+:2@0.00 a-CE:6@0.10 b-CE:6@0.10"
                                    " a-clean:9@0.20 group=GROUP[EIO]:11@0.20 1"
                                    " cancelled")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        CANCEL_PARTY(2, job_cleans(&self->job[0], "a", 1, .1),
                     job_answers(&self->job[1], "b", 1, 0, 0, EIO), NULL, NULL);
        END_PARTY();
    }
    return co_done(co);
}

STAGE(group_cancelled_twice, "a+:2@0.00 b+:2@0.00 a-CE:6@0.10 b-CE:6@0.10"
                             " a-clean:12@0.60 group=ECANCELED:14@0.60 2 0")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        CANCEL_PARTY(2, job_cleans(&self->job[0], "a", 1, .5), job(&self->job[1], "b", 1),
                     NULL, NULL);
        task_cancel(&self->task[3], NULL);
        AWAIT(async_sleep(&self->sleep, .1));
        END_PARTY();
    }
    return co_done(co);
}

STAGE(group_cancel_while_aborting, "a+:2@0.00 b+:2@0.00 b!:4@0.10 a-CE:6@0.10"
                                   " a-clean:11@0.60 group=GROUP[EIO]:13@0.60 1"
                                   " cancelled")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        CANCEL_PARTY(2, job_cleans(&self->job[0], "a", 1, .5),
                     job_fails(&self->job[1], "b", .1, EIO), NULL, NULL);
        AWAIT(async_sleep(&self->sleep, .1));
        END_PARTY();
    }
    return co_done(co);
}

STAGE(group_timeout, "a+:1@0.00 a-CE:4@0.10 a-clean:6@0.30 group=ECANCELED:8@0.30 1"
                     " wait_for=0:8@0.30")
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(
            err, async_wait_for(&self->wait_for,
                                party(&outer, 1, job_cleans(&self->job[0], "a", 1, .2),
                                      NULL, NULL, NULL),
                                .1));
        told("wait_for", err);
    }
    return co_done(co);
}

CHECK_MAIN({ "group: the parent cancelled", group_parent_cancelled },
           { "group: the parent cancelled, and an error", group_parent_cancelled_error },
           { "group: the parent cancelled twice", group_cancelled_twice },
           { "group: the parent cancelled while it aborts", group_cancel_while_aborting },
           { "group: under a timeout", group_timeout })
