/*
 * scenario.h - the library of the scenarios of behaviour; scenario.py on asyncio.
 *
 * A row is a coroutine or, for the loop itself, a function. It prints its heading and
 * then marks: the pass of the loop counted from the row's first step, the virtual time, a
 * word. Rows run one after another, so they share one static struct.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cancel.h"
#include "gather.h"
#include "outcome.h"
#include "runner.h"
#include "sleep.h"
#include "timeout.h"

struct row {
    const char *heading;
    co_status (*body)(struct coro *co); /* a coroutine, or NULL and ... */
    void (*run)(void);                  /* ... a function */
};

struct say { /* a callback that makes a mark and then does something */
    struct timer timer;
    const char *word;
    void (*then)(void); /* or NULL */
};

struct chore { /* sleeps, and may fail, clean up, and react to a cancel in its own way */
    struct coro co;
    const char *name;
    double delay;
    int error;      /* the error that it ends with when it is not cancelled */
    double cleanup; /* how long it takes to end after a cancel */
    int answer;     /* the error that it ends with then: ECANCELED, 0 or another */
    struct async_sleep sleep;
};

struct attempt { /* awaits an object, as a task, and reports the outcome */
    struct coro co;
    const char *name;
    struct coro *coro;     /* what it awaits ... */
    struct future *future; /* ... or this */
};

enum { MANY = 8 };

static struct {
    struct loop loop;
    unsigned long first_turn;
    bool without_passes; /* marks of this row have no pass (see B50) */
    struct coro finale, body;
    struct async_sleep sleep, rest;
    struct chore job[MANY];
    struct attempt attempt[MANY];
    struct task task[MANY];
    struct awaited item[MANY]; /* their futures */
    struct say say[16];
    struct future f, g;
    int err;
} stage;

static inline struct loop *the_loop(void) /* stage.loop, or a runner's loop */
{
    struct loop *loop = get_event_loop();

    return loop != NULL ? loop : &stage.loop;
}

static inline void zero(void) /* passes count from this one */
{
    stage.first_turn = the_loop()->turns;
}

static inline void mark(const char *format, ...)
{
    struct loop *loop = the_loop();
    va_list args;

    if (stage.without_passes)
        printf("  - %.2f  ", loop_time(loop));
    else
        printf("%3lu %.2f  ", loop->turns - stage.first_turn, loop_time(loop));
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

/* A mark without its pass, for events of another thread or of the system. */
static inline void at(const char *format, ...)
{
    va_list args;

    printf("  - %.2f  ", loop_time(the_loop()));
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

static inline const char *truth(bool b)
{
    return b ? "True" : "False";
}

/* The word that both languages have for an outcome. */
static inline const char *name_of(int err)
{
    static const struct {
        int err;
        const char *name;
    } names[] = {
        { 0, "ok" },
        { ECANCELED, "CancelledError" },
        { ETIMEDOUT, "TimeoutError" },
        { EIO, "EIO" },
        { EPIPE, "EPIPE" },
        { ECONNREFUSED, "ECONNREFUSED" },
        { ESRCH, "ProcessLookupError" },
        { AIO_INVALID_STATE, "InvalidStateError" },
        { AIO_QUEUE_EMPTY, "QueueEmpty" },
        { AIO_QUEUE_FULL, "QueueFull" },
        { AIO_QUEUE_SHUTDOWN, "QueueShutDown" },
        { AIO_BROKEN_BARRIER, "BrokenBarrierError" },
        { AIO_INCOMPLETE_READ, "IncompleteReadError" },
        { AIO_LIMIT_OVERRUN, "LimitOverrunError" },
        { AIO_INTERRUPTED, "KeyboardInterrupt" },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].err == err)
            return names[i].name;
    return "refused";
}

static inline void told(const char *name, int err)
{
    const char *message = task_cancel_message(task_current());

    if (err == ECANCELED && message != NULL)
        mark("%s=%s(%s)", name, name_of(err), message);
    else
        mark("%s=%s", name, name_of(err));
}

/* Await x and report the outcome, a cancel too. */
#define ATTEMPT(name, x)                 \
    do {                                 \
        AWAIT_CATCH_ALL(stage.err, (x)); \
        told(name, stage.err);           \
    } while (0)

#define SLEEP(seconds) AWAIT(async_sleep(&stage.sleep, seconds))

/* ---- callbacks ---- */

static inline void say_it(struct handle *h)
{
    struct say *say = container_of(h, struct say, timer.handle);

    mark("%s", say->word);
    if (say->then != NULL)
        say->then();
}

static inline struct handle *say(int n, const char *word, void (*then)(void))
{
    timer_init(&stage.say[n].timer);
    stage.say[n].word = word;
    stage.say[n].then = then;
    return &stage.say[n].timer.handle;
}

static inline void soon(int n, const char *word, void (*then)(void))
{
    loop_call_soon(the_loop(), say(n, word, then), say_it);
}

static inline void later(int n, double delay, const char *word, void (*then)(void))
{
    say(n, word, then);
    loop_call_later(the_loop(), &stage.say[n].timer, delay, say_it);
}

#include "scenario-parts.h"

#include "scenario-main.h"

#endif
