/*
 * main.c - the small benches: the cost of a callback, a timer, a task, a post.
 *
 * Usage: build/bench/bench NAME N; without a name it lists them. Prints `name n seconds
 * value` lines, which tests/bench/run compares with the peers'. Next: callbacks.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

struct loop loop;

static const struct bench *const groups[] = {
    callback_benches, task_benches, memory_benches, thread_benches, growth_benches,
    exchange_benches, NULL
};

static double seconds_of(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double wall_seconds(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

double cpu_seconds(void)
{
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

/* xorshift64, Marsaglia 2003: 13, 7, 17. */
double random_unit(void)
{
    static uint64_t x = 88172645463325252u;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return (double)(x >> 11) / 9007199254740992.0;
}

void report(const char *name, long n, double seconds)
{
    report_value(name, n, seconds, seconds * 1e9 / (double)n);
}

void report_value(const char *name, long n, double seconds, double value)
{
    printf("%s %ld %.6f %.2f\n", name, n, seconds, value);
    fflush(stdout);
}

void must(int err, const char *what)
{
    if (err == 0)
        return;
    fprintf(stderr, "bench: %s: %s\n", what, aio_strerror(err));
    exit(1);
}

void *touched(size_t bytes)
{
    void *block = malloc(bytes);

    must(block == NULL ? ENOMEM : 0, "memory");
    memset(block, 1, bytes);
    return block;
}

static const struct bench *find(const char *name)
{
    for (int g = 0; groups[g] != NULL; g++)
        for (const struct bench *b = groups[g]; b->name != NULL; b++)
            if (strcmp(b->name, name) == 0)
                return b;
    return NULL;
}

static int usage(void)
{
    fputs("usage: bench NAME N; the names:", stderr);
    for (int g = 0; groups[g] != NULL; g++)
        for (const struct bench *b = groups[g]; b->name != NULL; b++)
            fprintf(stderr, " %s", b->name);
    fputc('\n', stderr);
    return 2;
}

/* Benches leave sleeping tasks behind, which must not be reported. */
static void be_quiet(struct loop *self, const struct exception_context *context)
{
    (void)self;
    (void)context;
}

int main(int argc, char **argv)
{
    const struct bench *bench = argc == 3 ? find(argv[1]) : NULL;
    long n = argc == 3 ? strtol(argv[2], NULL, 10) : 0;

    if (bench == NULL || n < 1)
        return usage();
    must(loop_init(&loop, NULL), "loop");
    loop.on_exception = be_quiet;
    bench->run(n);
    must(loop_close(&loop), "loop_close");
    return 0;
}
