/* groups.c - behaviour of task groups. groups.py on asyncio. */
#include "scenario.h"
#include "task_group.h"

struct party { /* a group of jobs around a body, and its outcome */
    struct coro co;
    const char *name;
    struct task_group group;
    struct coro suite;
    int count;
    struct coro *jobs[3];
    struct group_task task[3];
    struct coro *body; /* or NULL */
};

static struct party parties[2], *inner = &parties[1];

static co_status suite_body(struct coro *co)
{
    struct party *self = container_of(co, struct party, suite);

    ASYNC (co) {
        for (int i = 0; i < self->count; i++)
            task_group_create_task(&self->group, &self->task[i], self->jobs[i]);
        if (self->body != NULL)
            AWAIT(self->body);
    }
    return co_done(co);
}

/* "GROUP[EIO,GROUP[EPIPE]]": an AIO_GROUP among the errors stands for the inner group. */
static void print_errors(char *text, const struct party *self)
{
    const int *errors;
    int count = task_group_errors(&self->group, &errors);

    strcat(text, "GROUP[");
    for (int i = 0; i < count; i++) {
        strcat(text, i > 0 ? "," : "");
        if (errors[i] == AIO_GROUP)
            print_errors(text, inner);
        else
            strcat(text, name_of(errors[i]));
    }
    strcat(text, "]");
}

static void told_party(const char *name, int err, const struct party *self)
{
    char text[200] = "";

    if (err != AIO_GROUP) {
        told(name, err);
        return;
    }
    print_errors(text, self);
    mark("%s=%s", name, text);
}

static co_status party_body(struct coro *co)
{
    struct party *self = co_self(co, struct party);
    int err;

    ASYNC (co) {
        co_init(&self->suite, suite_body);
        AWAIT_CATCH_ALL(err, async_task_group(&self->group, &self->suite));
        if (err == 0) {
            mark("%s is through", self->name);
        } else {
            told_party(self->name, err, self);
            mark("cancelling: %d", task_cancelling(task_current()));
        }
        return co_raise(co, err);
    }
    return co_done(co);
}

static struct coro *party(int n, const char *name, int count, struct coro *a,
                          struct coro *b, struct coro *c, struct coro *body)
{
    struct party *self = &parties[n];

    self->name = name;
    self->count = count;
    self->jobs[0] = a;
    self->jobs[1] = b;
    self->jobs[2] = c;
    self->body = body;
    return co_init(&self->co, party_body);
}

#define ATTEMPT_PARTY(...)                                 \
    do {                                                   \
        AWAIT_CATCH_ALL(stage.err, party(0, __VA_ARGS__)); \
        told_party("group", stage.err, &parties[0]);       \
    } while (0)

static struct coro *job_cleans(int n, const char *name, double cleanup)
{
    return job_answers(n, name, 1, 0, cleanup, ECANCELED);
}

ROW(b53, "B53 group: an error cancels siblings and body, one GROUP error comes out")
{
    ASYNC (co) {
        ATTEMPT_PARTY("party", 2, job_fails(0, "a", .1, EIO), job_cleans(1, "b", .2),
                      NULL, job(2, "body", 1));
    }
    return co_done(co);
}

ROW(b54b, "B54b group: errors after the body has ended, the count is 0 again")
{
    ASYNC (co) {
        ATTEMPT_PARTY("party", 3, job_fails(0, "a", .1, EIO),
                      job_fails(1, "b", .1, EPIPE), job(2, "c", 1), NULL);
    }
    return co_done(co);
}

static co_status cancels_body(struct coro *co)
{
    static struct async_sleep sleep;

    ASYNC (co) {
        mark("cancelled");
        task_cancel(task_current(), NULL);
        AWAIT(async_sleep(&sleep, 1));
    }
    return co_done(co);
}

ROW(b53c, "B53c group: a child cancelled alone does not abort")
{
    static struct coro cancels;

    ASYNC (co) {
        ATTEMPT_PARTY("party", 2, co_init(&cancels, cancels_body), job(0, "a", .1), NULL,
                      NULL);
    }
    return co_done(co);
}

ROW(b53d,
    "B53d group: the parent is cancelled, the children are, CancelledError comes out")
{
    ASYNC (co) {
        start(0, party(0, "party", 1, job_cleans(0, "a", .1), NULL, NULL,
                       job(1, "body", 1)));
        SLEEP(.1);
        zero();
        task_cancel(&stage.task[0], NULL);
        ATTEMPT("awaiter", &stage.task[0]);
    }
    return co_done(co);
}

ROW(b53e, "B53e group: the body's own error")
{
    ASYNC (co) {
        ATTEMPT_PARTY("party", 1, job(0, "a", 1), NULL, NULL,
                      job_fails(1, "body", .1, EIO));
    }
    return co_done(co);
}

static struct group_task late;

static co_status adds_late_body(struct coro *co)
{
    static struct async_sleep sleep;

    ASYNC (co) {
        AWAIT(async_sleep(&sleep, 1));

    FINALLY:
        told("late", task_group_create_task(&parties[0].group, &late, job(1, "late", 1)));
    }
    return co_done(co);
}

static co_status quiet_party_body(struct coro *co)
{
    struct party *self = co_self(co, struct party);

    ASYNC (co) {
        AWAIT(async_task_group(&self->group, co_init(&self->suite, suite_body)));
    }
    return co_done(co);
}

ROW(b53f, "B53f group: no task is taken while it is shutting down")
{
    static struct coro adds_late;

    ASYNC (co) {
        party(0, "", 2, co_init(&adds_late, adds_late_body), job_fails(0, "a", .1, EIO),
              NULL, NULL);
        AWAIT_CATCH_ALL(stage.err, co_init(&parties[0].co, quiet_party_body));
        told_party("group", stage.err, &parties[0]);
    }
    return co_done(co);
}

ROW(b54, "B54 group: a group in a group, both fail")
{
    ASYNC (co) {
        party(1, "inner", 1, job_answers(0, "a", 1, 0, 0, EPIPE), NULL, NULL,
              job(1, "body", 1));
        ATTEMPT_PARTY("outer", 1, job_fails(2, "b", .1, EIO), NULL, NULL, &inner->co);
        mark("%d", task_cancelling(task_current()));
    }
    return co_done(co);
}

ROWS(&b53, &b54b, &b53c, &b53d, &b53e, &b53f, &b54)
