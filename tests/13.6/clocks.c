/*
 * clocks.c - checks of clocks.h in virtual time: which clock expires, and at which exact
 * time; that an exchange which keeps its pace touches the timers twice; cancels. The
 * suite is a script; at the end comes a real exchange with a peer that sends one byte at
 * a time. Prints TAP.
 */
#include "clocks.h"
#include "stream_case.h"

enum { NEVER = 1000000, GOT = 100 }; /* a step: a phase, or GOT + bytes */

struct step {
    double at; /* when, in loop time; the last one has NEVER or 0 */
    int what;
};

static struct script {
    struct coro co;
    const struct step *step;
    struct http_clocks clocks;
    struct http_patience limits;
    struct async_sleep sleep;
    struct async_timeout outer;
    bool raises; /* ends with ETIMEDOUT, as a connect may */
} script;

static co_status script_body(struct coro *co)
{
    struct script *self = co_self(co, struct script);

    ASYNC (co) {
        for (; self->step->at > 0 || self->step->what > 0; self->step++) {
            AWAIT(async_sleep(&self->sleep, self->step->at - loop_time(&loop)));
            if (self->step->what >= GOT)
                http_clocks_got(&self->clocks, (size_t)self->step->what - GOT);
            else
                http_clocks_enter(&self->clocks, (enum http_phase)self->step->what);
        }
        if (self->raises)
            return co_raise(co, ETIMEDOUT);
    }
    return co_done(co);
}

/* Run the steps; the outcome and its time go into the trace. */
static void play_with(struct http_patience limits, const struct step *steps)
{
    int descriptors = count_open();
    struct task task;
    char text[HTTP_CLOCK_TEXT];
    int err;

    open_virtual_loop();
    script.step = steps;
    script.limits = limits;
    loop_create_task(
        &loop, &task,
        http_clocks(&script.clocks, &script.limits, co_init(&script.co, script_body)));
    err = loop_run_until_complete(&loop, &task);
    trace("%s@%g %s", error_name(err), loop_time(&loop),
          http_clocks_reason(&script.clocks, text));
    EXPECT_INT(task.cancelling, 0);
    close_empty_loop(descriptors);
}

static const struct http_patience usual = HTTP_PATIENCE_DEFAULT;

static void play(const struct step *steps)
{
    play_with(usual, steps);
}

static void each_clock(void)
{
    play((struct step[]){ { 0, HTTP_PHASE_NAME }, { NEVER, 1 } });
    EXPECT_TRACE("ETIMEDOUT@10 name-timeout: the name was not found within 10 s");
    play((struct step[]){ { 3, HTTP_PHASE_CONNECT }, { NEVER, 1 } });
    EXPECT_TRACE("ETIMEDOUT@13 connect-timeout: no connection within 10 s");
    play((struct step[]){
        { 3, HTTP_PHASE_CONNECT }, { 12, HTTP_PHASE_HEAD }, { NEVER, 1 } });
    EXPECT_TRACE("ETIMEDOUT@42 head-timeout: no complete head within 30 s");
    play((struct step[]){ { 5, HTTP_PHASE_HEAD },
                          { 25, HTTP_PHASE_BODY },
                          { 26, GOT + 10000 },
                          { 55.5, GOT + 10000 },
                          { NEVER, 1 } });
    EXPECT_TRACE("ETIMEDOUT@85.5 idle-timeout: nothing came within 30 s");
    play((struct step[]){ { 5, HTTP_PHASE_BODY }, { 30, GOT + 2999 }, { NEVER, 1 } });
    EXPECT_TRACE("ETIMEDOUT@35 slow: under 100 bytes a second for 30 s");
    /* a body that stalls: the first window had many bytes */
    play((struct step[]){ { 5, HTTP_PHASE_BODY },
                          { 6, GOT + 1000000 },
                          { 33, GOT + 1 },
                          { 60, GOT + 1 },
                          { NEVER, 1 } });
    EXPECT_TRACE("ETIMEDOUT@65 slow: under 100 bytes a second for 30 s");
    /* no byte at all: both clocks expire at once, and the silence clock is reported */
    play((struct step[]){ { 5, HTTP_PHASE_BODY }, { NEVER, 1 } });
    EXPECT_TRACE("ETIMEDOUT@35 idle-timeout: nothing came within 30 s");
}

static void the_total(void)
{
    struct http_patience limits = usual;

    limits.total = 20;
    play_with(limits, (struct step[]){ { 4, HTTP_PHASE_HEAD }, { NEVER, 1 } });
    EXPECT_TRACE("ETIMEDOUT@20 total-timeout: not complete within 20 s");
    play_with(limits, (struct step[]){ { 4, HTTP_PHASE_BODY },
                                       { 8, GOT + 1000000 },
                                       { 19, GOT + 1000000 },
                                       { NEVER, 1 } });
    EXPECT_TRACE("ETIMEDOUT@20 total-timeout: not complete within 20 s");
    play_with(limits, (struct step[]){ { 4, HTTP_PHASE_PAUSED }, { NEVER, 1 } });
    EXPECT_TRACE("ETIMEDOUT@20 total-timeout: not complete within 20 s");
    limits.total = 14; /* the same time as the connect's: the phase is reported */
    play_with(limits, (struct step[]){ { 4, HTTP_PHASE_CONNECT }, { NEVER, 1 } });
    EXPECT_TRACE("ETIMEDOUT@14 connect-timeout: no connection within 10 s");
}

static void in_time(void)
{
    struct http_patience none = { .name = TIMEOUT_NONE,
                                  .connect = TIMEOUT_NONE,
                                  .head = TIMEOUT_NONE,
                                  .idle = TIMEOUT_NONE,
                                  .total = TIMEOUT_NONE };

    play((struct step[]){ { 1, HTTP_PHASE_NAME },
                          { 10.5, HTTP_PHASE_CONNECT },
                          { 20, HTTP_PHASE_HEAD },
                          { 49, HTTP_PHASE_BODY },
                          { 78, GOT + 3000 },
                          { 100, GOT + 3000 },
                          { 101, 0 },
                          { 5000, HTTP_PHASE_PAUSED },
                          { 0, 0 } });
    EXPECT_TRACE("0@5000 ");
    EXPECT(script.clocks.took[HTTP_PHASE_NAME] == 9.5);
    EXPECT(script.clocks.took[HTTP_PHASE_CONNECT] == 9.5);
    EXPECT(script.clocks.took[HTTP_PHASE_HEAD] == 29);
    EXPECT(script.clocks.took[HTTP_PHASE_BODY] == 52);
    EXPECT(script.clocks.took[HTTP_PHASE_PAUSED] == 1 + 4899);
    play_with(none, (struct step[]){ { 1, HTTP_PHASE_NAME },
                                     { 1e5, HTTP_PHASE_CONNECT },
                                     { 2e5, HTTP_PHASE_HEAD },
                                     { 3e5, HTTP_PHASE_BODY },
                                     { 4e5, GOT + 1 },
                                     { 0, 0 } });
    EXPECT_TRACE("0@400000 ");
}

/* A deadline before the timer's re-arms the timer. */
static void shorter(void)
{
    struct http_patience limits = usual;

    limits.head = 100;
    limits.idle = 2;
    play_with(limits, (struct step[]){ { 1, HTTP_PHASE_HEAD },
                                       { 4, HTTP_PHASE_BODY },
                                       { 5, GOT + 10 },
                                       { NEVER, 1 } });
    EXPECT_TRACE("ETIMEDOUT@7 idle-timeout: nothing came within 2 s");
}

static void not_ours(void)
{
    script.raises = true;
    play((struct step[]){ { 1, HTTP_PHASE_CONNECT }, { 0, 0 } });
    EXPECT_TRACE("ETIMEDOUT@1 ");
    script.raises = false;
}

/* ---- what it costs ---- */

static co_status busy_body(struct coro *co)
{
    struct script *self = co_self(co, struct script);
    uint32_t made;

    ASYNC (co) {
        http_clocks_enter(&self->clocks, HTTP_PHASE_CONNECT);
        made = loop.timers.made;
        EXPECT_INT(loop.timers.count, 1);
        http_clocks_enter(&self->clocks, HTTP_PHASE_HEAD);
        http_clocks_enter(&self->clocks, HTTP_PHASE_BODY);
        for (int i = 0; i < 100000; i++)
            http_clocks_got(&self->clocks, 1);
        EXPECT_INT(loop.timers.made - made, 0);
        EXPECT_INT(loop.timers.count, 1);
        EXPECT_INT(self->clocks.bytes, 100000);
    }
    return co_done(co);
}

static void one_timer(void)
{
    struct task task;
    int descriptors = count_open();

    open_virtual_loop();
    script.limits = usual;
    loop_create_task(
        &loop, &task,
        http_clocks(&script.clocks, &script.limits, co_init(&script.co, busy_body)));
    EXPECT_INT(loop_run_until_complete(&loop, &task), 0);
    EXPECT_INT(loop.timers.made, 1);
    close_empty_loop(descriptors);
}

/* ---- cancels ---- */

static void cancelled_from_elsewhere(void)
{
    static const struct step steps[] = { { 0, HTTP_PHASE_BODY }, { NEVER, 1 } };

    for (double at = 29; at <= 31; at++) {
        int descriptors = count_open();
        struct task task;
        int err;

        open_virtual_loop();
        script.step = steps;
        script.limits = usual;
        http_clocks(&script.clocks, &script.limits, co_init(&script.co, script_body));
        loop_create_task(&loop, &task,
                         async_timeout(&script.outer, at, &script.clocks.co));
        err = loop_run_until_complete(&loop, &task);
        trace("%s@%g %s outer=%d", error_name(err), loop_time(&loop),
              http_clock_name(script.clocks.expired), timeout_expired(&script.outer));
        EXPECT_INT(task.cancelling, 0);
        close_empty_loop(descriptors);
    }
    EXPECT_TRACE("ETIMEDOUT@29  outer=1 ETIMEDOUT@30  outer=1 "
                 "ETIMEDOUT@30 idle-timeout outer=0");
}

/* ---- a real exchange ---- */

static struct dripping {
    struct coro co;
    struct http_clocks clocks;
    const char *text;
    size_t head; /* bytes of the head */
    double pause;
    struct async_sleep sleep;
    struct coro once;
} dripping;

/* The server sends its head at once, then a byte every `pause`. */
static co_status drip_body(struct coro *co)
{
    struct dripping *self = co_self(co, struct dripping);

    ASYNC (co) {
        stream_write(&stage.far, self->text, self->head);
        for (self->text += self->head; *self->text != '\0'; self->text++) {
            AWAIT(async_sleep(&self->sleep, self->pause));
            stream_write(&stage.far, self->text, 1);
        }
    }
    return co_done(co);
}

static co_status once_body(struct coro *co)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    struct dripping *self = container_of(co, struct dripping, once);

    ASYNC (co) {
        http_clocks_enter(&self->clocks, HTTP_PHASE_HEAD);
        AWAIT(http_request(&stage.exchange, &stage.near, "GET", request,
                           sizeof request - 1));
        http_clocks_enter(&self->clocks, HTTP_PHASE_BODY);
        do {
            AWAIT(http_read(&stage.http, &stage.exchange));
            http_clocks_got(&self->clocks, stage.http.bytes.n);
        } while (!stage.http.last);
    }
    return co_done(co);
}

static const char drips[] = "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n"
                            "0123456789012345678901234567890123456789";

CASE(exchange)
{
    static const struct {
        size_t head;
        double pause;
        const char *want;
    } rows[] = {
        { sizeof drips - 1, 0, "0@0 " },
        { sizeof drips - 1 - 40, 0.25, "0@10 " },
        { sizeof drips - 1 - 40, 2, "ETIMEDOUT@30 slow" },
        { sizeof drips - 1 - 40, 31, "ETIMEDOUT@30 idle-timeout" },
        { 10, 2, "ETIMEDOUT@30 head-timeout" },
    };
    static double begun;
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        for (self->i = 0; self->i < 5; self->i++) {
            stream_close(&self->near);
            stream_close(&self->far);
            connect_ends();
            dripping.text = drips;
            dripping.head = rows[self->i].head;
            dripping.pause = rows[self->i].pause;
            begun = loop_time(&loop);
            start(0, co_init(&dripping.co, drip_body));
            AWAIT_CATCH(err, http_clocks(&dripping.clocks, &usual,
                                         co_init(&dripping.once, once_body)));
            trace("%s@%g %s", error_name(err), loop_time(&loop) - begun,
                  http_clock_name(dripping.clocks.expired));
            EXPECT_TRACE(rows[self->i].want);
            task_cancel(&self->task[0], NULL);
            AWAIT_CATCH_ALL(err, &self->task[0]);
        }
    }
    return co_done(co);
}

CHECK_MAIN({ "each clock, to the moment", each_clock },
           { "the total goes over all phases", the_total },
           { "what is in time, and no limits", in_time },
           { "an earlier end moves the timer", shorter },
           { "a timeout that is not the clocks'", not_ours },
           { "one timer, whatever comes", one_timer },
           { "a cancel from elsewhere stays one", cancelled_from_elsewhere },
           { "an exchange with a server that drips", exchange })
