/*
 * future.h - a future: an outcome that is still to come, and the callbacks that wait for
 * it.
 *
 * Call future_init(), then AWAIT the future or add a done callback. Other code completes
 * the future with future_set_result(), which calls no callback: it appends the callbacks
 * to the ready queue, so they run in the next pass. Every wait uses a future, whether for
 * a sleep, a readable socket, a lock, a thread's result or a task. Section 13.7 explains
 * futures. Call all functions on the loop's thread only. Next: coro.h.
 */
#ifndef FUTURE_H
#define FUTURE_H

#include "loop.h"

struct future_kind {  /* what differs between the kinds of future */
    const char *what; /* its name in traces, such as "sleep" */
    /* Future.cancel() of a pending future. Returns true when it accepts the request. */
    bool (*cancel)(struct future *f, const char *message);
    bool ends_itself; /* set_result() and set_exception() are refused (a task) */
    bool passes_on;   /* future_cancelled() is false even after ECANCELED (gather) */
};

extern const struct future_kind future_plain; /* cancelling it completes it at once */

struct future {
    struct loop *loop;
    const struct future_kind *kind;
    struct link callbacks; /* done callbacks, in the order in which they were added */
    union {
        void *value;         /* when `error` is 0: the result, not owned by the future */
        const char *message; /* when `error` is ECANCELED: the cancel's message or NULL */
    };
    int error; /* done: 0, or the error; ECANCELED means cancelled */
    bool done;
    bool retrieved; /* the outcome was read (section 13.7 reports unread errors) */
};

/* Does what future_init() does, for any kind. `kind` must outlive the future. */
static inline void future_init_kind(struct future *f, struct loop *loop,
                                    const struct future_kind *kind)
{
    f->loop = loop;
    f->kind = kind;
    ring_init(&f->callbacks);
    f->value = NULL;
    f->error = 0;
    f->done = f->retrieved = false;
}

/* loop.create_future(): makes `f` a pending future of `loop`. It holds no resources, so
 * there is nothing to release. */
static inline void future_init(struct future *f, struct loop *loop)
{
    future_init_kind(f, loop, &future_plain);
}

/* Future.done(). */
static inline bool future_done(const struct future *f)
{
    return f->done;
}

/* Future.cancelled(): returns true when `f` ended with ECANCELED and is not a gather. */
bool future_cancelled(const struct future *f);

/* Future.exception(): returns 0 when there is a result, ECANCELED when `f` was cancelled,
 * its error otherwise, and AIO_INVALID_STATE while it is pending. Marks the outcome as
 * read. */
int future_error(struct future *f);

/* Future.set_result(), Future.set_exception(): complete the future. Its callbacks run in
 * the next pass. Return 0; AIO_INVALID_STATE when it is done already; ENOTSUP for a task;
 * EINVAL when `error` is 0. */
int future_set_result(struct future *f, void *value);
int future_set_exception(struct future *f, int error);

/* Future.cancel(): requests that `f` end with ECANCELED. A plain future ends inside this
 * call; a task (section 13.3) or a gather (section 13.7) ends some passes later. Returns
 * false when `f`, or every child of a gather, is done already. `message` may be NULL and
 * must outlive the future. */
bool future_cancel(struct future *f, const char *message);

/* Future.add_done_callback(): calls fn(h) one pass after `f` is done. The caller owns `h`
 * and keeps it until then. Returns 0; EBUSY when `h` is scheduled already; or an error of
 * loop_call_soon() when `f` is done already. */
int future_add_done_callback(struct future *f, struct handle *h,
                             void (*fn)(struct handle *));

/* Future.remove_done_callback(): returns the number of callbacks removed, 0 or 1. */
int future_remove_done_callback(struct future *f, struct handle *h);

/* A function for future_kind.cancel: completes `f` with ECANCELED at once. */
bool future_end_cancelled(struct future *f, const char *message);

/* Completes `f`, which must be pending. Meant for code that defines a kind of future. */
void future_finish(struct future *f, int error, void *value);

#endif
