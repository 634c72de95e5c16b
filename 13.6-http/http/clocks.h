/*
 * clocks.h - time limits for an exchange: one for each phase, one for the whole, and a
 * minimum rate for the body.
 *
 *     struct fetch { ... struct http_clocks clocks; struct coro once; };
 *
 *     AWAIT_CATCH(err, http_clocks(&self->clocks, &limits,
 *                                  co_init(&self->once, once_body)));
 *     if (self->clocks.expired != HTTP_NO_CLOCK)
 *         ... http_clocks_reason(&self->clocks, text) ...
 *
 * and in the body of `once`, which runs in the same task:
 *
 *     http_clocks_enter(&self->clocks, HTTP_PHASE_CONNECT);
 *     AWAIT(open_connection(...));
 *     http_clocks_enter(&self->clocks, HTTP_PHASE_HEAD);
 *     AWAIT(http_request(...));
 *     http_clocks_enter(&self->clocks, HTTP_PHASE_BODY);
 *     do {
 *         AWAIT(http_read(&self->read, &self->exchange));
 *         http_clocks_got(&self->clocks, self->read.bytes.n);
 *     } while (...);
 *
 * An exchange has one timer. A piece of the body does not move the timer; only the time
 * of its arrival is recorded. The timer's callback reads that record, and then sets the
 * timer to the next time at which a limit can be exceeded. So a fast exchange changes the
 * heap of timers only when it begins and ends. Call these functions on the loop's thread
 * only. Next: exchange.h.
 */
#ifndef CLOCKS_H
#define CLOCKS_H

#include <stdint.h>

#include "timeout.h"

struct http_patience { /* limits in seconds; TIMEOUT_NONE: no limit */
    double name;       /* of HTTP_PHASE_NAME */
    double connect;    /* of HTTP_PHASE_CONNECT */
    double head;       /* of HTTP_PHASE_HEAD */
    double idle;       /* between two pieces of the body */
    double total;      /* of the whole exchange, with its pauses */
    double window;     /* length of the periods in which the body's rate is measured */
    double rate;       /* bytes a second that each period must reach; 0: no minimum */
};

/* The default has no limit for the total; the caller chooses one. */
#define HTTP_PATIENCE_DEFAULT                                                     \
    {                                                                             \
        .name = 10, .connect = 10, .head = 30, .idle = 30, .total = TIMEOUT_NONE, \
        .window = 30, .rate = 100                                                 \
    }

enum http_phase {
    HTTP_PHASE_PAUSED,  /* initial; for waits in the program: only `total` applies */
    HTTP_PHASE_NAME,    /* the lookup of the name */
    HTTP_PHASE_CONNECT, /* connecting; and the lookup, if it has no phase of its own */
    HTTP_PHASE_HEAD,    /* from the request to the end of the response's head */
    HTTP_PHASE_BODY,
    HTTP_PHASES
};

enum http_clock { /* the limit that was exceeded */
                  HTTP_NO_CLOCK,
                  HTTP_NAME_CLOCK,
                  HTTP_CONNECT_CLOCK,
                  HTTP_HEAD_CLOCK,
                  HTTP_IDLE_CLOCK,
                  HTTP_SLOW_CLOCK,
                  HTTP_TOTAL_CLOCK,
                  HTTP_CLOCKS
};

struct http_clocks {
    struct coro co;
    struct async_timeout limit; /* cancels the suite when a limit is exceeded */
    struct http_patience limits;
    struct loop *loop;
    struct timer timer; /* set to, or before, the next time a limit can be exceeded */
    /* the state of the exchange; times are loop time */
    enum http_phase phase;
    double began, since;      /* start of the exchange; start of the current phase */
    double last;              /* the time of the latest piece of the body */
    double window;            /* the start of the current period of `rate` */
    uint64_t window_bytes;    /* the value of `bytes` at that time */
    uint64_t bytes;           /* bytes of the body so far */
    double took[HTTP_PHASES]; /* result: seconds in each phase, including the last */
    enum http_clock expired;  /* result: the limit that caused ETIMEDOUT */
};

/* Runs `suite` in the calling task under `limits`, which are copied. When a limit is
 * exceeded, the suite is cancelled as by asyncio.timeout(). When this cancel ends the
 * suite with ECANCELED, the coroutine raises ETIMEDOUT, and self->expired is the limit.
 * When several limits are exceeded at the same time, self->expired is the most specific
 * one: the limit of a phase, then the rate, then the total. A cancel by other code stays
 * ECANCELED. The coroutine also raises the errors of the suite, and ENOMEM. There are two
 * cases of ETIMEDOUT in which self->expired is HTTP_NO_CLOCK: the suite itself raised it
 * (from connect(), for instance), or the suite was cancelled because there was no memory
 * for the timer. The caller owns `self` and can use it again after the coroutine has
 * ended. */
struct coro *http_clocks(struct http_clocks *self, const struct http_patience *limits,
                         struct coro *suite);

/* Begins `phase` and restarts its limit. The suite calls it. The rate of a body is
 * measured in whole periods that begin with this call, so a body that becomes too slow is
 * detected after two periods at most. */
void http_clocks_enter(struct http_clocks *self, enum http_phase phase);

/* Records that `n` more bytes arrived. The suite calls it in HTTP_PHASE_BODY. It takes
 * constant time, because it does not set the timer. */
static inline void http_clocks_got(struct http_clocks *self, size_t n)
{
    self->bytes += n;
    self->last = loop_time(self->loop);
}

/* Returns the name of a limit, like "head-timeout", or "" for HTTP_NO_CLOCK. The string
 * is constant. */
const char *http_clock_name(enum http_clock clock);

/* Writes a line like "idle-timeout: nothing came within 30 s" to `text`, or "" when no
 * limit was exceeded. Returns `text`. */
enum { HTTP_CLOCK_TEXT = 96 };
const char *http_clocks_reason(const struct http_clocks *self,
                               char text[HTTP_CLOCK_TEXT]);

#endif
