/* processes.c - behaviour of child processes. processes.py on asyncio. */
#include <signal.h>

#include "async_wait.h"
#include "process.h"
#include "scenario.h"

static const struct process_options pipes = { .io = { PROCESS_PIPE, PROCESS_PIPE,
                                                      PROCESS_INHERIT } };
static struct process child;
static struct async_create_subprocess_exec create;
static struct process_communicate communicate;

static struct coro *spawn(char *const argv[])
{
    memset(&child, 0, sizeof child);
    return async_create_subprocess_exec(&create, &child, argv, &pipes);
}

struct waits {
    struct coro co;
    const char *name;
    struct event_wait wait;
};

static co_status waits_body(struct coro *co)
{
    struct waits *self = co_self(co, struct waits);

    ASYNC (co) {
        AWAIT(process_wait(&self->wait, &child));
        at("%s %d", self->name, child.returncode);
    }
    return co_done(co);
}

static void start_waits(int n, const char *name)
{
    static struct waits frames[3];

    frames[n].name = name;
    start(n, co_init(&frames[n].co, waits_body));
}

ROW(b86, "B86 child: one waiter is cancelled, the child lives, the others are told")
{
    static char *argv[] = { "cat", NULL };
    static struct async_wait wait;
    static struct event_wait again;

    ASYNC (co) {
        AWAIT(spawn(argv));
        start_waits(0, "a");
        start_waits(1, "b");
        start_waits(2, "c");
        YIELD();
        task_cancel(&stage.task[1], NULL);
        AWAIT_CATCH_ALL(stage.err, &stage.task[1]);
        at("b=%s", name_of(stage.err));
        at("running: %s", truth(child.running));
        process_kill(&child);
        AWAIT(async_wait(&wait, stage.item, 3, TIMEOUT_NONE, ALL_COMPLETED));
        at("kill: %s", name_of(process_kill(&child)));
        AWAIT(process_wait(&again, &child));
        at("wait again: %d", child.returncode);

    FINALLY:
        process_close(&child);
    }
    return co_done(co);
}

/* "a b c" for the lines that it printed. */
static const char *words(void)
{
    for (char *p = child.pipe[1].data; *p != '\0'; p++)
        if (*p == '\n')
            *p = p[1] == '\0' ? '\0' : ' ';
    return child.pipe[1].data;
}

ROW(b86b, "B86b child: communicate feeds it, reads it, waits for it")
{
    static char *argv[] = { "sort", NULL };
    static const char input[] = "pear\napple\nfig\n";

    ASYNC (co) {
        AWAIT(spawn(argv));
        AWAIT(process_communicate(&communicate, &child, input, sizeof input - 1));
        at("%d %s", child.returncode, words());

    FINALLY:
        process_close(&child);
    }
    return co_done(co);
}

ROW(b86c, "B86c child: input that it does not want is no error")
{
    static char *argv[] = { "true", NULL };
    static char input[1000000];

    ASYNC (co) {
        AWAIT(spawn(argv));
        memset(input, 'x', sizeof input);
        AWAIT(process_communicate(&communicate, &child, input, sizeof input));
        at("%d %zu", child.returncode, child.pipe[1].length);

    FINALLY:
        process_close(&child);
    }
    return co_done(co);
}

ROW(b86d, "B86d child: one that cannot be started")
{
    static char *argv[] = { "/no/such/program", NULL };

    ASYNC (co) {
        AWAIT_CATCH(stage.err, spawn(argv));
        at("%s", stage.err == ENOENT ? "no such program" : name_of(stage.err));

    FINALLY:
        process_close(&child);
    }
    return co_done(co);
}

ROWS(&b86, &b86b, &b86c, &b86d)
