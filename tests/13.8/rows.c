/*
 * rows.c - rows of behaviour and features that no scenario with a twin can show: output
 * on stderr, memory, virtual time. They use all sections up to 13.8.
 */
#include <unistd.h>

#include "run_in_executor.h"
#include "sock.h"
#include "virtual_run.h"

/* ---- an exception handler that fails itself ---- */

static void fails_too(struct loop *l, const struct exception_context *context)
{
    trace("told:%s", context->message);
    loop_call_exception_handler(l, "the handler", EIO, NULL);
}

/* The text written to stderr while `fn` runs. */
static void read_stderr(char *text, size_t size, void (*fn)(void))
{
    int ends[2], kept = dup(STDERR_FILENO);
    ssize_t n;

    EXPECT_INT(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    fn();
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(ends[1]);
    n = read(ends[0], text, size - 1);
    text[n > 0 ? n : 0] = '\0';
    close(ends[0]);
}

static void tell(void)
{
    loop_call_exception_handler(&loop, "the cause", EPIPE, NULL);
}

static co_status broken_handler_body(struct coro *co)
{
    static char text[500];

    ASYNC (co) {
        loop.on_exception = fails_too;
        read_stderr(text, sizeof text, tell);
        EXPECT_TRACE("told:the cause");
        EXPECT(strstr(text, "the handler") != NULL);
    }
    return co_done(co);
}

static void broken_handler(void)
{
    run(broken_handler_body);
}

/* ---- memory and time of many tasks ---- */

enum { SLEEPERS = 100000, PYTHON_BYTES = 1500 }; /* a sleeping task's, in CPython */

struct sleeper {
    struct task task;
    struct async_sleep sleep;
};

static co_status sleepers_body(struct coro *co)
{
    static struct sleeper *sleepers;
    size_t each;

    ASYNC (co) {
        sleepers = calloc(SLEEPERS, sizeof *sleepers);
        for (int i = 0; i < SLEEPERS; i++)
            loop_create_task(&loop, &sleepers[i].task,
                             async_sleep(&sleepers[i].sleep, i % 7));
        SLEEP(0);
        each = sizeof *sleepers + loop.timers.room * sizeof *loop.timers.slots / SLEEPERS;
        printf("# %zu bytes a sleeping task\n", each);
        EXPECT(each <= PYTHON_BYTES / 2);
        SLEEP(7);
        for (int i = 0; i < SLEEPERS; i++)
            EXPECT(future_done(&sleepers[i].task.future));
        free(sleepers);
    }
    return co_done(co);
}

static void many_sleepers(void)
{
    run(sleepers_body);
}

enum { PAGES = 100 };

static struct awaited items[PAGES];
static struct gather gather;

static co_status pages_body(struct coro *co)
{
    static struct sleeper pages[PAGES];
    static int i;

    ASYNC (co) {
        for (i = 0; i < PAGES; i++)
            SLEEP(.05);
        trace("%.2f", loop_time(&loop));
        for (i = 0; i < PAGES; i++)
            items[i].future =
                async_ensure_future(&pages[i].task, async_sleep(&pages[i].sleep, .05));
        AWAIT(async_gather(&gather, items, PAGES, 0));
        trace("%.2f", loop_time(&loop));
        EXPECT_TRACE("5.00 5.05");
    }
    return co_done(co);
}

static void pages(void)
{
    run(pages_body);
}

/* ---- three sources gathered: a thread's job, a timer, a socket ---- */

static struct trio {
    struct run_in_executor run;
    struct sock pair[2];
    struct sock_recv recv;
    struct task task[3];
    char byte;
    struct handle at[3];
    struct timer timer;
} trio;

static int job(void *answer)
{
    *(int *)answer = 42;
    return 0;
}

static void note(struct handle *h)
{
    static const char *const names[] = { "job", "sleep", "socket" };

    trace("%s@%.2f", names[h - trio.at], loop_time(&loop));
}

static void send_byte(struct handle *h)
{
    (void)h;
    EXPECT_INT(sock_send(&trio.pair[1], "x", 1), 1);
}

static void start_trio(int *answer)
{
    EXPECT_INT(sock_pair(trio.pair, &loop), 0);
    timer_init(&trio.timer);
    loop_call_later(&loop, &trio.timer, .2, send_byte);
    items[0].future = to_thread(&trio.run, job, answer, sizeof *answer);
    items[1].future = async_ensure_future(&trio.task[1], async_sleep(&nap, .1));
    items[2].future = async_ensure_future(
        &trio.task[2], sock_recv(&trio.recv, &trio.pair[0], &trio.byte, 1));
    for (int i = 0; i < 3; i++)
        future_add_done_callback(items[i].future, &trio.at[i], note);
}

static co_status three_sources_body(struct coro *co)
{
    static int answer;

    ASYNC (co) {
        start_trio(&answer);
        AWAIT(async_gather(&gather, items, 3, 0));
        EXPECT_TRACE("job@0.00 sleep@0.10 socket@0.20");
        EXPECT_INT(answer, 42);
        EXPECT_INT(trio.byte, 'x');
        sock_close(&trio.pair[0]);
        sock_close(&trio.pair[1]);
    }
    return co_done(co);
}

static void three_sources(void)
{
    run(three_sources_body);
}

CHECK_MAIN({ "an exception handler that goes wrong is not called again", broken_handler },
           { "100,000 sleeping tasks, half of Python's memory", many_sleepers },
           { "a hundred pages in turn and together", pages },
           { "a job, a sleep and a socket, gathered", three_sources })
