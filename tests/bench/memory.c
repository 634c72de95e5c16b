/*
 * memory.c - the memory of a sleeping task. Next: threads.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench.h"
#include "sleep.h"

struct sleeper {      /* async def sleeper(): await sleep(10) */
    struct task task; /* first: the loop frees the block */
    struct coro co;
    struct async_sleep sleep;
};

static long asleep;

static co_status sleeper_body(struct coro *co)
{
    struct sleeper *self = co_self(co, struct sleeper);

    ASYNC (co) {
        AWAIT(async_sleep(&self->sleep, 10));
        if (--asleep == 0)
            loop_stop(&loop);
    }
    return co_done(co);
}

/* Resident bytes of this process, from Linux's /proc. Elsewhere 0, and the value of the
 * bench includes the whole process. */
static double resident_bytes(void)
{
    long all = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (f != NULL && fscanf(f, "%ld %ld", &all, &resident) != 2)
        resident = 0;
    if (f != NULL)
        fclose(f);
    return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

static double peak_bytes(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss * 1024;
}

static void mem(long n)
{
    double before = resident_bytes(), start = wall_seconds();

    for (asleep = 0; asleep < n; asleep++) {
        struct sleeper *s = malloc(sizeof *s);

        must(s == NULL ? ENOMEM : 0, "memory");
        loop_create_task(&loop, &s->task, co_init(&s->co, sleeper_body));
        task_detach(&s->task);
    }
    loop_run_forever(&loop);
    report_value("mem_bytes_per_task", n, wall_seconds() - start,
                 (peak_bytes() - before) / (double)n);
}

const struct bench memory_benches[] = {
    { "mem", mem },
    { NULL, NULL },
};
