/* groups.c - checks of the task group: errors, and groups inside groups. */
#include "traced_group.h"

STAGE(group_plain, "a+:1@0.00 b+:1@0.00 b.:3@0.10 a.:6@0.20 group=0:8@0.20 0")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        AWAIT(party(&outer, 2, job(&self->job[0], "a", .2), job(&self->job[1], "b", .1),
                    NULL, NULL));
    }
    return co_done(co);
}

STAGE(group_error_in_body, "body+:0@0.00 a+:1@0.00 b+:1@0.00 b!:3@0.10 a-CE:5@0.10"
                           " body-CE:5@0.10 a-clean:7@0.30 group=GROUP[EIO]:9@0.30 0")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        AWAIT(party(&outer, 2, job_cleans(&self->job[0], "a", .5, .2),
                    job_fails(&self->job[1], "b", .1, EIO), NULL,
                    job(&self->job[2], "body", 1)));
    }
    return co_done(co);
}

STAGE(group_error_after_body, "body+:0@0.00 a+:1@0.00 b+:1@0.00 body.:3@0.10 b!:5@0.30"
                              " a-CE:7@0.30 a-clean:9@0.50 group=GROUP[EIO]:11@0.50 0")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        AWAIT(party(&outer, 2, job_cleans(&self->job[0], "a", .5, .2),
                    job_fails(&self->job[1], "b", .3, EIO), NULL,
                    job(&self->job[2], "body", .1)));
    }
    return co_done(co);
}

STAGE(group_body_raises, "body+:0@0.00 a+:1@0.00 body!:3@0.10 a-CE:4@0.10"
                         " a-clean:6@0.30 group=GROUP[EPIPE]:8@0.30 0")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        AWAIT(party(&outer, 1, job_cleans(&self->job[0], "a", .5, .2), NULL, NULL,
                    job_fails(&self->job[1], "body", .1, EPIPE)));
    }
    return co_done(co);
}

STAGE(group_errors_in_cleanup, "body+:0@0.00 a+:1@0.00 b+:1@0.00 c+:1@0.00 b!:3@0.10"
                               " a-CE:5@0.10 c-CE:5@0.10 body-CE:5@0.10 c-clean:8@0.20"
                               " group=GROUP[EIO,EPIPE,EIO,EPIPE]:10@0.20 0")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        AWAIT(party(&outer, 3, job_answers(&self->job[0], "a", 1, 0, 0, EPIPE),
                    job_fails(&self->job[1], "b", .1, EIO),
                    job_answers(&self->job[2], "c", 1, 0, .1, EIO),
                    job_answers(&self->job[3], "body", 1, 0, 0, EPIPE)));
    }
    return co_done(co);
}

static struct async_sleep long_sleep;

/* The outer group's body: a group whose errors propagate. */
static co_status nested_body(struct coro *co)
{
    ASYNC (co) {
        co_init(&inner.suite, suite_body);
        AWAIT(async_task_group(&inner.group, &inner.suite));
    }
    return co_done(co);
}

static struct coro *nested(struct coro *a, struct coro *body)
{
    party(&inner, 1, a, NULL, NULL, body);
    return co_init(&inner.co, nested_body);
}

STAGE(group_nested, "out+:1@0.00 in+:1@0.00 out!:3@0.10 in-CE:6@0.10"
                    " group=GROUP[EIO,GROUP[EPIPE]]:8@0.10 0 after:9@0.10")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        AWAIT(party(&outer, 1, job_fails(&self->job[0], "out", .1, EIO), NULL, NULL,
                    nested(job_answers(&self->job[1], "in", 1, 0, 0, EPIPE),
                           async_sleep(&long_sleep, 5))));
        YIELD();
        mark("%s", "after");
    }
    return co_done(co);
}

STAGE(group_nested_both, "out+:1@0.00 in+:1@0.00 out!:3@0.10 in!:3@0.10"
                         " group=GROUP[EIO,GROUP[EPIPE]]:5@0.10 0 after:6@0.10")
{
    struct stage *self = co_self(co, struct stage);

    ASYNC (co) {
        AWAIT(party(&outer, 1, job_fails(&self->job[0], "out", .1, EIO), NULL, NULL,
                    nested(job_fails(&self->job[1], "in", .1, EPIPE), NULL)));
        YIELD();
        mark("%s", "after");
    }
    return co_done(co);
}

CHECK_MAIN({ "group: ends when its tasks do", group_plain },
           { "group: an error cancels the others and the body", group_error_in_body },
           { "group: an error after the body", group_error_after_body },
           { "group: an error of the body", group_body_raises },
           { "group: more errors while they clean up", group_errors_in_cleanup },
           { "group: a group inside a group", group_nested },
           { "group: both fail in one pass", group_nested_both })
