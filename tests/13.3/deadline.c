/*
 * deadline.c - checks of a timeout that meets other cancels, other errors, or a suite
 * that swallows the cancel; and of deadlines that are moved.
 */
#include "traced_timeout.h"

#define STAGE struct stage *self = co_self(co, struct stage)

/* ---- a cancel from elsewhere ---- */

static co_status counts_body(struct coro *co)
{
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, &t.co);
        note_count();
        return co_raise(co, err);
    }
    return co_done(co);
}

/* Cancel a task that is in a timeout of `delay` after `after` seconds. */
struct foreign {
    struct coro co;
    double delay, after, cleanup;
    const char *message;
    struct nap nap;
    struct coro counts;
    struct task task;
    struct async_sleep sleep;
};

static co_status foreign_body(struct coro *co)
{
    struct foreign *self = co_self(co, struct foreign);
    int err;

    ASYNC (co) {
        zero();
        limited_raises(&t, "t", self->delay,
                       nap_answers(&self->nap, "a", 100, self->cleanup, ECANCELED));
        loop_create_task(&loop, &self->task, co_init(&self->counts, counts_body));
        AWAIT(async_sleep(&self->sleep, self->after));
        task_cancel(&self->task, self->message);
        AWAIT_CATCH_ALL(err, &self->task);
        say("main", err);
        note(timeout_expired(&t.limit));
    }
    return co_done(co);
}

static struct coro *foreign(struct foreign *self, double delay, double after,
                            double cleanup, const char *message)
{
    self->delay = delay;
    self->after = after;
    self->cleanup = cleanup;
    self->message = message;
    return co_init(&self->co, foreign_body);
}

CASE(foreign_first, "a+:1 a-CE:4 a-fin:4 t=ECANCELED@1.00 1 main=ECANCELED(mine):5 False")
{
    static struct foreign frame;

    ASYNC (co) {
        AWAIT(foreign(&frame, 10, 1, 0, "mine"));
    }
    return co_done(co);
}

CASE(foreign_then_own, "a+:1 a-CE:4 a-fin:6 t=ECANCELED@2.00 1 main=ECANCELED:7 True")
{
    static struct foreign frame;

    ASYNC (co) {
        AWAIT(foreign(&frame, 2, 1, 5, NULL));
    }
    return co_done(co);
}

CASE(own_then_foreign, "a+:1 a-CE:3 a-fin:6 t=ECANCELED@2.00 1 main=ECANCELED:7 True")
{
    static struct foreign frame;

    ASYNC (co) {
        AWAIT(foreign(&frame, 1, 2, 5, NULL));
    }
    return co_done(co);
}

/* A request that was caught before the timeout was entered does not count for it. */
static co_status cancelled_before_body(struct coro *co)
{
    static struct async_sleep sleep;
    static struct nap frame;
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, async_sleep(&sleep, 10));
        EXPECT_INT(err, ECANCELED);
        note_count();
        AWAIT(limited(&t, "t", 1, nap(&frame, "a", 10)));
        note_count();
    }
    return co_done(co);
}

CASE(already_cancelling, "1 a+:2 a-CE:4 a-fin:4 t=ETIMEDOUT@1.00 1 False")
{
    STAGE;

    ASYNC (co) {
        start(self, 0, co_init(&self->any, cancelled_before_body));
        YIELD();
        task_cancel(&self->task[0], NULL);
        AWAIT(&self->task[0]);
        note(future_cancelled(&self->task[0].future));
    }
    return co_done(co);
}

/* ---- how the suite reacts ---- */

static co_status ends_body(struct coro *co)
{
    struct stage *self = container_of(co, struct stage, any);

    ASYNC (co) {
        return co_raise(co, self->i);
    }
    return co_done(co);
}

CASE(answers, "a+:0 a-CE:2 a-fin:2 t=0@1.00 True 0 a+:2 a-CE:4 a-fin:4 t=EIO@2.00 True 0"
              " t=EIO@2.00 False t=ECANCELED@2.00 False a+:4 a-CE:6 a-clean:8 a-fin:8"
              " t=ETIMEDOUT@6.00 True")
{
    STAGE;

    ASYNC (co) {
        for (self->i = 0; self->i <= EIO; self->i += EIO) { /* 0: swallows, EIO: fails */
            AWAIT(limited(&t, "t", 1, nap_answers(&self->nap[0], "a", 10, 0, self->i)));
            note(timeout_expired(&t.limit));
            note_count();
        }
        self->i = EIO;
        AWAIT(limited(&t, "t", 1, co_init(&self->any, ends_body)));
        note(timeout_expired(&t.limit));
        self->i = ECANCELED;
        AWAIT(limited(&t, "t", 1, co_init(&self->any, ends_body)));
        note(timeout_expired(&t.limit));
        AWAIT(limited(&t, "t", 1, nap_answers(&self->nap[0], "a", 10, 3, ECANCELED)));
        note(timeout_expired(&t.limit));
    }
    return co_done(co);
}

/* ---- a deadline that is moved: after 0.5 s, by `by` seconds from then ---- */

struct moves {
    struct coro co;
    double by, then;
    struct async_sleep sleep;
};

static co_status moves_body(struct coro *co)
{
    struct moves *self = co_self(co, struct moves);

    ASYNC (co) {
        AWAIT(async_sleep(&self->sleep, 0.5));
        EXPECT_INT(timeout_reschedule(&t.limit, loop_time(&loop) + self->by), 0);
        if (self->by == TIMEOUT_NONE) /* there is no timer left */
            EXPECT_INT(loop.timers.count, loop.timers.cancelled);
        AWAIT(async_sleep(&self->sleep, self->then));
        at("%s", "through");
    }
    return co_done(co);
}

static const double moves[][2] = { { TIMEOUT_NONE, 5 }, { 0.25, 5 }, { 5, 3 },
                                   { 5, 10 },           { -1, 5 },   { 0, 0 } };

CASE(reschedule,
     "through@5.50 t=0@5.50 False t=ETIMEDOUT@0.75 True through@3.50 t=0@3.50"
     " False t=ETIMEDOUT@5.50 True t=ETIMEDOUT@0.50 True t=ETIMEDOUT@0.50 True")
{
    STAGE;
    static struct moves frame;

    ASYNC (co) {
        for (self->i = 0; self->i < 6; self->i++) {
            loop.virtual_now = 0;
            frame.by = moves[self->i][0];
            frame.then = moves[self->i][1];
            AWAIT(limited(&t, "t", 1, co_init(&frame.co, moves_body)));
            note(timeout_expired(&t.limit));
            EXPECT_INT(timeout_reschedule(&t.limit, 1000), AIO_INVALID_STATE);
        }
    }
    return co_done(co);
}

static void move_to(double when)
{
    trace("%s", timeout_reschedule(&t.limit, when) == 0 ? "moved" : "refused");
}

static co_status tries_body(struct coro *co)
{
    static struct async_sleep sleep;

    ASYNC (co) {
        move_to(5);
        EXPECT_INT(timeout_reschedule(&t.limit, loop_time(&loop) + 1), 0);
        AWAIT(async_sleep(&sleep, 10));

    FINALLY:
        move_to(5); /* its deadline has come */
    }
    return co_done(co);
}

CASE(reschedule_refused, "refused moved refused t=ETIMEDOUT@1.00 refused")
{
    STAGE;

    ASYNC (co) {
        limited(&t, "t", 1, co_init(&self->any, tries_body));
        move_to(5); /* not entered yet */
        AWAIT(&t.co);
        move_to(5); /* it is over */
    }
    return co_done(co);
}

CHECK_MAIN({ "foreign_first", foreign_first }, { "foreign_then_own", foreign_then_own },
           { "own_then_foreign", own_then_foreign },
           { "already_cancelling", already_cancelling }, { "answers", answers },
           { "reschedule", reschedule }, { "reschedule_refused", reschedule_refused })
