/*
 * clocks.h - how long a server may take: one clock for each phase of an exchange, one for
 * the whole, and the slowest pace at which a body may come.
 *
 *     struct fetch { ... struct http_clocks clocks; struct coro once; };
 *
 *     AWAIT_CATCH(err, http_clocks(&self->clocks, &limits,
 *                                  co_init(&self->once, once_body)));
 *     if (self->clocks.expired != HTTP_NO_CLOCK)
 *         ... http_clocks_reason(&self->clocks, text) ...
 *
 * and within `once`, which runs in the same task:
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
 * An exchange has one timer. What arrives only notes when it came; the timer looks at
 * that when it fires, and goes on to the next moment at which it may have something to
 * say. So an exchange that keeps its pace touches the heap when it begins and when it
 * ends. Next: clocks.c.
 */
#ifndef CLOCKS_H
#define CLOCKS_H

#include <stdint.h>

#include "timeout.h"

struct http_patience { /* seconds; TIMEOUT_NONE: no such limit */
    double name;       /* from entering HTTP_PHASE_NAME to leaving it */
    double connect;    /* likewise */
    double head;       /* from sending the request to the end of the head */
    double idle;       /* between two pieces of the body */
    double total;      /* for the whole, paused or not */
    double window;     /* in each such stretch of the body's time ... */
    double rate;       /* ... at least rate * window bytes come; 0: none need */
};

/* The total is for whoever uses it to choose. */
#define HTTP_PATIENCE_DEFAULT                                                     \
    {                                                                             \
        .name = 10, .connect = 10, .head = 30, .idle = 30, .total = TIMEOUT_NONE, \
        .window = 30, .rate = 100                                                 \
    }

enum http_phase {
    HTTP_PHASE_PAUSED, /* our own time: only the total counts. It begins so */
    HTTP_PHASE_NAME,
    HTTP_PHASE_CONNECT, /* the name too, for who does not tell them apart */
    HTTP_PHASE_HEAD,
    HTTP_PHASE_BODY,
    HTTP_PHASES
};

enum http_clock { /* which limit was broken */
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
    struct async_timeout limit; /* how it ends what it runs */
    struct http_patience limits;
    struct loop *loop;
    struct timer timer; /* fires no later than the first clock that can */
    /* where the exchange is, in loop time */
    enum http_phase phase;
    double began, since;      /* the whole; the present phase */
    double last;              /* the latest piece of the body */
    double window;            /* when the present stretch began ... */
    uint64_t window_bytes;    /* ... and how many bytes there were then */
    uint64_t bytes;           /* of the body so far */
    double took[HTTP_PHASES]; /* result: seconds in each phase, the last one included */
    enum http_clock expired;  /* result: with ETIMEDOUT, which clock it was */
};

/* Run `suite` in the calling task under `limits`, which are copied. When a clock runs
 * out the suite is cancelled as asyncio.timeout() does, and the ECANCELED that comes out
 * of it is raised as ETIMEDOUT; self->expired says which clock, HTTP_NO_CLOCK if the
 * ETIMEDOUT is the suite's own (a connect's). Of several at once the more special one is
 * named: a phase's, then the pace, then the total. Raises what the suite raises, and
 * ENOMEM. A cancel from elsewhere stays one. The frame may be used again when it has
 * ended. */
struct coro *http_clocks(struct http_clocks *self, const struct http_patience *limits,
                         struct coro *suite);

/* Within the suite: `phase` begins, its clock starts anew. A body's pace is measured in
 * whole windows from here on: a body that dries up is found after two of them at most. */
void http_clocks_enter(struct http_clocks *self, enum http_phase phase);

/* Within the suite, in HTTP_PHASE_BODY: `n` more bytes came. O(1): it reads the clock and
 * touches no timer. */
static inline void http_clocks_got(struct http_clocks *self, size_t n)
{
    self->bytes += n;
    self->last = loop_time(self->loop);
}

/* "head-timeout" and its like: a constant; "" for HTTP_NO_CLOCK. */
const char *http_clock_name(enum http_clock clock);

/* "idle-timeout: nothing came for 30 s": one line in `text`, "" when none expired. */
enum { HTTP_CLOCK_TEXT = 96 };
const char *http_clocks_reason(const struct http_clocks *self,
                               char text[HTTP_CLOCK_TEXT]);

#endif
