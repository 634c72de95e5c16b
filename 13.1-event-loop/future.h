/*
 * future.h - a box for an outcome, with the line of those who wait for it.
 *
 * Completing a future runs nobody's code: it moves the line to the end of the ready
 * queue, so whoever waits is a pass away. Sleep, a readable socket, a lock, a thread's
 * result, another task: all are futures. 13.7 reads them with care. Next: coro.h.
 */
#ifndef FUTURE_H
#define FUTURE_H

#include "loop.h"

struct future_kind {  /* what the kinds of future do differently */
    const char *what; /* what one who waits for it waits for: "sleep" */
    /* Future.cancel(): true when the request was taken. */
    bool (*cancel)(struct future *f, const char *message);
    bool ends_itself; /* set_result() and set_exception() are refused (a task) */
    bool passes_on;   /* its ECANCELED is a child's: it was not cancelled (gather) */
};

extern const struct future_kind future_plain; /* cancel ends it at once */

struct future {
    struct loop *loop;
    const struct future_kind *kind;
    struct link callbacks; /* done callbacks, in the order in which they were added */
    union {
        void *value;         /* done, error 0: the result; whose it is, its users say */
        const char *message; /* error ECANCELED: cancel's message, or NULL */
    };
    int error; /* done: 0, or the error; ECANCELED: it was cancelled */
    bool done;
    bool retrieved; /* somebody has read the outcome (13.7 reports those unread) */
};

/* loop.create_future(): make `f` a pending future of `loop`. Nothing to release. For
 * another kind than a plain one; `kind` is static. */
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

static inline void future_init(struct future *f, struct loop *loop)
{
    future_init_kind(f, loop, &future_plain);
}

static inline bool future_done(const struct future *f)
{
    return f->done;
}

/* Future.cancelled(). */
bool future_cancelled(const struct future *f);

/* Future.exception(), as a number: 0 a result, ECANCELED cancelled, else its error;
 * AIO_INVALID_STATE while pending. Counts as having read the outcome. */
int future_error(struct future *f);

/* Future.set_result(), set_exception(): complete it. 0; AIO_INVALID_STATE when done;
 * ENOTSUP for a task; EINVAL for the error 0. The callbacks run in the next pass. */
int future_set_result(struct future *f, void *value);
int future_set_exception(struct future *f, int error);

/* Future.cancel(): false when it is done, else it is asked to end with ECANCELED: a
 * plain one ends here, a task (13.3) or gather (13.7) some passes later. `message` may
 * be NULL and must outlive the future. */
bool future_cancel(struct future *f, const char *message);

/* Future.add_done_callback(): `fn` is called with `h` a pass after `f` is done. `h` is
 * the caller's. 0; EBUSY when `h` is scheduled. */
int future_add_done_callback(struct future *f, struct handle *h,
                             void (*fn)(struct handle *));

/* Future.remove_done_callback(): how many were removed, 0 or 1. */
int future_remove_done_callback(struct future *f, struct handle *h);

/* For a kind whose cancel ends it at once. */
bool future_end_cancelled(struct future *f, const char *message);

/* For those who build on it: complete `f`, which is pending, whatever its kind. */
void future_finish(struct future *f, int error, void *value);

#endif
