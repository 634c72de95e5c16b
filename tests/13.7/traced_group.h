/*
 * traced_group.h - a task group for the checks: it adds jobs, awaits a body, and reports
 * the outcome.
 */
#ifndef TRACED_GROUP_H
#define TRACED_GROUP_H

#include "timed_jobs.h"

struct party { /* async with TaskGroup(): add tasks, await a body, report the outcome */
    struct coro co;
    struct task_group group;
    struct coro suite;
    int count;
    struct coro *job[3];
    struct group_task task[3];
    struct coro *body;          /* what the suite awaits, or NULL */
    const struct party *inside; /* the inner group; its errors replace an AIO_GROUP */
};

static co_status suite_body(struct coro *co)
{
    struct party *self = container_of(co, struct party, suite);

    ASYNC (co) {
        for (int i = 0; i < self->count; i++)
            EXPECT_INT(task_group_create_task(&self->group, &self->task[i], self->job[i]),
                       0);
        if (self->body != NULL)
            AWAIT(self->body);
    }
    return co_done(co);
}

static int print_errors(char *text, const struct party *self)
{
    const int *errors;
    int count = task_group_errors(&self->group, &errors), n = sprintf(text, "GROUP[");

    for (int i = 0; i < count; i++) {
        if (i > 0)
            n += sprintf(text + n, ",");
        if (errors[i] == AIO_GROUP)
            n += print_errors(text + n, self->inside);
        else
            n += sprintf(text + n, "%s", error_name(errors[i]));
    }
    return n + sprintf(text + n, "]");
}

static co_status party_body(struct coro *co)
{
    struct party *self = co_self(co, struct party);
    char text[200];
    int err;

    ASYNC (co) {
        co_init(&self->suite, suite_body);
        AWAIT_CATCH_ALL(err, async_task_group(&self->group, &self->suite));
        EXPECT(ring_empty(&self->group.tasks));
        if (err == AIO_GROUP) {
            print_errors(text, self);
            mark("group=%s", text);
        } else {
            told("group", err);
        }
        trace("%d", task_cancelling(task_current()));
    }
    return co_done(co);
}

static struct party outer, inner;

static struct coro *party(struct party *self, int count, struct coro *a, struct coro *b,
                          struct coro *c, struct coro *body)
{
    self->count = count;
    self->job[0] = a;
    self->job[1] = b;
    self->job[2] = c;
    self->body = body;
    self->inside = &inner;
    return co_init(&self->co, party_body);
}

#endif
