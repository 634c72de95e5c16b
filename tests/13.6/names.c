/*
 * names.c - checks of resolve.h in virtual time: which answers are cached and how long,
 * that a name is looked up once however many tasks ask, cancels, bounds, and that a full
 * default pool does not matter. A function of the check replaces the system's resolver.
 * Prints TAP.
 */
#include <stdatomic.h>
#include <time.h>

#include "gate.h"
#include "stream_case.h"

enum { MANY = 20000, ASKERS = 5 };

static atomic_int lookups;
static atomic_bool hangs; /* a lookup does not return */

/* Any name but "nobody" has two addresses; the first one holds the number of the
 * lookup. */
static int look_up(struct host_addresses *a)
{
    struct timespec moment = { .tv_nsec = 1000000 };
    unsigned n = (unsigned)atomic_fetch_add(&lookups, 1) + 1;

    while (atomic_load(&hangs))
        nanosleep(&moment, NULL);
    if (strcmp(a->host, "nobody") == 0)
        return AIO_NAME;
    if (strcmp(a->host, "no-memory") == 0)
        return ENOMEM;
    a->count = 2;
    address_from_text(&a->address[0], "127.0.0.1", n);
    address_from_text(&a->address[1], "::1", a->port);
    return 0;
}

static struct asker {
    struct async_resolve resolve;
    struct host_addresses host;
    struct task task;
} askers[ASKERS];

static struct coro *ask(int i, const char *host, unsigned port)
{
    strcpy(askers[i].host.host, host);
    askers[i].host.port = port;
    return async_resolve(&askers[i].resolve, &askers[i].host);
}

static void start_asking(int i, const char *host)
{
    EXPECT_INT(loop_create_task(&loop, &askers[i].task, ask(i, host, 80)), 0);
}

/* The result for asker `i`: the number of the lookup, or the error. */
static void got(int i, int err)
{
    const struct host_addresses *a = &askers[i].host;

    if (err != 0)
        trace("%s", error_name(err));
    else
        trace("%d", a->count == 2 ? ntohs(a->address[0].in4.sin_port) : -1);
}

static void begin(struct names_settings settings)
{
    names_lookup = look_up;
    names_settings = settings;
    atomic_store(&lookups, 0);
    atomic_store(&hangs, false);
}

static const struct names_settings usual = NAMES_DEFAULT;

/* ---- the cache ---- */

CASE(kept)
{
    static const double pauses[] = { 0, 59.5, 0.5, 60 };
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        begin(usual);
        for (self->i = 0; self->i < 4; self->i++) {
            AWAIT(async_sleep(&self->sleep, pauses[self->i]));
            AWAIT_CATCH(err, ask(0, "one", 80));
            got(0, err);
        }
        EXPECT_TRACE("1 1 2 3"); /* valid for sixty seconds, and not at the sixtieth */
        self->n = loop.turns;
        AWAIT(ask(0, "one", 80));
        EXPECT_INT(loop.turns - self->n, 0); /* no pass, and no thread */
        AWAIT_CATCH(err, ask(0, "one", 81)); /* another port is another name */
        got(0, err);
        EXPECT_INT(ntohs(askers[0].host.address[1].in6.sin6_port), 81);
        EXPECT_TRACE("4");
        EXPECT_INT(names_kept(&loop), 2);
    }
    return co_done(co);
}

CASE(negative)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        begin(usual);
        for (self->i = 0; self->i < 2; self->i++) {
            AWAIT_CATCH(err, ask(0, "nobody", 80));
            got(0, err);
            AWAIT_CATCH(err, ask(0, "no-memory", 80));
            got(0, err);
        }
        EXPECT_INT(atomic_load(&lookups), 4); /* a retry looks it up again */
        EXPECT_INT(names_kept(&loop), 0);
        trace_reset();
    }
    return co_done(co);
}

CASE(negative_for_a_while)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        begin(usual);
        names_settings.negative_ttl = 5;
        for (self->i = 0; self->i < 3; self->i++) {
            AWAIT_CATCH(err, ask(0, "nobody", 80));
            EXPECT_INT(err, AIO_NAME);
            trace("%d", atomic_load(&lookups));
            AWAIT_CATCH(err, ask(0, "no-memory", 80)); /* an error is not cached */
            EXPECT_INT(err, ENOMEM);
            AWAIT(async_sleep(&self->sleep, 2.5));
        }
        EXPECT_TRACE("1 2 4"); /* two of these 4 asked for "no-memory" */
        EXPECT_INT(atomic_load(&lookups), 5);
    }
    return co_done(co);
}

CASE(least_recently_used)
{
    static const char *const hosts[] = { "a", "b", "c", "a", "d", "a", "c", "b", "d" };
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        begin(usual);
        names_settings.capacity = 3;
        for (self->i = 0; self->i < 9; self->i++) {
            AWAIT_CATCH(err, ask(0, hosts[self->i], 80));
            got(0, err);
            EXPECT(names_kept(&loop) <= 3);
        }
        EXPECT_TRACE("1 2 3 1 4 1 3 5 6"); /* d evicts b, b evicts d */
    }
    return co_done(co);
}

CASE(many)
{
    struct stage *self = co_self(co, struct stage);
    static char name[32];

    ASYNC (co) {
        begin(usual);
        names_settings.capacity = 1000;
        for (self->i = 0; self->i < MANY; self->i++) {
            snprintf(name, sizeof name, "host-%d.test", self->i);
            AWAIT(ask(0, name, 80));
            if (names_kept(&loop) > 1000)
                check_fail(__FILE__, __LINE__, "%d names kept", names_kept(&loop));
        }
        EXPECT_INT(atomic_load(&lookups), MANY);
        EXPECT_INT(names_kept(&loop), 1000);
        for (self->i = MANY - 1000; self->i < MANY; self->i++) { /* the latest are kept */
            snprintf(name, sizeof name, "host-%d.test", self->i);
            AWAIT(ask(0, name, 80));
        }
        EXPECT_INT(atomic_load(&lookups), MANY);
    }
    return co_done(co);
}

CASE(nothing_kept)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        begin(usual);
        names_settings.capacity = 0;
        for (self->i = 0; self->i < 3; self->i++) {
            AWAIT_CATCH(err, ask(0, "one", 80));
            got(0, err);
        }
        EXPECT_TRACE("1 2 3");
    }
    return co_done(co);
}

/* A forgotten name is looked up again; a lookup under way goes on. */
CASE(forgotten)
{
    int err;

    ASYNC (co) {
        begin(usual);
        resolve_forget(&loop, "one", 80); /* not cached: nothing happens */
        AWAIT(ask(0, "one", 80));
        AWAIT(ask(0, "one", 81));
        resolve_forget(&loop, "one", 80);
        EXPECT_INT(names_kept(&loop), 1); /* the other port's answer stays */
        AWAIT(ask(0, "one", 81));
        EXPECT_INT(atomic_load(&lookups), 2);
        AWAIT_CATCH(err, ask(0, "one", 80));
        got(0, err);
        EXPECT_TRACE("3");

        atomic_store(&hangs, true);
        start_asking(1, "two");
        while (atomic_load(&lookups) < 4)
            YIELD();
        resolve_forget(&loop, "two", 80);
        EXPECT_INT(names_kept(&loop), 3);
        atomic_store(&hangs, false);
        AWAIT_CATCH(err, &askers[1].task);
        got(1, err);
        AWAIT_CATCH(err, ask(0, "two", 80)); /* its answer was cached */
        got(0, err);
        EXPECT_TRACE("4 4");
    }
    return co_done(co);
}

/* ---- several askers ---- */

CASE(together)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        begin(usual);
        for (int i = 0; i < ASKERS; i++)
            start_asking(i, i < 4 ? "one" : "two");
        for (self->i = 0; self->i < ASKERS; self->i++) {
            AWAIT_CATCH(err, &askers[self->i].task);
            got(self->i, err);
        }
        EXPECT(strcmp(check_trace, "1 1 1 1 2") == 0 ||
               strcmp(check_trace, "2 2 2 2 1") == 0);
        trace_reset();
        EXPECT_INT(atomic_load(&lookups), 2);
    }
    return co_done(co);
}

/* One asker that gives up does not affect the others. After the last one gives up, the
 * lookup goes on, and the next asker shares it. */
CASE(some_give_up)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        begin(usual);
        atomic_store(&hangs, true);
        for (int i = 0; i < 3; i++)
            start_asking(i, "one");
        while (atomic_load(&lookups) < 1)
            YIELD();
        task_cancel(&askers[0].task, NULL);
        AWAIT_CATCH_ALL(err, &askers[0].task);
        got(0, err);
        EXPECT_INT(names_kept(&loop), 1);
        atomic_store(&hangs, false);
        for (self->i = 1; self->i < 3; self->i++) {
            AWAIT_CATCH_ALL(err, &askers[self->i].task);
            got(self->i, err);
        }
        EXPECT_TRACE("ECANCELED 1 1");

        atomic_store(&hangs, true);
        for (int i = 0; i < 3; i++)
            start_asking(i, "two");
        while (atomic_load(&lookups) < 2) /* a thread has begun */
            YIELD();
        for (self->i = 0; self->i < 3; self->i++) {
            task_cancel(&askers[self->i].task, NULL);
            AWAIT_CATCH_ALL(err, &askers[self->i].task);
            got(self->i, err);
        }
        EXPECT_TRACE("ECANCELED ECANCELED ECANCELED");
        EXPECT_INT(names_kept(&loop), 2);
        EXPECT_INT(loop.holds, 1);
        start_asking(0, "two");
        YIELD();
        atomic_store(&hangs, false);
        AWAIT_CATCH(err, &askers[0].task);
        got(0, err);
        EXPECT_TRACE("2");
        EXPECT_INT(loop.holds, 0);
    }
    return co_done(co);
}

/* ---- threads ---- */

static struct gate gate;

static int wait_at_gate(void *arg)
{
    (void)arg;
    gate_wait(&gate);
    return 0;
}

CASE(full_pool)
{
    static struct executor one;
    static struct run_in_executor busy;
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        begin(usual);
        EXPECT_INT(executor_init(&one, 1), 0);
        EXPECT_INT(loop_set_default_executor(&loop, &one), 0);
        gate_init(&gate, &loop, NULL);
        to_thread(&busy, wait_at_gate, NULL, 0);
        AWAIT_CATCH(err, async_timeout(&self->limit, 5, ask(0, "one", 80)));
        got(0, err);
        EXPECT_TRACE("1"); /* though no thread of the default pool is free */
        EXPECT_INT(future_done(&busy.future), 0);
        gate_open(&gate);
        AWAIT(&busy.future);
        executor_shutdown(&one, true, false);
    }
    return co_done(co);
}

/* The loop ends while a name server is silent: it does not wait, and nothing leaks. */
static void quiet(struct loop *l, const struct exception_context *context)
{
    (void)l;
    (void)context;
}

static void closed_meanwhile(void)
{
    int descriptors = count_open();

    begin(usual);
    atomic_store(&hangs, true);
    open_virtual_loop();
    loop.on_exception = quiet; /* a task is pending */
    start_asking(0, "one");
    loop_create_task(&loop, &stage.task[0], async_sleep(&stage.sleep, 0));
    EXPECT_INT(loop_run_until_complete(&loop, &stage.task[0]), 0);
    EXPECT_INT(names_kept(&loop), 1);
    EXPECT_INT(loop_close(&loop), 0);
    atomic_store(&hangs, false);
    EXPECT_INT(count_open(), descriptors);
}

CHECK_MAIN({ "kept for its time", kept }, { "a name without address", negative },
           { "a name without address, kept", negative_for_a_while },
           { "the least recently used goes", least_recently_used },
           { "twenty thousand names, a thousand kept", many },
           { "nothing is kept", nothing_kept },
           { "forgotten, cached or under way", forgotten },
           { "one lookup for all who ask", together },
           { "some give up, or all", some_give_up },
           { "a full default pool does not matter", full_pool },
           { "closed while a name server is silent", closed_meanwhile })
