/*
 * loop.h - the event loop: one wait for whatever is known to come next, then callbacks,
 * each run to its end.
 *
 * Next: future.h, coro.h, task.h, which are built on nothing but loop_call_soon().
 */
#ifndef LOOP_H
#define LOOP_H

#include <pthread.h>
#include <stdatomic.h>

#include "errors.h"
#include "handle.h"
#include "policy.h"
#include "timer.h"

struct future;
struct task;
struct coro;
struct executor;
struct buffers;

struct watch {                      /* one descriptor */
    struct handle *reader, *writer; /* called when it is readable, writable; or NULL */
};

struct closer { /* what has to end before the loop does (an executor) */
    struct link link;
    /* A coroutine that run() awaits before it closes the loop, or NULL. */
    struct coro *(*shutdown)(struct closer *closer);
    void (*close)(struct closer *closer); /* called by loop_close(), newest first */
};

struct inbox {            /* opened by 13.4: what other threads may touch */
    struct link posted;   /* a chain of handles from other threads, the newest first */
    bool open;            /* posts are taken */
    pthread_mutex_t lock; /* guards the two before */
    struct closer closer; /* closes the pipe */
    int wake[2];          /* the wake-up pipe: read end, write end */
    atomic_bool filled;   /* something was posted that the loop has not taken yet */
    atomic_bool asleep;   /* the loop sleeps, or soon will: who posts wakes it */
    atomic_bool woken;    /* a signal has written to the pipe, or soon will */
    atomic_int writers;   /* threads that are about to write to it */
    struct handle reader; /* reads it, on the loop */
};

struct loop_hooks { /* 13.4's debug mode */
    /* Called in place of h->fn(h). */
    void (*call)(struct loop *loop, struct handle *h);
    /* Asked by call_soon() and its kind: 0, or why this thread may not. */
    int (*check)(const struct loop *loop);
};

struct exception_context {   /* what an exception handler is told */
    const char *message;     /* one line, without a full stop */
    int error;               /* the error, or 0 */
    const struct task *task; /* the task it is about, or NULL */
};

struct loop {
    /* what runs next */
    struct link ready; /* handles in the order in which they run */
    struct timer_heap timers;
    /* how it waits */
    const struct selector *selector;
    void *selector_state;
    const struct clock *clock;
    double virtual_now;    /* the virtual clock's time */
    int holds;             /* outside work that virtual time waits for */
    struct watch *watches; /* indexed by descriptor */
    int watch_room;        /* entries in `watches` */
    int watched;           /* callbacks in `watches`; 0: a busy pass need not poll */
    /* what it is doing */
    bool running, stopping, closed;
    bool handling;        /* an exception handler runs */
    unsigned long turns;  /* passes made so far */
    struct task *current; /* the task whose step runs, or NULL */
    /* its tasks */
    struct link tasks;   /* those not done, in creation order */
    unsigned tasks_made; /* the last one was named Task-<this> */
    /* what the sections above hang in; pointers may be NULL */
    struct link closers; /* what has to end before the loop, the oldest first */
    struct inbox inbox;
    void (*collect)(struct loop *loop);      /* 13.4: take in what was posted */
    void (*take_signals)(struct loop *loop); /* 13.4: schedule signals that came */
    const struct loop_hooks *hooks;          /* 13.4: debug mode, NULL: off */
    struct closer signal_closer;             /* 13.4: gives them back */
    struct executor *executor;               /* 13.5: the default executor */
    struct buffers *buffers;                 /* 13.6: those that no stream uses now */
    /* 13.3: told of each task that fails while run() waits for the last ones; or NULL */
    void (*on_last_error)(const struct task *task, int error);
    void (*on_exception)(struct loop *loop, const struct exception_context *context);
};

/* asyncio.new_event_loop(): make `loop` ready for use, by `policy`, or by
 * loop_policy_from_environment() when that is NULL. The caller owns the struct, which
 * must not move, and ends it with loop_close(). 0; EINVAL when the environment names an
 * unknown selector or clock; else what the selector could not get. */
int loop_init(struct loop *loop, const struct loop_policy *policy);

/* loop.close(): let go of everything the loop holds. Tasks that are still pending are
 * reported to the exception handler. 0, also when closed before; AIO_LOOP_RUNNING. */
int loop_close(struct loop *loop);

/* loop.time(): seconds, monotonic, from an arbitrary start. */
double loop_time(struct loop *loop);

/* loop.call_soon(): `fn` is called with `h` in the next pass, after what was scheduled
 * before. `h` is the caller's and must stay until it ran or was cancelled. 0; EBUSY when
 * `h` is still scheduled; AIO_LOOP_CLOSED; in debug mode AIO_WRONG_THREAD. */
int loop_call_soon(struct loop *loop, struct handle *h, void (*fn)(struct handle *));

/* loop.call_later(), call_at(): the same when `delay` seconds have passed (negative is
 * legal: at once), or at loop time `when`. Equal deadlines keep their order. 0; EBUSY;
 * AIO_LOOP_CLOSED; EINVAL for a NaN; ENOMEM. */
int loop_call_later(struct loop *loop, struct timer *t, double delay,
                    void (*fn)(struct handle *));
int loop_call_at(struct loop *loop, struct timer *t, double when,
                 void (*fn)(struct handle *));

/* TimerHandle.cancel(): as handle_cancel(), for a timer that waits or is due. O(1). */
void timer_cancel(struct loop *loop, struct timer *t);

/* loop.add_reader(), add_writer(): `fn` is called with `h` in each pass in which `fd` is
 * readable (writable), until it is removed. A second one replaces the first. `h` is the
 * caller's. 0; EBADF; AIO_LOOP_CLOSED; or what the selector's watch says. */
int loop_add_reader(struct loop *loop, int fd, struct handle *h,
                    void (*fn)(struct handle *));
int loop_add_writer(struct loop *loop, int fd, struct handle *h,
                    void (*fn)(struct handle *));

/* loop.remove_reader(), remove_writer(): true when there was one. To be called before
 * the descriptor is closed; harmless after it. */
bool loop_remove_reader(struct loop *loop, int fd);
bool loop_remove_writer(struct loop *loop, int fd);

/* loop.run_forever(): run passes until loop_stop(). 0; AIO_LOOP_RUNNING when this or
 * another loop runs in this thread; AIO_LOOP_CLOSED. */
int loop_run_forever(struct loop *loop);

/* loop.stop(): the current pass is the last one; what it schedules waits for the next
 * run. Before a run: that run makes exactly one pass, without waiting. */
void loop_stop(struct loop *loop);

/* loop.run_until_complete(future): run until `f` (a future, or a task's) is done. Its
 * error (0: it has a result); or AIO_LOOP_STOPPED, AIO_LOOP_RUNNING, AIO_LOOP_CLOSED,
 * AIO_OTHER_LOOP. */
int loop_run_until_future(struct loop *loop, struct future *f);

/* Virtual time stands still while more +1 than -1 were given: somebody outside the loop
 * (a thread, a child process) works for it and will wake it. */
void loop_hold(struct loop *loop, int change);

/* Have `closer` (the caller's) called when the loop ends. */
void loop_on_close(struct loop *loop, struct closer *closer);

/* loop.call_exception_handler(): tell loop->on_exception, or stderr when that is NULL. */
void loop_call_exception_handler(struct loop *loop, const char *message, int error,
                                 const struct task *task);

/* For whoever appends to the ready queue: what other threads have posted comes before. */
static inline void loop_collect(struct loop *loop)
{
    if (atomic_load_explicit(&loop->inbox.filled, memory_order_acquire))
        loop->collect(loop);
}

/* Asked before the loop sleeps: false when another thread has posted. Else, from here on,
 * who posts wakes the loop. */
static inline bool loop_may_sleep(struct loop *loop)
{
    bool filled;

    atomic_store(&loop->inbox.asleep, true);
    filled = atomic_load(&loop->inbox.filled);
    if (filled)
        atomic_store(&loop->inbox.asleep, false);
    return !filled;
}

/* For selectors: `fd` is ready for `events`. */
void loop_fd_ready(struct loop *loop, int fd, int events);

#endif
