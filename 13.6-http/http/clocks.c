/*
 * clocks.c - one timer for all limits of an exchange. Read on_timer() first.
 *
 * The suite runs in an async_timeout() (section 13.3) without a deadline. When a limit is
 * exceeded, the deadline of the async_timeout() becomes the current time. So only
 * async_timeout() makes cancel requests and counts them. Next: exchange.h.
 */
#include "clocks.h"

#include <stdio.h>

static double earlier(double a, double b)
{
    return a < b ? a : b;
}

/* Returns the next time at which a limit can be exceeded. */
static double next_check(const struct http_clocks *self)
{
    const struct http_patience *l = &self->limits;
    double end = self->began + l->total;

    switch (self->phase) {
    case HTTP_PHASE_NAME:
        return earlier(end, self->since + l->name);
    case HTTP_PHASE_CONNECT:
        return earlier(end, self->since + l->connect);
    case HTTP_PHASE_HEAD:
        return earlier(end, self->since + l->head);
    case HTTP_PHASE_BODY:
        end = earlier(end, self->last + l->idle);
        return l->rate > 0 ? earlier(end, self->window + l->window) : end;
    default:
        return end;
    }
}

/* Returns true when a period is over and its rate was too low. When a period is over and
 * its rate was high enough, begins the next one. */
static bool is_slow(struct http_clocks *self, double now)
{
    const struct http_patience *l = &self->limits;
    double came = (double)(self->bytes - self->window_bytes);

    if (l->rate <= 0 || now < self->window + l->window)
        return false;
    if (came < l->rate * (now - self->window))
        return true;
    self->window = now;
    self->window_bytes = self->bytes;
    return false;
}

/* Returns the most specific limit that is exceeded. */
static enum http_clock exceeded(struct http_clocks *self, double now)
{
    const struct http_patience *l = &self->limits;
    enum http_phase phase = self->phase;

    if (phase == HTTP_PHASE_NAME && now >= self->since + l->name)
        return HTTP_NAME_CLOCK;
    if (phase == HTTP_PHASE_CONNECT && now >= self->since + l->connect)
        return HTTP_CONNECT_CLOCK;
    if (phase == HTTP_PHASE_HEAD && now >= self->since + l->head)
        return HTTP_HEAD_CLOCK;
    if (phase == HTTP_PHASE_BODY && now >= self->last + l->idle)
        return HTTP_IDLE_CLOCK;
    if (phase == HTTP_PHASE_BODY && is_slow(self, now))
        return HTTP_SLOW_CLOCK;
    return now >= self->began + l->total ? HTTP_TOTAL_CLOCK : HTTP_NO_CLOCK;
}

static void on_timer(struct handle *h);

/* Sets the timer, unless it fires early enough already; then its callback sets it again.
 * Returns 0 or the error of loop_call_at(). */
static int arm(struct http_clocks *self)
{
    double when = next_check(self);

    if (when == TIMEOUT_NONE || (self->timer.slot != 0 && self->timer.when <= when))
        return 0;
    timer_cancel(self->loop, &self->timer);
    return loop_call_at(self->loop, &self->timer, when, on_timer);
}

static void on_timer(struct handle *h)
{
    struct http_clocks *self = container_of(h, struct http_clocks, timer.handle);
    double now = loop_time(self->loop);

    if (now < self->timer.when) /* by less than the clock's resolution */
        now = self->timer.when;
    self->expired = exceeded(self, now);
    if (self->expired != HTTP_NO_CLOCK || arm(self) != 0)
        timeout_reschedule(&self->limit, now);
}

/* Adds the time of the current phase to `took`. Returns the current loop time. */
static double leave(struct http_clocks *self)
{
    double now = loop_time(self->loop);

    self->took[self->phase] += now - self->since;
    self->since = now;
    return now;
}

void http_clocks_enter(struct http_clocks *self, enum http_phase phase)
{
    double now = leave(self);

    self->phase = phase;
    self->last = self->window = now;
    self->window_bytes = self->bytes;
    if (arm(self) != 0) /* an exchange must not run without limits */
        timeout_reschedule(&self->limit, now);
}

static co_status http_clocks_body(struct coro *co)
{
    struct http_clocks *self = co_self(co, struct http_clocks);
    int err;

    ASYNC (co) {
        self->loop = get_running_loop();
        self->began = self->since = loop_time(self->loop);
        err = arm(self);
        if (err != 0)
            return co_raise(co, err);
        AWAIT(async_timeout(&self->limit, TIMEOUT_NONE, self->limit.suite));

    FINALLY:
        timer_cancel(self->loop, &self->timer);
        leave(self);
        if (co->error != ETIMEDOUT || !timeout_expired(&self->limit))
            self->expired = HTTP_NO_CLOCK;
    }
    return co_done(co);
}

struct coro *http_clocks(struct http_clocks *self, const struct http_patience *limits,
                         struct coro *suite)
{
    *self = (struct http_clocks){ .limits = *limits, .limit.suite = suite };
    timer_init(&self->timer);
    return co_init(&self->co, http_clocks_body);
}

/* ---- messages ---- */

const char *http_clock_name(enum http_clock clock)
{
    static const char *const names[HTTP_CLOCKS] = {
        "",     "name-timeout",  "connect-timeout", "head-timeout", "idle-timeout",
        "slow", "total-timeout",
    };

    return names[clock];
}

const char *http_clocks_reason(const struct http_clocks *self, char text[HTTP_CLOCK_TEXT])
{
    const struct http_patience *l = &self->limits;
    const struct {
        const char *what;
        double seconds;
    } broken[HTTP_CLOCKS] = {
        { "", 0 },
        { "the name was not found", l->name },
        { "no connection", l->connect },
        { "no complete head", l->head },
        { "nothing came", l->idle },
        { "", l->window },
        { "not complete", l->total },
    };
    enum http_clock clock = self->expired;

    text[0] = '\0';
    if (clock == HTTP_SLOW_CLOCK)
        snprintf(text, HTTP_CLOCK_TEXT, "slow: under %g bytes a second for %g s", l->rate,
                 l->window);
    else if (clock != HTTP_NO_CLOCK)
        snprintf(text, HTTP_CLOCK_TEXT, "%s: %s within %g s", http_clock_name(clock),
                 broken[clock].what, broken[clock].seconds);
    return text;
}
