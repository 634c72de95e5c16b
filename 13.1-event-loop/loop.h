/*
 * loop.h - the event loop: it waits until a descriptor is ready or a timer is due, then
 * runs the callbacks, each of them to its end.
 *
 * loop_init(), then schedule callbacks (loop_call_soon, loop_call_later,
 * loop_add_reader), then loop_run_forever(), then loop_close(). Next: future.h, coro.h,
 * task.h: all of them are built on loop_call_soon().
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

struct closer { /* something that has to end before the loop does (an executor) */
    struct link link;
    /* Returns a coroutine that runner_close() awaits before it closes the loop. The
     * member `shutdown` is NULL when there is nothing to await. */
    struct coro *(*shutdown)(struct closer *closer);
    void (*close)(struct closer *closer); /* called by loop_close(), newest first */
};

struct inbox {            /* section 13.4: the part that other threads may touch */
    struct link posted;   /* a chain of handles from other threads, the newest first */
    bool open;            /* posts are accepted */
    pthread_mutex_t lock; /* guards `posted` and `open` */
    struct closer closer; /* closes the pipe */
    int wake[2];          /* the wake-up pipe: read end, write end */
    atomic_bool filled;   /* `posted` holds handles that the loop has not taken yet */
    atomic_bool asleep;   /* the loop sleeps or is about to: a posting thread wakes it */
    atomic_bool woken;    /* a signal handler has written to the pipe or is about to */
    atomic_int writers;   /* threads that are about to write to the pipe */
    struct handle reader; /* reads the pipe, on the loop */
};

struct loop_hooks { /* the debug mode of section 13.4 */
    /* Called instead of h->fn(h). */
    void (*call)(struct loop *loop, struct handle *h);
    /* Called by loop_call_soon(), loop_call_at() and loop_call_later(). Returns 0, or the
     * error with which they refuse the calling thread. */
    int (*check)(const struct loop *loop);
};

struct exception_context {   /* the argument of an exception handler */
    const char *message;     /* one line, without a full stop */
    int error;               /* the error, or 0 */
    const struct task *task; /* the task concerned, or NULL */
};

struct loop {
    /* what runs next */
    struct link ready; /* handles in the order in which they run */
    struct timer_heap timers;
    /* how it waits */
    const struct selector *selector;
    void *selector_state;
    const struct clock *clock;
    double virtual_now;    /* the virtual clock's time, in seconds */
    int holds;             /* pieces of outside work that virtual time waits for */
    struct watch *watches; /* indexed by descriptor */
    int watch_room;        /* entries in `watches` */
    int watched;           /* callbacks in `watches`; 0: nothing to ask the selector */
    /* what it is doing */
    bool running, stopping, closed;
    bool handling;        /* an exception handler runs */
    unsigned long turns;  /* passes made so far */
    struct task *current; /* the task whose step runs, or NULL */
    /* its tasks */
    struct link tasks;   /* the tasks that are not done, in creation order */
    unsigned tasks_made; /* the newest task is named Task-<this> */
    /* set by later sections of the course; pointers may be NULL */
    struct link closers; /* struct closer, the oldest first */
    struct inbox inbox;
    void (*collect)(struct loop *loop);      /* 13.4: takes in the posted handles */
    void (*take_signals)(struct loop *loop); /* 13.4: schedules the signals' callbacks */
    const struct loop_hooks *hooks;          /* 13.4: debug mode; NULL: off */
    struct closer signal_closer;             /* 13.4: removes the signal handlers */
    struct executor *executor;               /* 13.5: the default executor */
    struct buffers *buffers;                 /* 13.6: buffers that no stream uses now */
    /* 13.3: called for each task that fails during runner_close(), or NULL */
    void (*on_task_failure)(const struct task *task, int error);
    void (*on_exception)(struct loop *loop, const struct exception_context *context);
};

/* asyncio.new_event_loop(): initializes `loop` as `policy` says, or, when `policy` is
 * NULL, as loop_policy_from_environment() does. The caller owns the struct, which must
 * not move, and ends it with loop_close(). Returns 0; EINVAL when the environment
 * names an unknown selector or clock; or the errno value with which the selector failed
 * to open. */
int loop_init(struct loop *loop, const struct loop_policy *policy);

/* loop.close(): releases everything the loop holds. Tasks that are still pending are
 * reported to the exception handler. Returns 0 (also when the loop is closed already);
 * AIO_LOOP_RUNNING while it runs. */
int loop_close(struct loop *loop);

/* loop.time(): returns monotonic seconds from an arbitrary start. */
double loop_time(struct loop *loop);

/* The functions from here to loop_run_until_future() belong to the loop's thread. Another
 * thread uses loop_call_soon_threadsafe() (section 13.4). */

/* loop.call_soon(): calls fn(h) in the next pass, after everything scheduled before. The
 * caller owns `h` and keeps it until it has run or was cancelled. Returns 0; EBUSY when
 * `h` is still scheduled; AIO_LOOP_CLOSED; or, in debug mode, AIO_WRONG_THREAD. */
int loop_call_soon(struct loop *loop, struct handle *h, void (*fn)(struct handle *));

/* loop.call_later(), loop.call_at(): call fn(&t->handle) after `delay` seconds, or at
 * loop time `when`. A negative delay is legal and means 0. Timers with equal deadlines
 * run in the order in which they were scheduled. Return 0; EBUSY when `t` is still
 * scheduled; AIO_LOOP_CLOSED; EINVAL for a NaN; ENOMEM; or, in debug mode,
 * AIO_WRONG_THREAD. */
int loop_call_later(struct loop *loop, struct timer *t, double delay,
                    void (*fn)(struct handle *));
int loop_call_at(struct loop *loop, struct timer *t, double when,
                 void (*fn)(struct handle *));

/* TimerHandle.cancel(): makes sure that the callback does not run. It does nothing when
 * the callback has run, was cancelled before, or was never scheduled. O(1). */
void timer_cancel(struct loop *loop, struct timer *t);

/* loop.add_reader(), loop.add_writer(): call fn(h) in each pass in which `fd` is readable
 * (writable), until the callback is removed. A second callback replaces the first. The
 * caller owns `h`. Return 0; EBADF; AIO_LOOP_CLOSED; or an error of selector->watch(). */
int loop_add_reader(struct loop *loop, int fd, struct handle *h,
                    void (*fn)(struct handle *));
int loop_add_writer(struct loop *loop, int fd, struct handle *h,
                    void (*fn)(struct handle *));

/* loop.remove_reader(), loop.remove_writer(): remove the callback. Call them before you
 * close the descriptor. Without a callback they do nothing. Return true when there was
 * a callback. */
bool loop_remove_reader(struct loop *loop, int fd);
bool loop_remove_writer(struct loop *loop, int fd);

/* loop.run_forever(): runs passes until loop_stop() is called. Returns 0;
 * AIO_LOOP_RUNNING when this loop runs already or another loop runs in this thread; or
 * AIO_LOOP_CLOSED. */
int loop_run_forever(struct loop *loop);

/* loop.stop(): makes the current pass the last one. Callbacks that are scheduled in
 * that pass wait for the next run. When called before a run, that run makes exactly
 * one pass and does not wait. */
void loop_stop(struct loop *loop);

/* loop.run_until_complete(future): runs the loop until `f` is done. Returns the future's
 * error (0: it has a result), or AIO_LOOP_STOPPED, AIO_LOOP_RUNNING, AIO_LOOP_CLOSED or
 * AIO_OTHER_LOOP. */
int loop_run_until_future(struct loop *loop, struct future *f);

/* Adds `change` (+1 or -1) to the number of holds. While it is above 0, virtual time
 * stands still: a thread or a child process works for the loop and will wake it. */
void loop_hold(struct loop *loop, int change);

/* Registers `closer`, which the caller owns, to be called when the loop ends. */
void loop_on_close(struct loop *loop, struct closer *closer);

/* loop.call_exception_handler(): calls loop->on_exception. When that is NULL, or when an
 * exception handler already runs, it prints to stderr instead. `task` may be NULL. */
void loop_call_exception_handler(struct loop *loop, const char *message, int error,
                                 const struct task *task);

/* Takes in the handles that other threads have posted. Call it before you append to the
 * ready queue, so that handles posted earlier run earlier. */
static inline void loop_collect(struct loop *loop)
{
    if (atomic_load_explicit(&loop->inbox.filled, memory_order_acquire))
        loop->collect(loop);
}

/* Announces that the loop is about to sleep: from here on, a posting thread wakes it.
 * Returns false when a thread has posted already; then the loop must not sleep. */
static inline bool loop_may_sleep(struct loop *loop)
{
    bool filled;

    atomic_store(&loop->inbox.asleep, true);
    filled = atomic_load(&loop->inbox.filled);
    if (filled)
        atomic_store(&loop->inbox.asleep, false);
    return !filled;
}

#endif
