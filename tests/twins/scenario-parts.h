/*
 * scenario-parts.h - the second part of scenario.h: the parts of scenarios, which are
 * jobs and their waiters.
 */
#ifndef SCENARIO_PARTS_H
#define SCENARIO_PARTS_H

/* ---- job ---- */

static inline co_status job_body(struct coro *co)
{
    struct chore *self = co_self(co, struct chore);
    int err;

    ASYNC (co) {
        mark("%s+", self->name);
        AWAIT_CATCH_ALL(err, async_sleep(&self->sleep, self->delay));
        if (err == ECANCELED) {
            mark("%s-CE", self->name);
            if (self->cleanup > 0) {
                AWAIT(async_sleep(&self->sleep, self->cleanup));
                mark("%s-clean", self->name);
            }
            return co_raise(co, self->answer);
        }
        mark("%s%s", self->name, self->error != 0 ? "!" : ".");
        return co_raise(co, self->error);
    }
    return co_done(co);
}

static inline struct coro *job_answers(int n, const char *name, double delay, int error,
                                       double cleanup, int answer)
{
    struct chore *self = &stage.job[n];

    self->name = name;
    self->delay = delay;
    self->error = error;
    self->cleanup = cleanup;
    self->answer = answer;
    return co_init(&self->co, job_body);
}

static inline struct coro *job(int n, const char *name, double delay)
{
    return job_answers(n, name, delay, 0, 0, ECANCELED);
}

static inline struct coro *job_fails(int n, const char *name, double delay, int error)
{
    return job_answers(n, name, delay, error, 0, ECANCELED);
}

/* ---- attempt ---- */

static inline co_status attempt_body(struct coro *co)
{
    struct attempt *self = co_self(co, struct attempt);

    ASYNC (co) {
        if (self->coro != NULL)
            AWAIT_CATCH_ALL(stage.err, self->coro);
        else
            AWAIT_CATCH_ALL(stage.err, self->future);
        told(self->name, stage.err);
    }
    return co_done(co);
}

static inline struct coro *attempt(int n, const char *name, struct coro *coro)
{
    stage.attempt[n].name = name;
    stage.attempt[n].coro = coro;
    return co_init(&stage.attempt[n].co, attempt_body);
}

static inline struct coro *attempt_future(int n, const char *name, struct future *f)
{
    attempt(n, name, NULL);
    stage.attempt[n].future = f;
    return &stage.attempt[n].co;
}

/* ---- tasks ---- */

static inline struct task *start(int n, struct coro *co)
{
    stage.item[n].future = async_ensure_future(&stage.task[n], co);
    return &stage.task[n];
}

/* "pending", "cancelled" or the error of the first n tasks. */
static inline void states(int n)
{
    char text[200] = "";

    for (int i = 0; i < n; i++) {
        struct future *f = stage.item[i].future;
        const char *word = !f->done              ? "pending"
                           : future_cancelled(f) ? "cancelled"
                                                 : name_of(future_error(f));

        sprintf(text + strlen(text), i > 0 ? " %s" : "%s", word);
    }
    mark("%s", text);
}

#endif
